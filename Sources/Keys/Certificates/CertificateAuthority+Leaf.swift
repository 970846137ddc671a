import Crypto
public import FoundationEssentials
import SwiftASN1
public import Wire
import X509

extension CertificateAuthority {
  /// Issues a node's certificate after the profile: not an authority, `digitalSignature`, for both ends of TLS, exactly
  /// one URI name.
  ///
  /// - Parameters:
  ///   - days: its life from `now`, 1 to 90.
  ///   - privateKeyPEM: the key to certify, P-256 or Ed25519; a new P-256 key if nil, which is the habit, so that a
  ///     renewal also ends what a copied key is good for.
  /// - Throws: `bad-life`, `bad-key`, `authority-expired` or `certificate-failed`.
  public func issueLeaf(days: Int = 60, now: Date, privateKeyPEM: String? = nil) throws(Problem) -> LeafCertificate {
    guard (1...90).contains(days) else {
      throw Problem("bad-life", "a node's certificate lives for 1 to 90 days")
    }
    let notAfter = now + TimeInterval(days) * 86_400
    guard notAfter <= certificate.notValidAfter else {
      throw Problem(
        "authority-expired",
        "the certificate authority ends on \(certificate.notValidAfter.formatted(.iso8601)), before the certificate would",
        object: trustDomain,
        next: "make and publish another one: vaka cert authority publish, then vaka cert authority use")
    }
    let key = try privateKeyPEM.map(LeafCertificate.key) ?? Certificate.PrivateKey(P256.Signing.PrivateKey())
    return try Self.issuing {
      let leaf = try Certificate(
        version: .v3, serialNumber: .init(), publicKey: key.publicKey,
        notValidBefore: now - Self.clockAllowance, notValidAfter: notAfter,
        issuer: certificate.subject, subject: NodeNames.subject(trustDomain),
        extensions: try extensions(for: key.publicKey),
        issuerPrivateKey: self.key)
      return try LeafCertificate(certificate: leaf, others: [], key: key)
    }
  }

  /// The usual life, or what is left of the authority where that is less: renewal must not stop before its end.
  /// - Throws: as the other.
  public func issueLeafWhileItLasts(now: Date) throws(Problem) -> LeafCertificate {
    let left = certificate.notValidAfter.timeIntervalSince(now) / 86_400
    return try issueLeaf(days: Int(max(1, min(60, left))), now: now)
  }

  /// Whether it is this authority that a certificate stands under.
  public func hasIssued(_ leaf: LeafCertificate) -> Bool {
    guard let bytes = leaf.chain.first, let signed = try? Certificate(derEncoded: bytes) else { return false }
    return signed.issuer == certificate.subject && key.publicKey.isValidSignature(signed.signature, for: signed)
  }

  private func extensions(for key: Certificate.PublicKey) throws -> Certificate.Extensions {
    let authorityKey = try certificate.extensions.subjectKeyIdentifier ?? SubjectKeyIdentifier(hash: self.key.publicKey)
    return try Certificate.Extensions {
      Critical(BasicConstraints.notCertificateAuthority)
      Critical(KeyUsage(digitalSignature: true))
      try ExtendedKeyUsage([.serverAuth, .clientAuth])
      NodeNames.alternatives(trustDomain)
      SubjectKeyIdentifier(hash: key)
      AuthorityKeyIdentifier(keyIdentifier: authorityKey.keyIdentifier)
    }
  }
}
