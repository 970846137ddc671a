public import Wire

/// Where a node listens for its peers: `host:port`, or `[v6]:port`.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// The default port of peers.
  public static let standardPort = 7_473

  public let host: String
  public let port: Int

  /// Nil unless there is a host of name or address characters and a port from 1 to 65,535.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    let isAllowed = { (byte: UInt8) in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: ":"):
        true
      default: false
      }
    }
    guard (1...253).contains(host.utf8.count), host.utf8.allSatisfy(isAllowed) else { return nil }
    self.host = String(host)
    self.port = port
  }

  /// Reads what a person gave as an endpoint.
  /// - Throws: `Problem` `bad-endpoint`.
  public static func parse(_ text: String) throws(Problem) -> Endpoint {
    guard let endpoint = Endpoint(text) else {
      throw Problem("bad-endpoint", "an endpoint is HOST:PORT, such as node.se.example:7473", object: text)
    }
    return endpoint
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
