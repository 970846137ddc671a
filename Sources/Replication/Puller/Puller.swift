public import Alliance
public import Ledger
public import Signing
public import Wire

/// Pulls what is missing from every peer: a state machine. Events in, effects out; whoever owns it carries the effects
/// out and reports back. It has no clock, task, socket, store or random source, and no dictionary order in its output, so
/// that one seed is one run.
///
/// - `Puller+Links.swift`: greeting, polling and dropping a peer
/// - `Puller+Fetch.swift`: which coalition's heads to fetch from whom
/// - `Puller+Copy.swift`: copies of whole positions
/// - `Puller+Records.swift`: member records
/// - `Puller+Rosters.swift`: rosters, and what is said about the next one
/// - `Puller+Forks.swift`: what is done about two histories
public struct Puller: Sendable {
  /// Milliseconds on any clock that never goes back.
  public typealias Time = UInt64

  /// A request under way: an answer that comes after its link was dropped, or a second time, is known for what it is.
  public struct Ticket: Sendable, Hashable {
    public let peer: CoalitionID
    public let resource: PeerResource
    let number: UInt64
  }

  public enum Event: Sendable {
    case tick
    case answered(Ticket, PeerAnswer)
    /// The link failed: unreachable, refused, timed out, or bytes that cannot be read.
    case linkFailed(Ticket, Problem)
    /// The peer answered with a problem for this resource; the link is good.
    case resourceFailed(Ticket, Problem)
    /// Heads of a coalition are applied and durable, our own included.
    case applied(HeadReference)
    /// What stopped an `apply`, after the heads that `applied` has told of.
    case stopped(CoalitionID, Fault, at: HeadReference?, from: CoalitionID)
    /// An `apply` is over, whatever came of it.
    case applyEnded(CoalitionID)
    /// What came of a `stage`.
    case staged(CoalitionID, Snapshot.Outcome, from: CoalitionID)
    case recordsStored(CoalitionID, newest: RecordName)
    /// Later records of the coalition than those that are here are not taken now.
    case recordsHeld(CoalitionID)
    /// More is known of the next roster: its name, and the records that are known of who is proposed, 0 for none.
    case rostersChanged(deliberation: ObjectHash?, records: [CoalitionID: RecordName])
    /// A roster that a peer sent is not in force by the rosters that are here.
    case rosterRefused(CoalitionID, Problem)
    /// Fetch our own position from peers, to lie beside ours; or no longer.
    case recoverOwn(Bool)
    /// It is proven that the coalition signed two histories in an epoch: nothing from this index on is applied.
    case forkProven(CoalitionID, epoch: UInt32, index: UInt64)
    /// What came of `judgeFork`, if that was no proof: the inquiry is over.
    case forkJudged(CoalitionID)
    /// A full disk or the like kept proofs from being kept: they are to be shown again.
    case proofsNotKept
    /// A proof against the coalition cannot be judged before a later record of it is here.
    case proofUnread(CoalitionID)
    case hashKeyStored(UInt32)
    /// The operator lets go on what was held.
    case released(CoalitionID)
    case paused(CoalitionID)
    case resumed(CoalitionID)
    /// A peer that cannot be dialled has called: it can be asked now.
    case called(CoalitionID)
  }

  public enum Effect: Sendable {
    case request(Ticket)
    case apply(CoalitionID, [StoredEntry], from: CoalitionID)
    /// Take an answer into the copy of a whole position.
    case stage(CoalitionID, Snapshot.Input, from: CoalitionID)
    case storeReceipts([Receipt])
    case storeRecords(CoalitionID, [MemberRecord])
    /// The roster after ours, not verified yet.
    case storeRoster(RosterBundle, from: CoalitionID)
    /// Bytes of a deliberation about the roster after ours, or of a part of one.
    case storeDeliberation([UInt8], from: CoalitionID)
    /// The newest head of ours that the peer holds, not verified yet: for the sign gate.
    case ownHeadShown(by: CoalitionID, Head?)
    /// Keep the proofs that hold, and pass them on.
    case storeProofs([ForkProof])
    /// Compare our history of a coalition's epoch with that of a peer, which shows a head that ours does not lead to.
    case judgeFork(CoalitionID, theirs: Head, history: [ObjectHash])
    /// A hash key that this node lacks, sealed to it.
    case storeHashKey(SealedHashKey)
    /// The peer meets these instances of our own node at the same time.
    case instancesMet(by: CoalitionID, [[UInt8]])
    /// Keep the coalition at its last good head and say why.
    case hold(CoalitionID, Problem)
    /// Close the connections to this peer.
    case disconnect(CoalitionID)
  }

