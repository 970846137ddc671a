public import FoundationEssentials
public import Wire

/// A peer whose certificate was judged to speak for a member of the roster.
public struct VerifiedPeer: Sendable, Hashable {
  public let coalition: CoalitionID
  /// When the certificate, or the authority that issued it, ends; a link must not outlive it.
  public let notAfter: Date
  /// The validated path as DER, leaf first, then the member's authority.
  public let chain: [[UInt8]]

  public init(coalition: CoalitionID, notAfter: Date, chain: [[UInt8]]) {
    self.coalition = coalition
    self.notAfter = notAfter
    self.chain = chain
  }
}

/// Which end of the handshake the judged certificate belongs to.
public enum PeerRole: String, Sendable, Hashable, Codable, CaseIterable {
  case client, server
}
