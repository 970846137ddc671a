/// What a verified peer asks for; the same value reaches the responder whatever carries it.
public struct PeerRequest: Sendable, Hashable {
  /// Upper case, such as `GET`.
  public var method: String
  /// Without the query, as sent: not percent-decoded.
  public var path: String
  /// Percent-decoded; of a name given twice, the first counts.
  public var query: [String: String]
  /// Whether the peer asked for JSON instead of protobuf.
  public var acceptsJSON: Bool
  public var body: [UInt8]

  public init(
    method: String, path: String, query: [String: String] = [:], acceptsJSON: Bool = false, body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.acceptsJSON = acceptsJSON
    self.body = body
  }
}
