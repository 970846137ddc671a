import Crypto
import SwiftASN1
public import Wire
import X509

/// What a coalition hands to an authority of its own: a signing request (RFC 2986) for the node's names, and the key.
public struct CertificateRequest: Sendable {
  /// PEM, for the authority.
  public let requestPEM: String
  /// PKCS #8 as PEM; stays here.
  public let privateKeyPEM: String

  /// Makes a new P-256 key and a request for it.
  ///
  /// - Throws: `bad-trust-domain` or `certificate-failed`.
  public static func make(trustDomain: String) throws(Problem) -> CertificateRequest {
    try NodeNames.check(trustDomain: trustDomain)
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    return try CertificateAuthority.issuing {
      let extensions = try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth, .clientAuth])
        NodeNames.alternatives(trustDomain)
      }
      let request = try CertificateSigningRequest(
        version: .v1, subject: NodeNames.subject(trustDomain), privateKey: key,
        attributes: .init([.init(ExtensionRequest(extensions: extensions))]))
      return CertificateRequest(
        requestPEM: try request.serializeAsPEM().pemString, privateKeyPEM: try key.serializeAsPEM().pemString)
    }
  }
}
