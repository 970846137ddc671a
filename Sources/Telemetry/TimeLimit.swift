internal import Synchronization

/// What the work brings, or nil if it takes longer than the limit.
///
/// The work is left to itself then: what hangs heeds no cancellation, and a task group would wait for it.
func within<Value: Sendable>(_ limit: Duration, _ work: @escaping @Sendable () async -> Value) async -> Value? {
  await withCheckedContinuation { continuation in
    let first = FirstAnswer<Value?>(continuation)
    let timer = Task {
      try? await Task.sleep(for: limit)
      first.settle(nil)
    }
    Task {
      first.settle(await work())
      timer.cancel()
    }
  }
}

private final class FirstAnswer<Value: Sendable>: Sendable {
  private let waiting: Mutex<CheckedContinuation<Value, Never>?>

  init(_ continuation: CheckedContinuation<Value, Never>) { waiting = Mutex(continuation) }

  func settle(_ value: Value) {
    let continuation = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(returning: value)
  }
}
