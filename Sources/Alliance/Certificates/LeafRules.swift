import Crypto
import SwiftASN1
import X509

/// What the profile asks of a leaf beyond its names and its path: algorithm, not an authority, usages, extensions.
///
/// swift-certificates leaves key usage and extended key usage to its callers (its RFC 5280 policy says why).
enum LeafRules {
  /// The critical extensions that this package acts upon; any other must refuse the certificate
  /// (RFC 5280, section 4.2).
  static let understood: Set<ASN1ObjectIdentifier> = [
    .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
    .X509ExtensionID.nameConstraints, .X509ExtensionID.subjectAlternativeName,
    .X509ExtensionID.subjectKeyIdentifier, .X509ExtensionID.authorityKeyIdentifier,
  ]

  static func refusal(of leaf: Certificate, role: PeerRole) -> PeerRefusal? {
    if let refusal = algorithm(of: leaf) { return refusal }
    do {
      return try authority(leaf) ?? keyUsage(leaf) ?? extendedKeyUsage(leaf, role: role) ?? extensions(leaf)
    } catch {
      return PeerRefusal(.unreadableCertificate, "an extension of the certificate cannot be read")
    }
  }

  /// P-256 or Ed25519, for the key and for the signature.
  static func algorithm(of certificate: Certificate) -> PeerRefusal? {
    let key = certificate.publicKey
    guard P256.Signing.PublicKey(key) != nil || Curve25519.Signing.PublicKey(key) != nil else {
      return PeerRefusal(.algorithm, "the key is neither P-256 nor Ed25519")
    }
    guard [.ecdsaWithSHA256, .ed25519].contains(certificate.signatureAlgorithm) else {
      return PeerRefusal(.algorithm, "the signature is neither ECDSA with SHA-256 nor Ed25519")
    }
    return nil
  }

  private static func authority(_ leaf: Certificate) throws -> PeerRefusal? {
    guard case .isCertificateAuthority = try leaf.extensions.basicConstraints else { return nil }
    return PeerRefusal(.isAuthority, "the certificate is a certificate authority, not a node")
  }

  private static func keyUsage(_ leaf: Certificate) throws -> PeerRefusal? {
    guard let usage = try leaf.extensions.keyUsage, usage.digitalSignature, !usage.keyCertSign, !usage.cRLSign else {
      return PeerRefusal(.wrongKeyUsage, "the key usage must be digitalSignature, and not signing of certificates")
    }
    return nil
  }

  private static func extendedKeyUsage(_ leaf: Certificate, role: PeerRole) throws -> PeerRefusal? {
    let (needed, name): (ExtendedKeyUsage.Usage, String) =
      switch role {
      case .client: (.clientAuth, "clientAuth")
      case .server: (.serverAuth, "serverAuth")
      }
    guard try leaf.extensions.extendedKeyUsage?.contains(needed) == true else {
      return PeerRefusal(.wrongExtendedKeyUsage, "the extended key usage lacks \(name)")
    }
    return nil
  }

  private static func extensions(_ leaf: Certificate) throws -> PeerRefusal? {
    guard let unknown = leaf.extensions.first(where: { $0.critical && !understood.contains($0.oid) }) else {
      return nil
    }
    return PeerRefusal(.unknownCriticalExtension, "the critical extension \(unknown.oid) is not understood")
  }
}
