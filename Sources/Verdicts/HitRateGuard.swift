/// When an indicator matches too much to be one seller's: then it is likely a name or an account that many share, and it is held
/// until the operator releases it.
///
/// Both conditions must be met. A number of rows alone would hold a large seller in a large bank; a share alone would hold
/// whatever hits once in a small table.
public struct HitRateGuard: Sendable, Hashable, Codable {
  /// Rows that it must have matched at least. Below a hundred a person can look at each.
  public var leastRows: UInt64
  /// It must have matched more than one in so many of the identifiers screened. The largest merchants of a country take some
  /// per mille of its card payments; a seller of what is listed here takes nowhere near.
  public var oneIn: UInt64
  /// Over so many days, today among them: long enough for monthly payments to be seen once.
  public var windowDays: UInt32

  public init(leastRows: UInt64, oneIn: UInt64, windowDays: UInt32) {
    self.leastRows = leastRows
    self.oneIn = oneIn
    self.windowDays = windowDays
  }

  /// What holds where a policy says nothing.
  public static let standard = HitRateGuard(leastRows: 100, oneIn: 1_000, windowDays: 30)

  /// - Parameters:
  ///   - rows: that the indicator matched in the window.
  ///   - screened: identifiers screened in the window, whether they matched or not.
  public func holds(rows: UInt64, screened: UInt64) -> Bool {
    // More than screened / oneIn; divided instead of multiplied, so that no number is too large.
    rows >= leastRows && rows > screened / max(oneIn, 1)
  }

  /// What to tell the fold; nil if the indicator is not held.
  public func finding(rows: UInt64, screened: UInt64) -> GuardFinding? {
    holds(rows: rows, screened: screened) ? .hitRate(rows: rows, screened: screened) : nil
  }
}
