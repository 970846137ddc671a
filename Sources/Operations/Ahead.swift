internal import Dispatch
internal import Synchronization

/// A value that is worked out on another thread while this one does something else. Any number of threads may wait for it.
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

  /// Begins what nobody waits for.
  static func start(_ work: @escaping @Sendable () throws -> Value) where Value == Void { _ = Ahead(work) }

  /// Waits for it.
  /// - Throws: what the work threw.
  func value() throws -> Value {
    done.wait()
    done.signal()
    guard let value = result.withLock({ $0 }) else { throw CancellationError() }
    return try value.get()
  }
}
