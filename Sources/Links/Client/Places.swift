import NIOCore
import Synchronization

/// A fixed number of places, given out in the order of asking, each waiter with a deadline.
final class Places: Sendable {
  private enum Outcome {
    case taken, late, closed
  }

  private struct State {
    var free: Int
    var isClosed = false
    var lastTicket: UInt64 = 0
    var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Outcome, Never>)] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) {
    state = Mutex(State(free: count))
  }

  func take(until deadline: NIODeadline, on eventLoop: any EventLoop) async throws(LinkFailure) {
    let ticket = state.withLock { state in
      state.lastTicket &+= 1
      return state.lastTicket
    }
    let timer = eventLoop.scheduleTask(deadline: deadline) { self.settle(ticket, .late) }
    defer { timer.cancel() }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now = state.withLock { state -> Outcome? in
          if state.isClosed || Task.isCancelled { return .closed }
          if deadline <= .now() { return .late }
          if state.free > 0 {
            state.free -= 1
            return .taken
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let now { continuation.resume(returning: now) }
      }
    } onCancel: {
      settle(ticket, .closed)
    }
    switch outcome {
    case .taken: return
    case .late: throw LinkFailure(.timeout, "all links to the peer were busy until the time limit")
    case .closed: throw LinkFailure(.closed, "the request was given up")
    }
  }

  func give() {
    let next = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation }
      state.free += 1
      return nil
    }
    next?.resume(returning: .taken)
  }

  /// Turns all waiters away, now and later.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.continuation.resume(returning: .closed) }
  }

  private func settle(_ ticket: UInt64, _ outcome: Outcome) {
    let continuation = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
      guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
      return state.waiting.remove(at: index).continuation
    }
    continuation?.resume(returning: outcome)
  }
}
