internal import Ledger
internal import Replication
public import Wire

/// How far the copy of a coalition's whole position is: what a newcomer looks at.
public struct CopyStatus: Sendable, Codable {
  public let coalition: CoalitionID
  /// `pages` while rows come; then what is compared with the signed head.
  public let phase: String
  /// How many rows are here.
  public let statements: UInt64
  /// How many its head says that there are; nil before the first page.
  public let of: UInt64?
  public let perSecond: UInt64?
  public let secondsLeft: UInt64?

  /// When a copy was first looked at by this process, and how many rows it had then: what its rate is judged by.
  public struct Pace: Sendable {
    /// Milliseconds of a clock that never jumps.
    public let since: UInt64
    public let statements: UInt64

    public init(since: UInt64, statements: UInt64) {
      self.since = since
      self.statements = statements
    }
  }

  /// - Parameter now: milliseconds of the clock of `pace`.
  init(_ staged: StagedPosition, pace: Pace?, now: UInt64) {
    coalition = staged.coalition
    phase = staged.phase.rawValue
    statements = staged.statements
    let all = (staged.target ?? staged.base)?.claims.statements
    of = all
    guard let pace, now >= pace.since + 1_000, staged.statements > pace.statements else {
      (perSecond, secondsLeft) = (nil, nil)
      return
    }
    let rate = (staged.statements - pace.statements) / max(1, (now - pace.since) / 1_000)
    perSecond = rate
    let left = all.map { $0 > staged.statements ? $0 - staged.statements : 0 }
    secondsLeft = rate == 0 ? nil : left.map { ($0 + rate - 1) / rate }
  }
}
