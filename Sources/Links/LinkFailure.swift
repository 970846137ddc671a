public import Alliance

/// Why a request to a peer brought no response.
public struct LinkFailure: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
    /// No endpoint of the peer took the connection.
    case unreachable
    /// Our check of the peer's certificate failed; `refusal` says how.
    case refusedThem = "refused-them"
    /// The peer ended the handshake or the link with an alert; `alert` names it.
    case refusedUs = "refused-us"
    case timeout
    /// The link ended before the response was whole, or the client was closed.
    case closed
    /// The peer did not speak TLS 1.3 or HTTP/1.1 as agreed.
    case protocolError = "protocol"
    case tooLarge = "too-large"
    /// Our own certificate or key cannot be used.
    case ownIdentity = "own-identity"
  }

  public var code: Code
  /// One sentence for people.
  public var what: String
  public var refusal: PeerRefusal?
  /// The alert's plain name as in RFC 8446, section 6, such as `certificate unknown`.
  public var alert: String?

  public init(_ code: Code, _ what: String, refusal: PeerRefusal? = nil, alert: String? = nil) {
    self.code = code
    self.what = what
    self.refusal = refusal
    self.alert = alert
  }

  public var description: String { "\(code.rawValue): \(what)" }
}
