internal import Signing
public import Wire

/// All that a coalition states now, as a node holds it: its last applied head and the sums that the next one is
/// checked against. The rows themselves lie in the store.
public struct Position: Sendable, Hashable {
  public let coalition: CoalitionID
  public var head: HeadReference?
  public var signedAt: UInt64
  public var roster: UInt32
  public var digest: LiveDigest
  public var statements: UInt64
  public var liveBytes: UInt64
  /// Over the heads of the current epoch, the last applied one included.
  public var history: HistoryTree

  /// The empty position.
  public init(coalition: CoalitionID) {
    self.coalition = coalition
    head = nil
    signedAt = 0
    roster = 0
    digest = LiveDigest()
    statements = 0
    liveBytes = 0
    history = HistoryTree()
  }

  /// The epoch and index that the next head of this coalition must have, within the current epoch.
  public var nextIndex: UInt64 { head.map { $0.index + 1 } ?? 0 }
}
