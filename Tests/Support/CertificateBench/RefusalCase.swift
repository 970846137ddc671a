public import Alliance
import Foundation
import X509

/// One certificate that must be refused, with the exact code.
public struct RefusalCase: Sendable, CustomStringConvertible {
  public let name: String
  public let code: PeerRefusalCode
  /// Words that the reason must hold, if any.
  public var reason = ""
  /// False where the presenting side's own TLS library would not even try.
  public var handshake = true
  let make: @Sendable (BenchAlliance, PeerRole) throws -> BenchLeaf

  public func leaf(in alliance: BenchAlliance, as role: PeerRole) throws -> BenchLeaf { try make(alliance, role) }

  public var description: String { name }

  public static let all: [RefusalCase] = [
    RefusalCase(name: "unknown authority of the right name", code: .unknownAuthority) { alliance, _ in
      try BenchAuthority("authority of se").issue(LeafShape(domain: try BenchAlliance.domain("se")))
    },
    RefusalCase(
      name: "right name from another member's authority", code: .anotherMembersAuthority,
      reason: "signed by the authority of no, not of se"
    ) { alliance, _ in
      try alliance.authority("no").issue(LeafShape(domain: try BenchAlliance.domain("se")))
    },
    RefusalCase(name: "a coalition not in the roster", code: .notInRoster) { alliance, _ in
      try alliance.leaf("dk")
    },
    RefusalCase(name: "expired", code: .expired, reason: "the certificate was valid until") { alliance, _ in
      try alliance.leaf("se") { $0.notAfter = Bench.now - 1 }
    },
    RefusalCase(name: "expired authority", code: .expired, reason: "the authority of se") { alliance, _ in
      try alliance.endedAuthority.issue(LeafShape(domain: try BenchAlliance.domain("se")))
    },
    RefusalCase(name: "not yet valid", code: .notYetValid) { alliance, _ in
      try alliance.leaf("se") { $0.notBefore = Bench.now + 1 }
    },
    RefusalCase(name: "two URI names", code: .twoURINames) { alliance, _ in
      try alliance.leaf("se") { $0.uris.append("spiffe://vaka.no.example/node") }
    },
    RefusalCase(name: "the same URI name twice", code: .twoURINames) { alliance, _ in
      try alliance.leaf("se") { $0.uris += $0.uris }
    },
    RefusalCase(name: "no URI name", code: .noURIName) { alliance, _ in
      try alliance.leaf("se") { $0.uris = [] }
    },
    RefusalCase(name: "the DNS name of another host", code: .unknownName) { alliance, _ in
      try alliance.leaf("se") { $0.dnsNames.append("www.example") }
    },
    RefusalCase(name: "wrong key usage", code: .wrongKeyUsage, handshake: false) { alliance, _ in
      try alliance.leaf("se") { $0.keyUsage = KeyUsage(keyAgreement: true) }
    },
    RefusalCase(name: "no key usage", code: .wrongKeyUsage) { alliance, _ in
      try alliance.leaf("se") { $0.keyUsage = nil }
    },
    RefusalCase(name: "wrong extended key usage", code: .wrongExtendedKeyUsage) { alliance, role in
      try alliance.leaf("se") { $0.extendedKeyUsage = role == .client ? [.serverAuth] : [.clientAuth] }
    },
    RefusalCase(name: "any extended key usage", code: .wrongExtendedKeyUsage) { alliance, _ in
      try alliance.leaf("se") { $0.extendedKeyUsage = [.any] }
    },
    RefusalCase(name: "an authority as a node", code: .isAuthority) { alliance, _ in
      try alliance.leaf("se") {
        $0.isAuthority = true
        $0.keyUsage = KeyUsage(digitalSignature: true, keyCertSign: true)
      }
    },
    RefusalCase(name: "a name outside of the authority's constraints", code: .nameConstraint) { alliance, _ in
      try alliance.misplacedAuthority.issue(LeafShape(domain: try BenchAlliance.domain("se")))
    },
    RefusalCase(name: "revoked", code: .revoked) { alliance, _ in
      try alliance.leaf("se") { $0.serial = BenchAlliance.revokedSerial }
    },
    RefusalCase(name: "an unknown critical extension", code: .unknownCriticalExtension) { alliance, _ in
      try alliance.leaf("se") { $0.hasUnknownCriticalExtension = true }
    },
    RefusalCase(name: "an intermediate authority between", code: .unknownAuthority) { alliance, _ in
      let middle = try BenchAuthority("middle", signedBy: try alliance.authority("se"))
      var leaf = try middle.issue(LeafShape(domain: try BenchAlliance.domain("se")))
      leaf.chain.append(try middle.der)
      return leaf
    },
    RefusalCase(name: "a P-384 key", code: .algorithm, handshake: false) { alliance, _ in
      try alliance.leaf("se") { $0.keyKind = .p384 }
    },
  ]
}
