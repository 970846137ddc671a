import Alliance
import Crypto
public import FoundationEssentials
import SwiftASN1
public import Wire
import X509

/// A coalition's own certificate authority, dedicated to its node: it can issue leaves and nothing else, for its own
/// trust domain and no other.
///
/// A leak of its key, or its misuse, is bounded twice: by the name constraints in its certificate and by the peers,
/// who accept it for this coalition alone.
public struct CertificateAuthority: Sendable {
  let certificate: Certificate
  let key: Certificate.PrivateKey
  /// The host name that its leaves are issued for.
  public let trustDomain: String
  /// For the coalition's member record.
  public let certificateDER: [UInt8]

  public var notBefore: Date { certificate.notValidBefore }
  public var notAfter: Date { certificate.notValidAfter }

  /// Certificates are dated back by this much, in seconds, because the clocks of peers differ.
  static let clockAllowance: TimeInterval = 300
  /// Ten years, in days.
  static let life = 3652

  /// Makes a new authority with a P-256 key: path length 0, and critical name constraints (RFC 5280, section 4.2.1.10)
  /// that permit the URI host `<trust-domain>` and the DNS name `node.<trust-domain>`.
  ///
  /// - Throws: `bad-trust-domain`, `bad-organisation` or `certificate-failed`.
  public static func make(
    trustDomain: String, organisation: String, now: Date
  ) throws(Problem) -> CertificateAuthority {
    try NodeNames.check(trustDomain: trustDomain)
    guard (1...64).contains(organisation.count) else {
      throw Problem("bad-organisation", "an organisation's name has 1 to 64 characters", object: organisation)
    }
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    return try Self.issuing {
      let name = try DistinguishedName { OrganizationName(organisation) }
      let certificate = try Certificate(
        version: .v3, serialNumber: .init(), publicKey: key.publicKey,
        notValidBefore: now - clockAllowance, notValidAfter: now + TimeInterval(life) * 86_400,
        issuer: name, subject: name,
        extensions: Certificate.Extensions {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
          Critical(
            NameConstraints(
              permittedDNSDomains: [NodeName.dns(trustDomain: trustDomain)], permittedURIDomains: [trustDomain]))
          SubjectKeyIdentifier(hash: key.publicKey)
        },
        issuerPrivateKey: key)
      return try CertificateAuthority(certificate: certificate, key: key, trustDomain: trustDomain)
    }
  }

  private init(certificate: Certificate, key: Certificate.PrivateKey, trustDomain: String) throws {
    self.certificate = certificate
    self.key = key
    self.trustDomain = trustDomain
    certificateDER = try certificate.der()
  }

  /// Takes an authority from its certificate and key, as ``save(to:)`` wrote them.
  ///
  /// - Throws: `not-an-authority` if it is not an authority for one trust domain with path length 0, `key-mismatch`.
  init(certificate: Certificate, key: Certificate.PrivateKey, file: String) throws(Problem) {
    guard key.publicKey == certificate.publicKey else {
      throw Problem("key-mismatch", "the key does not belong to the certificate", object: file)
    }
    guard case .isCertificateAuthority(maxPathLength: 0)? = try? certificate.extensions.basicConstraints,
      let domains = try? certificate.extensions.nameConstraints?.permittedURIDomains,
      let trustDomain = domains.first, domains.count == 1
    else {
      throw Problem("not-an-authority", "not a certificate authority for one trust domain", object: file)
    }
    self = try Self.issuing {
      try CertificateAuthority(certificate: certificate, key: key, trustDomain: trustDomain)
    }
  }

  static func issuing<Value>(_ make: () throws -> Value) throws(Problem) -> Value {
    do {
      return try make()
    } catch {
      throw Problem("certificate-failed", "the certificate could not be made")
    }
  }
}
