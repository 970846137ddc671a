import FoundationEssentials
import SwiftASN1
import Wire
import X509

/// A member with its CA certificates parsed and checked once, when the roster or a record changes.
struct TrustedMember: Sendable {
  struct Authority: Sendable {
    let certificate: Certificate
    let bytes: [UInt8]
  }

  let member: MemberAuthority
  let authorities: [Authority]
  private let revokedSerials: Set<[UInt8]>

  /// Leaves out what cannot serve as an authority and says so in `problems`: one bad certificate in one record must
  /// not darken the whole alliance, nor even that member's other certificates.
  init(_ member: MemberAuthority, problems: inout [Problem]) {
    self.member = member
    revokedSerials = Set(member.revokedSerials.map(Self.withoutLeadingZeros))
    var usable: [Authority] = []
    for bytes in member.authorities {
      guard bytes.count <= PresentedChain.maximumBytes, let certificate = try? Certificate(derEncoded: bytes) else {
        problems.append(Self.problem("cannot be read as X.509", member))
        continue
      }
      if let fault = Self.fault(of: certificate) {
        problems.append(Self.problem(fault, member))
        continue
      }
      usable.append(Authority(certificate: certificate, bytes: bytes))
    }
    authorities = usable
  }

  /// The authority of this member that signed the leaf. Names are compared first, because comparing signatures is
  /// what an unknown caller could make expensive.
  func issuer(of leaf: Certificate) -> Authority? {
    authorities.first {
      $0.certificate.subject == leaf.issuer && $0.certificate.publicKey.isValidSignature(leaf.signature, for: leaf)
    }
  }

  func hasRevoked(_ leaf: Certificate) -> Bool {
    revokedSerials.contains(Self.withoutLeadingZeros(Array(leaf.serialNumber.bytes)))
  }

  /// What keeps a certificate from being an authority of the profile; its time is judged at each handshake.
  private static func fault(of certificate: Certificate) -> String? {
    if let refusal = LeafRules.algorithm(of: certificate) { return "is refused: \(refusal.reason)" }
    guard case .isCertificateAuthority(let length)? = try? certificate.extensions.basicConstraints else {
      return "is not a certificate authority"
    }
    guard length == 0 else { return "does not limit its path length to 0" }
    guard let usage = try? certificate.extensions.keyUsage, usage.keyCertSign else {
      return "may not sign certificates by its key usage"
    }
    if let unknown = certificate.extensions.first(where: { $0.critical && !LeafRules.understood.contains($0.oid) }) {
      return "has the critical extension \(unknown.oid), which is not understood"
    }
    return nil
  }

  private static func problem(_ fault: String, _ member: MemberAuthority) -> Problem {
    Problem(
      "unusable-authority", "a CA certificate in the member record \(fault)", object: member.coalition.rawValue,
      next: "Ask \(member.coalition) to publish a record with a CA certificate of the profile.")
  }

  private static func withoutLeadingZeros(_ serial: [UInt8]) -> [UInt8] { Array(serial.drop { $0 == 0 }) }
}
