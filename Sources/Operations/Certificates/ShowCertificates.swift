internal import Alliance
internal import Control
public import Foundation
internal import Keys
internal import Signing
internal import Store
public import Wire

/// `vaka cert show`: our certificate and its authority, everyone's authorities, and who has our newest record.
public struct ShowCertificates: Sendable, Codable {
  public struct Authority: Sendable, Codable {
    public let fingerprint: String
    public let subject: String
    public let ends: Date
    /// Whether it issued the certificate in use; of ours only.
    public let inUse: Bool?
  }

  public struct Member: Sendable, Codable {
    public let coalition: CoalitionID
    public let record: UInt32
    public let authorities: [Authority]
    public let revoked: [String]
  }

  public let serial: String
  public let issuer: String
  public let begins: Date
  public let ends: Date
  public let days: Int
  /// Whether the authority's key is here, so that the certificate renews itself.
  public let renewsItself: Bool
  /// What has to be done; nil if nothing.
  public let warning: String?
  /// Whether an authority of our own waits to be used.
  public let authorityWaits: Bool
  /// Whether a certificate was requested and not installed yet.
  public let requestWaits: Bool
  public let members: [Member]
  /// Nil if no node runs.
  public let holders: RecordHolders?

  public static func run(_ home: NodeHome, now: Date) throws -> ShowCertificates {
    let folder = home.folder.certificates
    let leaf = try LeafCertificate.load(from: folder + "/node.pem")
    let renewsItself = (try? CertificateAuthority.load(from: folder + "/authority.pem"))?.hasIssued(leaf) == true
    let membership = try home.currentMembership()
    let days = CertificateWarning.days(until: leaf.notAfter, now: now)
    let members = membership.roster.coalitions.compactMap { coalition -> Member? in
      guard let record = membership.record(of: coalition) else { return nil }
      let authorities = record.authorities.compactMap { try? AuthorityCertificate(der: $0) }.map { authority in
        Authority(
          fingerprint: authority.fingerprint, subject: authority.subject, ends: authority.notAfter,
          inUse: coalition == home.coalition ? authority.hasIssued(leaf) : nil)
      }
      return Member(
        coalition: coalition, record: record.number, authorities: authorities,
        revoked: record.revokedSerials.map { Hexadecimal.encode($0) }.sorted())
    }
    let client = ControlClient(path: home.folder.controlSocket)
    return ShowCertificates(
      serial: Hexadecimal.encode(leaf.serial), issuer: leaf.issuer, begins: leaf.notBefore, ends: leaf.notAfter,
      days: days, renewsItself: renewsItself,
      warning: CertificateWarning.text(
        for: home, in: membership, days: days, mustBeBrought: !renewsItself, now: now),
      authorityWaits: DurableFile.exists(home.folder.nextAuthority),
      requestWaits: DurableFile.exists(folder + "/request.key"), members: members,
      holders: client.isAnswering
        ? try NodeCall.recordHolders.ask(client, for: RecordHolders.self, seconds: 60) : nil)
  }
}
