/// What the listener asks the node.
public struct HealthSource: Sendable {
  /// Nil while the process works, else why it does not.
  public let sickness: @Sendable () async -> String?
  /// Nil while the node may sign, else why it may not.
  public let unreadiness: @Sendable () async -> String?
  public let metrics: @Sendable () async throws -> [MetricFamily]

  public init(
    sickness: @escaping @Sendable () async -> String?, unreadiness: @escaping @Sendable () async -> String?,
    metrics: @escaping @Sendable () async throws -> [MetricFamily]
  ) {
    self.sickness = sickness
    self.unreadiness = unreadiness
    self.metrics = metrics
  }
}
