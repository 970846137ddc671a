/// What a node shows in a handshake: its certificate chain and the key to it.
///
/// Not `Codable` and without a description of the key, so that it cannot slip into a log.
public struct LinkIdentity: Sendable, CustomStringConvertible, CustomReflectable {
  /// Each certificate as DER, leaf first.
  public let chain: [[UInt8]]
  /// PEM, PKCS #8 or SEC 1; P-256 or Ed25519.
  let privateKeyPEM: String

  public init(chain: [[UInt8]], privateKeyPEM: String) {
    self.chain = chain
    self.privateKeyPEM = privateKeyPEM
  }

  public var description: String { "a chain of \(chain.count) certificates and its key" }
  public var customMirror: Mirror { Mirror(self, children: ["chain": chain.count]) }
}
