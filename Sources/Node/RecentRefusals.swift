internal import Alliance
internal import FoundationEssentials
internal import Links
internal import Operations
internal import Synchronization

/// The newest handshakes that this node refused, as the one that was called and as the one that dialled, for `status`.
final class RecentRefusals: Sendable {
  private static let most = 8
  private let newest: Mutex<[NodeStatus.Refusal]> = Mutex([])

  var all: [NodeStatus.Refusal] { newest.withLock { $0 } }

  func note(_ refusal: LinkRefusal) {
    let entry = NodeStatus.Refusal(
      at: refusal.at.formatted(.iso8601), remote: refusal.remoteAddress, code: refusal.refusal.code.rawValue,
      reason: refusal.refusal.reason)
    newest.withLock { $0 = Array(([entry] + $0).prefix(Self.most)) }
  }
}
