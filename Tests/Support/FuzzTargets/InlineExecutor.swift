internal import Synchronization

/// Runs asynchronous work that waits for nobody to its end on the thread that asks: a fuzzer calls and wants to have it done.
final class InlineExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  /// Nil also if the work was not done without waiting.
  static func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value?) -> Value? {
    let executor = InlineExecutor()
    let result = Result<Value>()
    Task(executorPreference: executor) {
      let value = await work()
      result.value.withLock { $0 = value }
    }
    while let job = executor.jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      job.runSynchronously(on: executor.asUnownedTaskExecutor())
    }
    return result.value.withLock { $0 }
  }

  private final class Result<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
