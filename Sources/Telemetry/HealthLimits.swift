/// The limits of the listener; every one is enforced.
struct HealthLimits: Sendable {
  /// Connections that are held at once.
  var connections = 16
  /// How long one may live.
  var lifetime = Duration.seconds(5)
  /// How long the node may take to answer; shorter than a connection lives.
  var patience = Duration.seconds(4)
  /// How long to wait before a port that was taken is tried again.
  var retryPause = Duration.seconds(15)
}
