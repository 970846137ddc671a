internal import Wire

/// One line of `vaka doctor`.
public struct Finding: Sendable, Codable, Hashable {
  public enum State: String, Sendable, Codable, Comparable, CaseIterable {
    case good
    /// Works now, and will not for ever, or not as it should.
    case attention
    /// Does not work.
    case broken

    public static func < (left: State, right: State) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// What was looked at: a stable word.
  public let check: String
  public let state: State
  public let what: String
  public let next: String?

  public init(_ check: String, _ state: State, _ what: String, next: String? = nil) {
    self.check = check
    self.state = state
    self.what = what
    self.next = next
  }

  static func good(_ check: String, _ what: String) -> Finding { Finding(check, .good, what) }

  /// What a problem says, as a finding.
  static func broken(_ check: String, _ error: any Error) -> Finding {
    guard let problem = error as? Problem else { return Finding(check, .broken, "\(error)") }
    let object = problem.object.map { "\($0): " } ?? ""
    return Finding(check, .broken, object + problem.what, next: problem.next)
  }
}
