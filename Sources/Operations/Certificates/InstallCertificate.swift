internal import Alliance
internal import Audit
internal import Control
public import Foundation
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// `vaka cert install`: a certificate from an authority elsewhere, judged as every peer will judge it before it is used.
public struct InstallCertificate: Sendable, Codable {
  public let serial: String
  public let issuer: String
  public let ends: Date
  /// Whether a running node shows it from now on.
  public let nodeRunning: Bool

  /// - Parameters:
  ///   - keyFile: its private key, if it was not made by `cert request`.
  ///   - anyway: whether to go on although members lack the record with its authority.
  /// - Throws: `Problem` `no-request`, `key-mismatch`, `certificate-refused`, `record-not-everywhere`; nothing is then changed.
  public static func run(
    _ home: NodeHome, file: String, keyFile: String?, anyway: Bool, now: Date
  ) async throws -> InstallCertificate {
    let requested = home.folder.certificates + "/request.key"
    guard let place = keyFile ?? (DurableFile.exists(requested) ? requested : nil) else {
      throw Problem(
        "no-request", "no certificate was requested here, so there is no key for it", object: file,
        next: "vaka cert request, or name the key: --key FILE")
    }
    let text = { (path: String, noun: String) in
      String(decoding: try DurableFile.read(path, noun: noun), as: UTF8.self)
    }
    let leaf = try LeafCertificate(chainPEM: text(file, "certificate"), privateKeyPEM: text(place, "private key"))
    let membership = try home.currentMembership()
    try await judge(leaf, membership, home, file, now)
    let path = home.folder.certificates + "/node.pem"
    let before = try? LeafCertificate.load(from: path)
    let client = ControlClient(path: home.folder.controlSocket)
    let isRunning = client.isAnswering
    let authorities = membership.record(of: home.coalition)?.authorities ?? []
    let isOfAnother = before.map { before in
      authorities.contains { der in
        guard let authority = try? AuthorityCertificate(der: der) else { return false }
        return authority.hasIssued(leaf) && !authority.hasIssued(before)
      }
    }
    if isRunning, isOfAnother == true { _ = try ChangeRecord.requireEverywhere(client, anyway: anyway) }
    let serial = Hexadecimal.encode(leaf.serial)
    try AuditTrail(home.folder).during(
      AuditNote(
        .certificateInstalled, before: before.map { "serial \(Hexadecimal.encode($0.serial))" } ?? "none",
        after: "serial \(serial), until \(leaf.notAfter.formatted(.iso8601))")
    ) { try leaf.save(to: path) }
    if isRunning { _ = try NodeCall.certificate.ask(client, CertificateCall.reload, for: CertificateCall.Answer.self) }
    if keyFile == nil {
      for name in ["request.key", "request.csr"] {
        try? FileManager.default.removeItem(atPath: "\(home.folder.certificates)/\(name)")
      }
    }
    return InstallCertificate(serial: serial, issuer: leaf.issuer, ends: leaf.notAfter, nodeRunning: isRunning)
  }

  /// In both roles, at this moment, by the roster and the records that are here.
  static func judge(
    _ leaf: LeafCertificate, _ membership: Membership, _ home: NodeHome, _ file: String, _ now: Date
  ) async throws {
    let trust = PeerTrust(
      members: membership.roster.coalitions.compactMap { membership.record(of: $0).map { MemberAuthority($0) } })
    for role in PeerRole.allCases {
      guard
        case .failure(let refusal) = await trust.judge(
          chain: leaf.chain, at: now, role: role, expecting: home.coalition)
      else { continue }
      let next =
        refusal.code == .unknownAuthority
        ? "publish its authority first: vaka cert authority publish --file CA.pem"
        : "issue it after the profile: Certs/README.md"
      throw Problem(
        "certificate-refused", "peers would refuse it: \(refusal.reason) (\(refusal.code.rawValue))", object: file,
        next: next)
    }
  }
}
