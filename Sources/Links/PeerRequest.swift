/// What a verified peer asks for; the same value reaches the responder whatever carries it.
public struct PeerRequest: Sendable, Hashable {
  /// The header field that `instance` travels in.
  static let instanceField = "vaka-instance"

  /// Upper case, such as `GET`.
  public var method: String
  /// Without the query, as sent: not percent-decoded.
  public var path: String
  /// Percent-decoded; of a name given twice, the first counts.
  public var query: [String: String]
  /// Whether the peer asked for JSON instead of protobuf.
  public var acceptsJSON: Bool
  public var body: [UInt8]
  /// Which process of the peer's asks: 32 hexadecimal digits, new with each of its starts; nil if it does not say.
  public var instance: String?

  public init(
    method: String, path: String, query: [String: String] = [:], acceptsJSON: Bool = false, body: [UInt8] = [],
    instance: String? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.acceptsJSON = acceptsJSON
    self.body = body
    self.instance = instance
  }
}