  /// Times in milliseconds.
  public struct Settings: Sendable {
    public var firstRetry: Time = 250
    public var longestRetry: Time = 30_000
    public var frontierEvery: Time = 60_000
    public var pollSeconds = Limits.longPollSeconds
    /// From a poll that was answered at once with nothing new to the next one.
    public var pollPause: Time = 1_000
    public var firstHold: Time = 10_000
    public var longestHold: Time = 600_000
    /// What failed here, such as for a full disk, is tried again after so long at the latest.
    public var longestLocalPause: Time = 120_000
    /// How long a head that others tell of waits for its own coalition to tell, body included.
    public var relayPause: Time = 1_000
    /// How long a peer is passed over that has not got a hash key.
    public var hashKeyPause: Time = 5_000
    /// Between two questions to a peer about rosters.
    public var rosterPause: Time = 1_000
    /// After so many answers that are not what they are named, the whole position is copied.
    public var mostBadBytes = 3
    /// Of one coalition, heads without effect that are remembered.
    var mostEnded: Int { 16 }
    /// How old what an answered poll tells may be at most: a poll is given up ten seconds after its time, and twenty more are to
    /// spare.
    var longestAnswer: Time { Time(pollSeconds + 30) * 1_000 }

    public init() {}
  }

  let alliance: ObjectHash
  let ours: CoalitionID
  let settings: Settings
  var random: SplitMix64
  var peers: [CoalitionID: PeerState]
  var tracks: [CoalitionID: Track]
  var arrivals: UInt64 = 0
  var requests: UInt64 = 0
  /// When everyone is to show everything again, because something that was shown could not be kept.
  var asksAnewAt: Time?
  /// Of these a proof was shown that could not be judged yet.
  var unreadProofs: Set<CoalitionID> = []
  /// Members in a fixed order, ours left out.
  let others: [CoalitionID]
  /// Coalitions of which a peer may have shown a head that is not applied here: all that fetching looks at.
  var lagging: Set<CoalitionID> = []
  /// Members that we do not hear ourselves, sorted: others are asked for their receipts.
  var silent: [CoalitionID] = []
  /// When a link is next to be looked at, and when a fetch: before that, a tick does nothing.
  var linksDue: Time = 0
  /// The same of each link, in the order of `others`: what is not due is not looked at.
  var linkDues: [Time]
  var fetchesDue: Time = .max

  /// - Parameters:
  ///   - frontier: what is applied at start.
  ///   - records: the newest member records known at start, 0 of who has none here; 1 of every other member.
  ///   - forks: what is proven at start of coalitions' newest epochs.
  ///   - roster: number of the one in force.
  ///   - deliberation: the name of what is known of the next one.
  ///   - missingHashKeys: key epochs that this node has no key of.
  ///   - seed: spreads the retries of many nodes; no secret.
  public init(
    alliance: ObjectHash, ours: CoalitionID, members: [CoalitionID], frontier: [HeadReference],
    paused: Set<CoalitionID>, records: [CoalitionID: RecordName] = [:],
    forks: [CoalitionID: ProvenFork] = [:], missingHashKeys: Set<UInt32> = [], roster: UInt32 = 1,
    deliberation: ObjectHash? = nil,
    settings: Settings = Settings(), seed: UInt64
  ) {
    self.alliance = alliance
    self.ours = ours
    self.settings = settings
    random = SplitMix64(seed: seed)
    others = members.filter { $0 != ours }.sorted()
    linkDues = Array(repeating: 0, count: others.count)
    peers = [:]
    tracks = [:]
    for peer in others {
      peers[peer] = PeerState()
      if paused.contains(peer) { peers[peer]?.phase = .paused }
      tracks[peer] = Track()
    }
    for head in frontier where tracks[head.coalition] != nil { tracks[head.coalition]?.applied = head }
    for (coalition, fork) in forks { tracks[coalition]?.fork = fork }
    self.missingHashKeys = missingHashKeys
    self.records = Dictionary(members.map { ($0, RecordName(number: 1)) }) { first, _ in first }.merging(records) { $1 }
    self.roster = roster
    self.deliberation = deliberation
    ownHead = frontier.first { $0.coalition == ours }
  }

