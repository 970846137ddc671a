public import Alliance
public import FoundationEssentials

/// One refused handshake, for the refuser's log and `status`.
public struct LinkRefusal: Sendable, Hashable, Codable {
  public var at: Date
  /// The address and port that the connection came from or went to.
  public var remoteAddress: String
  public var refusal: PeerRefusal

  public init(at: Date, remoteAddress: String, refusal: PeerRefusal) {
    self.at = at
    self.remoteAddress = remoteAddress
    self.refusal = refusal
  }
}
