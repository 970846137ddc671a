public import FoundationEssentials
import SwiftASN1
public import Wire
import X509

/// A node's own certificate with its key.
public struct LeafCertificate: Sendable, CustomStringConvertible, CustomReflectable {
  /// Each as DER, leaf first; the authority itself is left out, because peers have it from the member record.
  public let chain: [[UInt8]]
  /// PKCS #8 as PEM. Never to be logged.
  public let privateKeyPEM: String
  public let notBefore: Date
  public let notAfter: Date
  /// Big-endian, as `openssl x509 -serial` shows it.
  public let serial: [UInt8]
  /// Who issued it, as people read it.
  public let issuer: String

  /// Takes a certificate that an authority elsewhere has issued.
  ///
  /// - Throws: `bad-certificate`, `bad-key` or `key-mismatch`.
  public init(chainPEM: String, privateKeyPEM: String) throws(Problem) {
    let key = try Self.key(privateKeyPEM)
    let certificates: [Certificate]
    do {
      certificates = try PEMDocument.parseMultiple(pemString: chainPEM)
        .filter { $0.discriminator == Certificate.defaultPEMDiscriminator }
        .map { try Certificate(pemDocument: $0) }
    } catch {
      throw Problem("bad-certificate", "the certificate cannot be read as PEM")
    }
    guard let leaf = certificates.first else {
      throw Problem("bad-certificate", "the file holds no certificate")
    }
    guard leaf.publicKey == key.publicKey else {
      throw Problem("key-mismatch", "the key does not belong to the certificate")
    }
    self = try CertificateAuthority.issuing {
      try LeafCertificate(certificate: leaf, others: Array(certificates.dropFirst()), key: key)
    }
  }

  init(certificate: Certificate, others: [Certificate], key: Certificate.PrivateKey) throws {
    chain = try ([certificate] + others).map { try $0.der() }
    privateKeyPEM = try key.serializeAsPEM().pemString
    notBefore = certificate.notValidBefore
    notAfter = certificate.notValidAfter
    serial = Array(certificate.serialNumber.bytes)
    issuer = certificate.issuer.description
  }

  public var description: String { "a certificate valid until \(notAfter.formatted(.iso8601)) and its key" }
  public var customMirror: Mirror { Mirror(self, children: ["notBefore": notBefore, "notAfter": notAfter]) }

  static func key(_ pem: String) throws(Problem) -> Certificate.PrivateKey {
    do {
      return try Certificate.PrivateKey(pemEncoded: pem)
    } catch {
      throw Problem("bad-key", "the private key cannot be read as PEM")
    }
  }
}

extension Certificate {
  func der() throws -> [UInt8] {
    var serializer = DER.Serializer()
    try serializer.serialize(self)
    return serializer.serializedBytes
  }
}
