public import Wire

/// What one member is trusted for in a handshake: exactly the CA certificates of its record, and nothing of any
/// other member.
public struct MemberAuthority: Sendable, Hashable {
  public var coalition: CoalitionID
  /// The lower-case host name that the member's node is called by in certificates, such as `vaka.se.example`.
  public var trustDomain: String
  /// The member's CA certificates, each as DER.
  public var authorities: [[UInt8]]
  /// Serial numbers of leaves that the member has taken back; big-endian, leading zeros do not count.
  public var revokedSerials: Set<[UInt8]>

  public init(
    coalition: CoalitionID, trustDomain: String, authorities: [[UInt8]], revokedSerials: Set<[UInt8]> = []
  ) {
    self.coalition = coalition
    self.trustDomain = trustDomain
    self.authorities = authorities
    self.revokedSerials = revokedSerials
  }

  /// The one URI that the member's leaf certificates carry, in the form of a SPIFFE ID.
  public var nodeURI: String { NodeName.uri(trustDomain: trustDomain) }
  /// The one DNS name that they may carry beside it.
  public var dnsName: String { NodeName.dns(trustDomain: trustDomain) }
}

/// How a node is named in its certificate.
public enum NodeName {
  public static func uri(trustDomain: String) -> String { "spiffe://\(trustDomain)/node" }
  public static func dns(trustDomain: String) -> String { "node.\(trustDomain)" }
}
