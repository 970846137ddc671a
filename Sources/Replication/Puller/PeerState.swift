internal import Ledger
internal import Signing
public import Wire

/// What the puller knows of one peer.
struct PeerState: Sendable {
  enum Phase: Sendable, Hashable {
    /// Not connected; to be tried again from this time.
    case down(retryAt: Puller.Time)
    /// The greeting is under way.
    case greeting
    case open
    /// The operator paused it, in both directions.
    case paused
  }

  var phase: Phase = .down(retryAt: 0)
  var failures = 0
  var lastProblem: Problem?
  /// The number of each request under way.
  var pending: [PeerResource: UInt64] = [:]
  var cursor: String?
  /// Earlier cursors, for what was passed over lately.
  var trail = CursorTrail()
  /// When a poll was last sent, and when one was last answered.
  var polledAt: Puller.Time = 0
  var toldAt: Puller.Time?
  /// The last poll brought nothing that was new: the next one is not sent at once.
  var isFruitless = false
  /// The newest receipts that it has passed on.
  var receipts: [CoalitionID: ReceiptName] = [:]
  /// Whether everything is to be shown again, because something of ours could not be read yet.
  var wantsWhole = false
  /// It shows a head of ours that names a record which is not here.
  var ownIsUnread = false
  var frontierDue: Puller.Time = 0
  var lastHeard: Puller.Time?
  var shown: [CoalitionID: ShownHead] = [:]
  /// How far its rosters are, and what it knows of the next one.
  var rosters: PeerAnswer.Rosters?
  /// Newest records that it has named of coalitions that are no members here: somebody may be about to propose them.
  var named: [CoalitionID: RecordName] = [:]
  /// What it says over this link of its own records.
  var ownRecord: RecordName?
  /// When it last showed that it has no newer record than what is here.
  var recordsWholeAt: Puller.Time?
  /// When it may next be asked for rosters.
  var rostersDue: Puller.Time = 0
  /// The roster in force there when it was greeted.
  var greetedRoster: UInt32 = 0
  /// When it may next be asked for a hash key, by key epoch.
  var hashKeysDue: [UInt32: Puller.Time] = [:]
  /// The next part to ask for of what it knows.
  var deliberationPart = 0
  /// By which name it was asked for what it knows, and by which name all of that came.
  var deliberationAsked: ObjectHash?
  var deliberationTaken: ObjectHash?

  /// What its last comparison showed, so that the same again costs nothing.
  var frontier: [HeadReference] = []

  /// Goes back to what had been read by then; nil, or a head of the peer's own since, whose body would come again: to the
  /// beginning, where no bodies are told.
  mutating func rewind(to time: Puller.Time?, of peer: CoalitionID) {
    let mark = time.flatMap { trail.rewind(to: $0) }
    cursor = mark.flatMap { mark in (shown[peer]?.at ?? 0) <= mark.at ? mark.cursor : nil }
  }

  var isFetching: Bool { pending.keys.contains { $0.position != nil } }
}

/// Which receipt of its coalition: newest is the highest.
struct ReceiptName: Sendable, Comparable {
  let epoch: UInt32
  let number: UInt64

  static func < (left: ReceiptName, right: ReceiptName) -> Bool {
    (left.epoch, left.number) < (right.epoch, right.number)
  }
}

/// The newest head of a coalition that a peer has shown.
struct ShownHead: Sendable {
  let head: HeadReference
  /// When it came, counted over all peers.
  let arrival: UInt64
  let at: Puller.Time
  /// What the head says of its position; nil if only its name is known yet.
  let statements: UInt64?
}

/// What the puller knows of one coalition's position.
struct Track: Sendable {
  var applied: HeadReference?
  var isApplying = false
  /// The peer that a page of deltas was asked of.
  var fetchingFrom: CoalitionID?
  /// Peers that could not serve what comes next, until the given time.
  var avoid: [CoalitionID: Puller.Time] = [:]
  var heldUntil: Puller.Time?
  /// A peer no longer keeps the deltas that come next.
  var deltasAreGone = false
  /// Deltas do not lead on from here: a copy of the whole position is to be taken.
  var wantsCopy = false
  /// What the copy under way asks for next.
  var copy: SnapshotNeed?
  var holds = 0
  /// Two histories are proven: nothing of this epoch from this index on is fetched.
  var fork: ProvenFork?
  /// A peer shows a history that ours does not lead to, and is asked for it.
  var inquiry: ForkInquiry?
  /// How often the next bytes were not what their names say, since a head was applied.
  var badBytes = 0
  /// Peers that had nothing of what the copy under way asks for next.
  var dry: Set<CoalitionID> = []
  /// Heads that were copied and have no effect any more: whoever stands at one of them has nothing to give.
  var ended: Set<HeadReference> = []
  var awaitsRecordUntil: Puller.Time?
  /// Its heads name a roster that is not here, and it was asked for before.
  var awaitsRoster = false
}

/// From where on two histories of an epoch are proven.
public struct ProvenFork: Sendable, Hashable {
  public let epoch: UInt32
  public let index: UInt64

  public init(epoch: UInt32, index: UInt64) {
    self.epoch = epoch
    self.index = index
  }

  func covers(_ head: HeadReference) -> Bool {
    !planted(.forkedHeadsApplied) && head.epoch == epoch && head.index >= index
  }
}

/// How a peer stands, for `status`.
public struct PeerLink: Sendable, Hashable, Codable {
  public enum State: String, Sendable, Hashable, Codable { case open, connecting, down, paused }

  public let peer: CoalitionID
  public let state: State
  public let problem: Problem?
  /// When it last answered, on the puller's clock.
  public let heardAt: UInt64?

  /// The same with the time on another clock.
  public func heard(on clock: (UInt64) -> UInt64) -> PeerLink {
    PeerLink(peer: peer, state: state, problem: problem, heardAt: heardAt.map(clock))
  }
}

extension Puller {
  /// All peers in a fixed order.
  public var links: [PeerLink] {
    others.compactMap { peer in
      peers[peer].map { state in
        let shownState: PeerLink.State =
          switch state.phase {
          case .open: .open
          case .greeting: state.failures == 0 ? .connecting : .down
          case .down: state.failures == 0 ? .connecting : .down
          case .paused: .paused
          }
        return PeerLink(peer: peer, state: shownState, problem: state.lastProblem, heardAt: state.lastHeard)
      }
    }
  }

  /// Coalitions of which this peer has shown a head that is not applied here, with the number of statements that the
  /// head names, if that is known yet.
  public func lacking(of peer: CoalitionID) -> [(coalition: CoalitionID, statements: UInt64?)] {
    others.compactMap { coalition in
      guard let shown = peers[peer]?.shown[coalition], shown.head.isAfter(tracks[coalition]?.applied) else {
        return nil
      }
      return (coalition, shown.statements)
    }
  }
}
