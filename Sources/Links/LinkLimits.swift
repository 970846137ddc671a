/// The limits of a node's links; every one is enforced, none is a hint.
public struct LinkLimits: Sendable, Hashable {
  /// From the TCP connection to the end of the TLS handshake; what a slow handshake can hold a place for.
  public var handshake: Duration = .seconds(10)
  /// To open a TCP connection.
  public var connect: Duration = .seconds(5)
  /// How long a link may lie between two requests; longer than a long poll is not needed, that counts as busy.
  public var idle: Duration = .seconds(75)
  /// To receive the body of one request, and to hand over one response.
  public var transfer: Duration = .seconds(60)
  /// How long requests under way may take to end when the node stops.
  public var drain: Duration = .seconds(5)
  /// Connections that the server holds at once, handshakes included.
  public var connections: Int = 256
  /// Of these, verified links of one coalition.
  public var linksPerPeer: Int = 8
  /// Connections that a client holds to its peer: one may sit in a long poll.
  public var connectionsToPeer: Int = 2
  /// How long a question waits for a peer that nobody can dial to come for it.
  public var reversePause: Duration = .seconds(15)
  /// Bytes of a request's body: one page and its framing, brought by a peer that nobody can dial.
  public var requestBody: Int = (4 << 20) + (64 << 10)
  /// Bytes of a response's body: one page and its framing.
  public var responseBody: Int = (4 << 20) + (64 << 10)
  /// Bytes of all header fields together, and of one of them.
  public var headers: Int = 16 << 10
  public var headerField: Int = 8 << 10
  public var headerCount: Int = 64

  public init() {}
}
