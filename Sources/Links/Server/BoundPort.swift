import Synchronization
import Wire

/// The port that a server listens on, for those who must wait until it does.
final class BoundPort: Sendable {
  private enum State {
    case waiting([CheckedContinuation<Int?, Never>])
    case known(Int?)
  }

  private let state = Mutex(State.waiting([]))

  /// nil says that the server ended without listening; the first call counts.
  func settle(_ port: Int?) {
    let waiting = state.withLock { state -> [CheckedContinuation<Int?, Never>] in
      guard case .waiting(let continuations) = state else { return [] }
      state = .known(port)
      return continuations
    }
    for continuation in waiting { continuation.resume(returning: port) }
  }

  func value() async throws(Problem) -> Int {
    let port: Int? = await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Int?? in
        switch state {
        case .known(let port): return .some(port)
        case .waiting(let continuations):
          state = .waiting(continuations + [continuation])
          return nil
        }
      }
      if let known { continuation.resume(returning: known) }
    }
    guard let port else { throw Problem("not-listening", "the door for peers could not be opened") }
    return port
  }
}
