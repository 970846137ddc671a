internal import Dispatch
internal import Synchronization

/// A value that is worked out on another thread while this one does something else.
final class Ahead<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(_ work: @escaping @Sendable () throws -> Value) {
    DispatchQueue.global().async {
      let value = Result { try work() }
      self.result.withLock { $0 = value }
      self.done.signal()
    }
  }

  /// Waits for it; to be asked once.
  /// - Throws: what the work threw.
  func value() throws -> Value {
    done.wait()
    guard let value = result.withLock({ $0 }) else { throw CancellationError() }
    return try value.get()
  }
}
