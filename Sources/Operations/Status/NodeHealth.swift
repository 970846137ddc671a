public import Replication
public import Wire

/// Whether the running node works, and whether it may sign: two questions, because a node that waits for its peers is
/// well, and starting it again would help nobody.
public struct NodeHealth: Sendable, Hashable, Codable {
  /// The process answers and can read its store.
  public let healthy: Bool
  /// It may also sign.
  public let ready: Bool
  /// One line, where one of the two is false.
  public let reason: String?

  /// - Parameters:
  ///   - storeProblem: what kept the node from reading its store just now.
  ///   - gate: whether the node may sign, a failure to sign included.
  public static func judge(storeProblem: Problem?, gate: SignGate.State) -> NodeHealth {
    if let storeProblem {
      return NodeHealth(
        healthy: false, ready: false, reason: "the store cannot be read: \(storeProblem.what) [\(storeProblem.code)]")
    }
    switch gate {
    case .open: return NodeHealth(healthy: true, ready: true, reason: nil)
    case .waiting(let answered, let needed, _):
      return NodeHealth(
        healthy: true, ready: false, reason: "waiting for \(needed - answered) of \(needed) peers before signing")
    case .stopped(let problem):
      return NodeHealth(healthy: true, ready: false, reason: "signing stopped: \(problem.what) [\(problem.code)]")
    }
  }
}
