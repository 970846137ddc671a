public import Ledger
public import Wire

/// Whether this node may sign: it must know what it signed before. A restored or copied store that does not know its own
/// newest head would fork its coalition, so a node asks its peers first, once after each start.
///
/// A peer that shows a head of ours that is not here, validly signed, stops signing at once, whenever it comes. That
/// position is then fetched beside ours; it becomes ours by itself only if the sign mark names its head, because then it
/// was this node that signed it. Otherwise the operator chooses, and a new epoch goes on from what he chose.
///
/// A state machine: answers in, permission out; no clock and no store of its own.
public struct SignGate: Sendable {
  /// How the sign mark compares with the store at start.
  public enum Mark: Sendable, Hashable {
    /// It names the last own head in the store (or neither knows any).
    case matches
    /// It is missing, unreadable, or names another head.
    case differs(Problem)
    /// It names a head that comes after all that the store holds: this node signed more than it knows. In that epoch it
    /// never signs again, even if nobody else remembers either.
    case ahead(Problem)
  }

  public enum State: Sendable, Hashable {
    /// So many peers have shown their newest head of ours, so many must.
    case waiting(answered: Int, needed: Int, mayWaive: Bool)
    case open
    case stopped(Problem)
  }

  /// What is being done about a head of ours that is not here.
  private enum Recovery: Sendable, Hashable {
    case copying(HeadReference, by: CoalitionID)
    case copied(HeadReference)
  }

  private let coalition: CoalitionID
  private var mark: Mark
  private var peers: Set<CoalitionID>
  private var answered: Set<CoalitionID> = []
  private var waived = false
  private var stop: Problem?
  private var recovery: Recovery?

  /// - Parameters:
  ///   - peers: the other members of the alliance.
  ///   - stop: why this node cannot sign whatever its peers say, such as a signing key that is lost.
  public init(coalition: CoalitionID, peers: [CoalitionID], mark: Mark, stop: Problem? = nil) {
    self.coalition = coalition
    self.peers = Set(peers)
    self.mark = mark
    self.stop = stop
  }

  public var state: State {
    if planted(.noAskBeforeSign) { return .open }
    // A position that is here to be chosen is the way out of a lost key; a fork is told before all else.
    if let stop, recovery == nil || stop.code == Forks.code { return .stopped(stop) }
    if let recovery { return .stopped(problem(of: recovery)) }
    switch planted(.markIgnored) ? .matches : mark {
    case .matches:
      let needed = min(2, peers.count)
      if waived || answered.count >= needed { return .open }
      return .waiting(answered: answered.count, needed: needed, mayWaive: true)
    case .ahead(let problem):
      if answered.count >= peers.count { return .stopped(problem) }
      return .waiting(answered: answered.count, needed: peers.count, mayWaive: false)
    case .differs(let problem):
      if !peers.isEmpty, answered.count >= peers.count { return .open }
      return peers.isEmpty
        ? .stopped(problem) : .waiting(answered: answered.count, needed: peers.count, mayWaive: false)
    }
  }

  public var isOpen: Bool { state == .open }
  /// Peers that have not shown yet what they hold of ours.
  public var silent: [CoalitionID] { peers.subtracting(answered).sorted() }
  /// Whether our own position is to be fetched from peers, or was.
  public var isRecovering: Bool { recovery != nil }
  /// The head of ours that was fetched whole and lies beside our own position.
  public var copied: HeadReference? { if case .copied(let head) = recovery { head } else { nil } }

  /// A peer showed the newest head of ours that it holds, validly signed.
  /// - Parameter known: whether we hold that very head, or one after it.
  public mutating func answered(by peer: CoalitionID, showing head: HeadReference?, known: Bool) {
    guard peers.contains(peer) else { return }
    answered.insert(peer)
    guard let head, !known, !planted(.ownHeadIgnored) else { return }
    switch recovery {
    case .copying(let newest, _) where !head.isAfter(newest): break
    case .copied(let newest) where !head.isAfter(newest): break
    default: recovery = .copying(head, by: peer)
    }
  }

  /// Our own position as peers hold it lies here beside ours, whole and proven.
  public mutating func copied(_ head: HeadReference) {
    guard case .copying(let newest, _) = recovery, !newest.isAfter(head) else { return }
    recovery = .copied(head)
  }

  /// The position that was fetched is ours now: the sign mark names its head.
  public mutating func adopted() {
    recovery = nil
    mark = .matches
  }

  /// A new epoch goes on from the head that the operator chose: under its key nothing was signed before.
  public mutating func openedEpoch() {
    recovery = nil
    stop = nil
    mark = .matches
    waived = true
  }

  /// Others are members now. Who has answered has answered.
  public mutating func members(_ peers: [CoalitionID]) {
    self.peers = Set(peers)
    answered.formIntersection(peers)
  }

  /// What had stopped signing is over.
  public mutating func resume(_ codes: Set<String>) {
    if let stop, codes.contains(stop.code) { self.stop = nil }
  }

  /// Signing ends until a new epoch.
  public mutating func stop(_ problem: Problem) {
    // Who was removed and is back has another reason now.
    if stop == nil || stop?.code == "removed", !planted(.forkedGoesOnSigning) { stop = problem }
  }

  /// The operator confirmed that this is no restored copy. For this start only, and only while the mark matches.
  /// - Throws: `Problem` `cannot-waive`.
  public mutating func waive() throws(Problem) {
    if let stop { throw stop }
    if let recovery { throw problem(of: recovery) }
    guard case .matches = mark else {
      throw Problem(
        "cannot-waive", "the sign mark does not match the store, so all peers must answer first",
        object: "\(coalition)", next: "bring the peers up, or restore the store that belongs to this sign mark")
    }
    waived = true
  }

  private func problem(of recovery: Recovery) -> Problem {
    switch recovery {
    case .copying(let head, let peer):
      Problem(
        "own-head-unknown",
        "\(peer) holds head \(head.epoch)/\(head.index) of ours, which this store does not have: it is an older copy, "
          + "or another node signs for \(coalition); that position is being fetched, beside ours",
        object: "head \(head)", next: "do not start a second node; wait until the position is here: vaka status")
    case .copied(let head):
      Problem(
        "own-head-choice",
        "peers hold head \(head.epoch)/\(head.index) of ours, which the sign mark does not name; it is here beside ours",
        object: "head \(head)",
        next: "if this node is an older copy: vaka key rotate --from peers; "
          + "if somebody else signed that head: vaka key rotate --from here")
    }
  }
}
