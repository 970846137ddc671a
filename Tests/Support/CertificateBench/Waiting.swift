/// The limit of a wait was reached.
public struct TookTooLong: Error {
  public init() {}
}

/// Runs the work and gives it up at the limit, so that a test cannot hang.
public func within<Value: Sendable>(
  _ limit: Duration = .seconds(20), _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw TookTooLong()
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw TookTooLong() }
    return value
  }
}

/// Looks until the condition holds, up to the limit.
public func eventually(_ limit: Duration = .seconds(20), _ condition: () async -> Bool) async throws {
  let end = ContinuousClock.now + limit
  while !(await condition()) {
    guard ContinuousClock.now < end else { throw TookTooLong() }
    try await Task.sleep(for: .milliseconds(2))
  }
}
