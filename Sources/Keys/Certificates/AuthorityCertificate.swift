public import FoundationEssentials
internal import Signing
internal import SwiftASN1
public import Wire
internal import X509

/// A CA certificate without its key: what a member record holds, and what an authority elsewhere hands over.
public struct AuthorityCertificate: Sendable {
  public let der: [UInt8]
  public let subject: String
  /// SHA-256 of the certificate, hexadecimal, as `openssl x509 -fingerprint -sha256` shows it without the colons.
  public let fingerprint: String
  public let notBefore: Date
  public let notAfter: Date
  private let certificate: Certificate

  /// - Throws: `Problem` `bad-certificate`.
  public init(der: [UInt8]) throws(Problem) {
    do {
      certificate = try Certificate(derEncoded: der)
    } catch {
      throw Problem("bad-certificate", "a CA certificate cannot be read as X.509")
    }
    self.der = der
    subject = certificate.subject.description
    fingerprint = ObjectHash(sha256: der).hex
    (notBefore, notAfter) = (certificate.notValidBefore, certificate.notValidAfter)
  }

  /// - Throws: `Problem` `bad-certificate` unless the file holds exactly one certificate, as PEM.
  public init(pem text: String, file: String) throws(Problem) {
    let bad = Problem(
      "bad-certificate", "the file does not hold one CA certificate as PEM", object: file,
      next: "give the authority's certificate alone, never its key")
    let documents: [PEMDocument]
    do {
      documents = try PEMDocument.parseMultiple(pemString: text)
    } catch {
      throw bad
    }
    guard documents.count == 1, let one = documents.first,
      one.discriminator == Certificate.defaultPEMDiscriminator
    else { throw bad }
    try self.init(der: one.derBytes)
  }

  public func hasIssued(_ leaf: LeafCertificate) -> Bool {
    guard let bytes = leaf.chain.first, let signed = try? Certificate(derEncoded: bytes) else { return false }
    return signed.issuer == certificate.subject
      && certificate.publicKey.isValidSignature(signed.signature, for: signed)
  }
}
