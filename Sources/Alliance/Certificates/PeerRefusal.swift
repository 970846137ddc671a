public import Wire

/// Why a peer was not let in: a code for programs, a sentence for people, and whom the peer claimed to be.
///
/// The claim is what the certificate says, not what was proven.
public struct PeerRefusal: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  public var code: PeerRefusalCode
  /// One sentence; safe to log.
  public var reason: String
  /// The URI that the certificate claims, where there is exactly one.
  public var claimed: String?
  /// The member whose name is claimed, where the roster has one.
  public var coalition: CoalitionID?

  public init(_ code: PeerRefusalCode, _ reason: String, claimed: String? = nil, coalition: CoalitionID? = nil) {
    self.code = code
    self.reason = reason
    self.claimed = claimed
    self.coalition = coalition
  }

  public var description: String { "\(code.rawValue): \(reason)" }
}

/// The stable codes of ``PeerRefusal``.
public enum PeerRefusalCode: String, Sendable, Hashable, Codable, CaseIterable {
  // What a certificate can be refused for.
  case noCertificate = "no-certificate"
  case unreadableCertificate = "unreadable-certificate"
  case noURIName = "no-uri-name"
  case twoURINames = "two-uri-names"
  /// A name beside the URI that the profile does not know.
  case unknownName = "unknown-name"
  case notInRoster = "not-in-roster"
  case wrongPeer = "wrong-peer"
  case algorithm
  case unknownAuthority = "unknown-authority"
  case anotherMembersAuthority = "another-members-authority"
  case unusableAuthority = "unusable-authority"
  case revoked
  case expired
  case notYetValid = "not-yet-valid"
  case isAuthority = "is-authority"
  case wrongKeyUsage = "wrong-key-usage"
  case wrongExtendedKeyUsage = "wrong-extended-key-usage"
  case unknownCriticalExtension = "unknown-critical-extension"
  case nameConstraint = "name-constraint"
  // What only a handshake can be refused for.
  case tlsVersion = "tls-version"
  case handshakeTimeout = "handshake-timeout"
  case handshakeFailed = "handshake-failed"
  case tooManyLinks = "too-many-links"
  /// The other side refused us; the reason names its alert.
  case refusedUs = "refused-us"
}
