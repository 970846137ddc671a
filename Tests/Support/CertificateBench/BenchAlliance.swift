public import Alliance
import Foundation
public import Wire

/// Two members, Sweden and Norway, and their authorities; Denmark has an authority but is no member.
public struct BenchAlliance: Sendable {
  public static let domains = ["se": "vaka.se.example", "no": "vaka.no.example", "dk": "vaka.dk.example"]

  public let se: CoalitionID
  public let no: CoalitionID
  public let authorities: [String: BenchAuthority]
  /// Sweden's second authority, which has ended.
  public let endedAuthority: BenchAuthority
  /// Sweden's third, whose name constraints permit another domain.
  public let misplacedAuthority: BenchAuthority
  public static let revokedSerial: [UInt8] = [0x7a, 0xff]

  public init() throws {
    se = try Bench.coalition("se")
    no = try Bench.coalition("no")
    authorities = try Dictionary(
      uniqueKeysWithValues: Self.domains.map { id, domain in (id, try BenchAuthority("authority of \(id)")) })
    endedAuthority = try BenchAuthority("ended", until: Bench.now - 1)
    misplacedAuthority = try BenchAuthority("misplaced", constrainedTo: "elsewhere.example")
  }

  public static func domain(_ id: String) throws -> String {
    guard let domain = domains[id] else { throw BenchError() }
    return domain
  }

  public func authority(_ id: String) throws -> BenchAuthority {
    guard let authority = authorities[id] else { throw BenchError() }
    return authority
  }

  public func member(_ id: String) throws -> MemberAuthority {
    var certificates = [try authority(id).der]
    if id == "se" { certificates += [try endedAuthority.der, try misplacedAuthority.der] }
    return MemberAuthority(
      coalition: try Bench.coalition(id), trustDomain: try Self.domain(id), authorities: certificates,
      revokedSerials: id == "se" ? [Self.revokedSerial] : [])
  }

  /// What members trust each other for; without those left out.
  public func trust(without left: String? = nil) throws -> PeerTrust {
    PeerTrust(members: try ["se", "no"].filter { $0 != left }.map(member))
  }

  /// A leaf of the profile for the coalition, changed as asked.
  public func leaf(_ id: String, _ change: (inout LeafShape) -> Void = { _ in }) throws -> BenchLeaf {
    try authority(id).issue(LeafShape(domain: try Self.domain(id), change))
  }
}
