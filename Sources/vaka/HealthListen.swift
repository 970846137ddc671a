import Alliance
import Wire

/// Where the node answers for its health: a place, or nowhere.
enum HealthListen: Sendable, Hashable {
  /// Reached from this machine alone.
  static let standard = "127.0.0.1:7474"

  case at(Endpoint)
  case off

  /// - Parameter object: where the text stands.
  /// - Throws: `Problem` `bad-settings`.
  init(_ text: String, object: String) throws(Problem) {
    if text == "off" {
      self = .off
    } else if let endpoint = Endpoint(text) {
      self = .at(endpoint)
    } else {
      throw Problem(
        "bad-settings", "health is asked at HOST:PORT, such as \(Self.standard), or off", object: object,
        next: "--health-listen, VAKA_HEALTH_LISTEN, or {\"health\": {\"listen\": \"\(Self.standard)\"}} in node.json")
    }
  }
}
