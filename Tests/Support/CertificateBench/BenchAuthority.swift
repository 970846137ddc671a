import Alliance
import Crypto
public import Foundation
import SwiftASN1
public import Wire
public import X509

/// A certificate authority for tests, which issues what it is told to, right or wrong.
public struct BenchAuthority: Sendable {
  public let certificate: Certificate
  let key: Certificate.PrivateKey

  /// - Parameters:
  ///   - name: the organisation in its subject; two authorities may bear one name.
  ///   - constrainedTo: the trust domain that its name constraints permit; none if nil.
  public init(
    _ name: String, constrainedTo domain: String? = nil, pathLength: Int? = 0, from notBefore: Date = Bench.past,
    until notAfter: Date = Bench.future, signedBy parent: BenchAuthority? = nil, serial: Certificate.SerialNumber? = nil
  ) throws {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    self.key = key
    let subject = try DistinguishedName { OrganizationName(name) }
    certificate = try Certificate(
      version: .v3, serialNumber: serial ?? .init(), publicKey: key.publicKey,
      notValidBefore: notBefore, notValidAfter: notAfter,
      issuer: parent?.certificate.subject ?? subject, subject: subject,
      extensions: Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        if let domain {
          Critical(NameConstraints(permittedDNSDomains: ["node.\(domain)"], permittedURIDomains: [domain]))
        }
        SubjectKeyIdentifier(hash: key.publicKey)
      },
      issuerPrivateKey: parent?.key ?? key)
  }

  public var der: [UInt8] {
    get throws { try Bench.der(certificate) }
  }

  public func issue(_ shape: LeafShape) throws -> BenchLeaf {
    let leafKey =
      switch shape.keyKind {
      case .p256: Certificate.PrivateKey(P256.Signing.PrivateKey())
      case .p384: Certificate.PrivateKey(P384.Signing.PrivateKey())
      case .ed25519: Certificate.PrivateKey(Curve25519.Signing.PrivateKey())
      }
    let names = shape.uris.map { GeneralName.uniformResourceIdentifier($0) } + shape.dnsNames.map { .dnsName($0) }
    let leaf = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(bytes: shape.serial), publicKey: leafKey.publicKey,
      notValidBefore: shape.notBefore, notValidAfter: shape.notAfter,
      issuer: certificate.subject, subject: DistinguishedName { CommonName("node") },
      extensions: Certificate.Extensions {
        Critical(
          shape.isAuthority ? BasicConstraints.isCertificateAuthority(maxPathLength: 0) : .notCertificateAuthority)
        if let usage = shape.keyUsage { Critical(usage) }
        try ExtendedKeyUsage(shape.extendedKeyUsage)
        if !names.isEmpty { SubjectAlternativeNames(names) }
        if shape.hasUnknownCriticalExtension {
          Certificate.Extension(oid: [1, 3, 6, 1, 4, 1, 55555, 1], critical: true, value: [5, 0])
        }
      },
      issuerPrivateKey: key)
    return BenchLeaf(
      chain: [try Bench.der(leaf)], privateKeyPEM: try leafKey.serializeAsPEM().pemString, serial: shape.serial)
  }
}

extension BenchAuthority {
  /// A leaf with extensions of whatever bytes, readable or not; the rest as in another.
  public func issue(extensions: [Certificate.Extension], as other: Certificate) throws -> [UInt8] {
    try Bench.der(
      Certificate(
        version: .v3, serialNumber: other.serialNumber, publicKey: other.publicKey,
        notValidBefore: other.notValidBefore, notValidAfter: other.notValidAfter, issuer: certificate.subject,
        subject: other.subject, extensions: Certificate.Extensions(extensions), issuerPrivateKey: key))
  }
}

/// A leaf with its key.
public struct BenchLeaf: Sendable {
  public var chain: [[UInt8]]
  public let privateKeyPEM: String
  public let serial: [UInt8]

  public init(chain: [[UInt8]], privateKeyPEM: String, serial: [UInt8] = []) {
    self.chain = chain
    self.privateKeyPEM = privateKeyPEM
    self.serial = serial
  }
}

/// How a leaf is to be; as the profile wants it until changed.
public struct LeafShape: Sendable {
  public enum KeyKind: Sendable { case p256, p384, ed25519 }

  public var uris: [String]
  public var dnsNames: [String]
  public var notBefore = Bench.past
  public var notAfter = Bench.future
  public var keyUsage: KeyUsage? = KeyUsage(digitalSignature: true)
  public var extendedKeyUsage: [ExtendedKeyUsage.Usage] = [.serverAuth, .clientAuth]
  public var isAuthority = false
  public var hasUnknownCriticalExtension = false
  public var keyKind = KeyKind.p256
  public var serial: [UInt8] = [0x11, 0x22, 0x33]

  public init(domain: String, _ change: (inout LeafShape) -> Void = { _ in }) {
    uris = ["spiffe://\(domain)/node"]
    dnsNames = ["node.\(domain)"]
    change(&self)
  }
}

/// The time of the bench, and its small tools.
public enum Bench {
  public static let now = Date(timeIntervalSince1970: 1_900_000_000)
  public static let past = now - 86_400
  public static let future = now + 86_400 * 30

  public static func der(_ certificate: Certificate) throws -> [UInt8] {
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    return serializer.serializedBytes
  }

  public static func coalition(_ text: String) throws -> CoalitionID {
    guard let id = CoalitionID(text) else { throw BenchError() }
    return id
  }
}

public struct BenchError: Error {}
