public import Verdicts

/// A guard's finding as answers show it.
public struct GuardNote: Sendable, Hashable, Codable {
  /// `never-list` or `hit-rate`.
  public let kind: String
  /// Of the never-list: whose it is, and where that can be checked.
  public let category: String?
  public let source: String?
  /// Of the hit rate: how often it matched, of how many identifiers.
  public let rows: UInt64?
  public let screened: UInt64?

  public init(_ finding: GuardFinding) {
    switch finding {
    case .neverList(let category, let source):
      kind = "never-list"
      (self.category, self.source) = (category, source)
      (rows, screened) = (nil, nil)
    case .hitRate(let rows, let screened):
      kind = "hit-rate"
      (category, source) = (nil, nil)
      (self.rows, self.screened) = (rows, screened)
    }
  }

  /// For people.
  public var text: String {
    if let category, let source { return "this node's never-list protects it, as \(category) (\(source))" }
    return "it matched \(rows ?? 0) rows of \(screened ?? 0) identifiers screened here, too many for one seller"
  }
}
