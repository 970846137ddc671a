public import Ledger
public import Wire

/// Whether this node may sign: it must know what it signed before. A restored or copied store that does not know its own
/// newest head would fork its coalition, so a node asks its peers first, once after each start.
///
/// A state machine: answers in, permission out; no clock and no store of its own.
public struct SignGate: Sendable {
  /// How the sign mark compares with the store at start.
  public enum Mark: Sendable, Hashable {
    /// It names the last own head in the store (or neither knows any).
    case matches
    /// It is missing, unreadable, or names another head.
    case differs(Problem)
  }

  public enum State: Sendable, Hashable {
    /// So many peers have shown their frontier, so many must.
    case waiting(answered: Int, needed: Int, mayWaive: Bool)
    case open
    case stopped(Problem)
  }

  private let coalition: CoalitionID
  private let mark: Mark
  private let peers: Set<CoalitionID>
  private var answered: Set<CoalitionID> = []
  private var waived = false
  private var stop: Problem?

  /// - Parameter peers: the other members of the alliance.
  public init(coalition: CoalitionID, peers: [CoalitionID], mark: Mark) {
    self.coalition = coalition
    self.peers = Set(peers)
    self.mark = mark
  }

  public var state: State {
    if planted(.noAskBeforeSign) { return .open }
    if let stop { return .stopped(stop) }
    switch planted(.markIgnored) ? .matches : mark {
    case .matches:
      let needed = min(2, peers.count)
      if waived || answered.count >= needed { return .open }
      return .waiting(answered: answered.count, needed: needed, mayWaive: true)
    case .differs(let problem):
      if !peers.isEmpty, answered.count >= peers.count { return .open }
      return peers.isEmpty
        ? .stopped(problem) : .waiting(answered: answered.count, needed: peers.count, mayWaive: false)
    }
  }

  public var isOpen: Bool { state == .open }

  /// A peer showed the newest head of ours that it holds.
  /// - Parameter known: whether we hold that very head, or one after it.
  public mutating func answered(by peer: CoalitionID, showing head: HeadReference?, known: Bool) {
    guard peers.contains(peer) else { return }
    if let head, !known, !planted(.ownHeadIgnored) {
      stop = Problem(
        "own-head-unknown",
        "\(peer) holds head \(head.epoch)/\(head.index) of ours, which this store does not have: it is an older copy, "
          + "or another node signs for \(coalition)",
        object: "head \(head)",
        next: "do not start a second node; restore the newest store of this node, sign mark included")
      return
    }
    answered.insert(peer)
  }

  /// The operator confirmed that this is no restored copy. For this start only, and only while the mark matches.
  /// - Throws: `Problem` `cannot-waive`.
  public mutating func waive() throws(Problem) {
    if let stop { throw stop }
    guard case .matches = mark else {
      throw Problem(
        "cannot-waive", "the sign mark does not match the store, so all peers must answer first",
        object: "\(coalition)", next: "bring the peers up, or restore the store that belongs to this sign mark")
    }
    waived = true
  }
}