  var ownHead: HeadReference?
  let roster: UInt32
  var deliberation: ObjectHash?
  /// Key epochs of which a peer is asked for our copy.
  var missingHashKeys: Set<UInt32>
  var records: [CoalitionID: RecordName]
  /// Of these no later records are asked for, until somebody has looked.
  var heldRecords: Set<CoalitionID> = []
  var members: [CoalitionID] { others + [ours] }
  /// Coalitions whose positions are fetched, in a fixed order: ours only to lie beside our own.
  var pulled: [CoalitionID] { tracks[ours] == nil ? others : others + [ours] }

  /// The time before which a `tick` changes nothing.
  public var nextDue: Time { min(linksDue, fetchesDue) }

  /// Takes one event and says what is to be done.
  public mutating func handle(_ event: Event, at now: Time) -> [Effect] {
    var effects: [Effect] = []
    var changed: CoalitionID?
    switch event {
    case .tick: break
    case .answered(let ticket, let answer):
      guard isCurrent(ticket) else { return [] }
      changed = ticket.peer
      finish(ticket, at: now)
      take(answer, to: ticket, at: now, &effects)
    case .linkFailed(let ticket, let problem):
      guard isCurrent(ticket) else { return [] }
      drop(ticket.peer, because: problem, at: now, &effects)
    case .resourceFailed(let ticket, let problem):
      guard isCurrent(ticket) else { return [] }
      changed = ticket.peer
      finish(ticket, at: now)
      switch ticket.resource {
      case .roster, .deliberation: rostersFailed(ticket.peer, at: now)
      default: break
      }
      resourceFailed(ticket, problem, at: now, &effects)
    case .applied(let head): applied(head)
    case .stopped(let coalition, let fault, let head, let peer):
      stopped(coalition, fault, at: head, from: peer, now: now, &effects)
    case .applyEnded(let coalition): tracks[coalition]?.isApplying = false
    case .staged(let coalition, let outcome, let peer): staged(coalition, outcome, from: peer, at: now, &effects)
    case .recordsStored(let coalition, let newest):
      tracks[coalition]?.awaitsRecordUntil = nil
      records[coalition] = newest
      if unreadProofs.remove(coalition) != nil { asksAnewAt = now }
      if coalition == ours { showOwnAgain() }
    case .recordsHeld(let coalition): heldRecords.insert(coalition)
    case .rostersChanged(let deliberation, let records):
      rostersChanged(deliberation, records: records, &effects)
    case .rosterRefused(let peer, let problem):
      rostersFailed(peer, at: now)
      drop(peer, because: problem, at: now, &effects)
    case .recoverOwn(let wanted): recoverOwn(wanted)
    case .forkProven(let coalition, let epoch, let index): forkProven(coalition, epoch: epoch, index: index)
    case .forkJudged(let coalition): tracks[coalition]?.inquiry = nil
    case .proofUnread(let coalition): unreadProofs.insert(coalition)
    case .proofsNotKept: asksAnewAt = asksAnewAt ?? now + settings.longestRetry
    case .released(let coalition):
      tracks[coalition]?.heldUntil = nil
      tracks[coalition]?.holds = 0
      recordsReleased(coalition, at: now, &effects)
    case .hashKeyStored(let epoch):
      missingHashKeys.remove(epoch)
      lookAtAllLinks()
    case .paused(let peer):
      forget(peer, phase: .paused)
      effects.append(.disconnect(peer))
    case .resumed(let peer):
      if peers[peer]?.phase == .paused { peers[peer]?.phase = .down(retryAt: now) }
      lookAtAllLinks()
    case .called(let peer):
      if case .down = peers[peer]?.phase { peers[peer]?.phase = .down(retryAt: now) }
      lookAtAllLinks()
    }
    if let due = asksAnewAt, due <= now {
      asksAnewAt = nil
      for other in others { peers[other]?.wantsWhole = true }
    }
    advanceLinks(at: now, changed: changed, &effects)
    advanceFetches(at: now, &effects)
    return effects
  }
}

/// Sebastiano Vigna's SplitMix64: spreads retries, never used for secrets.
struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
