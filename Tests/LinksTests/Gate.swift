import CertificateBench
import Links
import Synchronization

/// Holds handlers until it is opened or they are cancelled.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waited = 0
  }

  private let state = Mutex(State())

  /// Answers like the usual handler, but for `/wait` only once the gate is open.
  var holdingWait: RunningNode.Handler {
    { coalition, request in
      if request.path == "/wait" { await self.wait() }
      return await RunningNode.echo(coalition, request)
    }
  }

  func open() { state.withLock { $0.isOpen = true } }

  func wait() async {
    state.withLock { $0.waited += 1 }
    try? await eventually { state.withLock(\.isOpen) || Task.isCancelled }
  }

  func whenWaited(_ count: Int = 1) async throws {
    try await eventually { state.withLock(\.waited) >= count }
  }
}
