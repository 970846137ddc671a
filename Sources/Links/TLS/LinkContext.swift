import NIOCore
import NIOSSL

/// Builds what BoringSSL needs for one handshake.
///
/// A context is made for every single connection. That is what keeps sessions from being resumed: BoringSSL's server
/// hands out session tickets and NIOSSL has no switch for it, but the keys that seal tickets belong to the context, so
/// a ticket opens nowhere else; and NIOSSL's client never offers a ticket. A resumed session would skip the check of
/// the certificate, and with it the roster. Early data is off in BoringSSL unless enabled, which NIOSSL never does.
/// It is also what lets a renewed certificate act at the next handshake.
enum LinkContext {
  /// The one protocol spoken; a peer that names no protocol is taken at HTTP/1.1 too (RFC 7301).
  static let applicationProtocols = ["http/1.1"]

  static func server(_ identity: LinkIdentity) throws -> NIOSSLContext {
    try context(.makeServerConfiguration(certificateChain: [], privateKey: key(identity)), identity)
  }

  static func client(_ identity: LinkIdentity) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.privateKey = try key(identity)
    return try context(configuration, identity)
  }

  private static func key(_ identity: LinkIdentity) throws -> NIOSSLPrivateKeySource {
    .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.privateKeyPEM.utf8), format: .pem))
  }

  private static func context(_ base: TLSConfiguration, _ identity: LinkIdentity) throws -> NIOSSLContext {
    var configuration = base
    configuration.certificateChain = try identity.chain.map {
      .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
    }
    configuration.minimumTLSVersion = .tlsv13
    configuration.maximumTLSVersion = .tlsv13
    // Demands a certificate from the other side, on the server too; host names are not what a peer is known by.
    configuration.certificateVerification = .noHostnameVerification
    // No root of any store: the verification callback is the only judge.
    configuration.trustRoots = .certificates([])
    configuration.verifySignatureAlgorithms = [.ecdsaSecp256R1Sha256, .ed25519]
    configuration.signingSignatureAlgorithms = [.ecdsaSecp256R1Sha256, .ed25519]
    configuration.applicationProtocols = applicationProtocols
    configuration.renegotiationSupport = .none
    configuration.shutdownTimeout = .seconds(2)
    return try NIOSSLContext(configuration: configuration)
  }
}
