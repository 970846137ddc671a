internal import Alliance
internal import Audit
internal import Control
public import Foundation
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// `vaka cert authority`: another certificate authority in three steps, so that no peer ever meets a certificate that it cannot
/// verify: published beside the old one, used once everybody has the record, and the old one retired.
public enum RotateAuthority {
  public struct Answer: Sendable, Codable {
    /// The record in force.
    public let record: UInt32
    /// Fingerprints of its authorities.
    public let authorities: [String]
    /// Of the certificate that is shown now.
    public let serial: String?
  }

  /// - Parameter file: the certificate of an authority elsewhere; nil: one of our own is made.
  /// - Throws: `Problem` `unusable-authority`, `authority-known`, or as `ChangeRecord`.
  public static func publish(
    _ home: NodeHome, file: String?, identityKey: String?, passphrase: String, anyway: Bool, now: Date
  ) throws -> Answer {
    let change = try ChangeRecord(home, anyway: anyway)
    let der: [UInt8]
    if let file {
      let text = String(decoding: try DurableFile.read(file, noun: "CA certificate"), as: UTF8.self)
      der = try AuthorityCertificate(pem: text, file: file).der
    } else {
      der = try nextAuthority(home, change.record, now).certificateDER
    }
    guard !change.record.authorities.contains(der) else {
      throw Problem(
        "authority-known", "record \(change.record.number) holds this authority already",
        object: "record \(change.record.number)",
        next: file == nil ? "vaka cert authority use" : "vaka cert request, and install what it issues")
    }
    try check(der, change.record, file)
    let next = try change.run(
      RecordChange(authorities: change.record.authorities + [der]), identityKey: identityKey, passphrase: passphrase)
    return answer(next, serial: nil)
  }

  /// Issues the node's certificate from the authority of our own that was published.
  /// - Throws: `Problem` `no-authority-published`, `record-not-everywhere`, or what the node says; nothing is then changed.
  public static func use(_ home: NodeHome, anyway: Bool, now: Date) async throws -> Answer {
    // Nothing is published by this.
    let change = try ChangeRecord(home, anyway: true)
    let place = home.folder.nextAuthority
    guard DurableFile.exists(place) else {
      throw Problem(
        "no-authority-published", "no new authority of our own waits to be used", object: place,
        next: "vaka cert authority publish; with an authority elsewhere: vaka cert request")
    }
    let authority = try CertificateAuthority.load(from: place)
    guard change.record.authorities.contains(authority.certificateDER) else {
      throw Problem(
        "no-authority-published", "record \(change.record.number) does not hold it", object: place,
        next: "vaka cert authority publish")
    }
    _ = try ChangeRecord.requireEverywhere(change.client, anyway: anyway)
    let leaf = try authority.issueLeafWhileItLasts(now: now)
    try await InstallCertificate.judge(leaf, home.currentMembership(), home, place, now)
    try AuditTrail(home.folder).during(
      AuditNote(
        .authorityChanged,
        after: "authority \(ObjectHash(sha256: authority.certificateDER)), serial \(Hexadecimal.encode(leaf.serial))")
    ) {
      // A crash in between leaves a good certificate that does not renew itself; the same command finishes it.
      try leaf.save(to: home.folder.certificates + "/node.pem")
      try authority.save(to: home.folder.certificates + "/authority.pem")
      try FileManager.default.removeItem(atPath: place)
    }
    _ = try NodeCall.certificate.ask(change.client, CertificateCall.reload, for: CertificateCall.Answer.self)
    return answer(change.record, serial: Hexadecimal.encode(leaf.serial))
  }

  /// Publishes a record with nothing but the authority of the certificate in use.
  /// - Throws: `Problem` `nothing-to-retire`, or as `ChangeRecord`.
  public static func retire(
    _ home: NodeHome, identityKey: String?, passphrase: String, anyway: Bool
  ) throws -> Answer {
    let change = try ChangeRecord(home, anyway: anyway)
    let leaf = try LeafCertificate.load(from: home.folder.certificates + "/node.pem")
    let kept = change.record.authorities.filter { (try? AuthorityCertificate(der: $0))?.hasIssued(leaf) == true }
    guard !kept.isEmpty, kept.count < change.record.authorities.count else {
      throw Problem(
        "nothing-to-retire", "the record holds no authority besides that of the certificate in use",
        object: "record \(change.record.number)", next: "vaka cert show")
    }
    let next = try change.run(RecordChange(authorities: kept), identityKey: identityKey, passphrase: passphrase)
    return answer(next, serial: Hexadecimal.encode(leaf.serial))
  }

  /// One that was made and not published, because the passphrase was wrong or the node was gone, is taken again.
  private static func nextAuthority(
    _ home: NodeHome, _ record: MemberRecord, _ now: Date
  ) throws -> CertificateAuthority {
    let place = home.folder.nextAuthority
    if DurableFile.exists(place) { return try CertificateAuthority.load(from: place) }
    let authority = try CertificateAuthority.make(
      trustDomain: record.trustDomain, organisation: String(record.name.prefix(64)), now: now)
    try authority.save(to: place)
    return authority
  }

  private static func check(_ der: [UInt8], _ record: MemberRecord, _ file: String?) throws(Problem) {
    let member = MemberAuthority(
      coalition: record.coalition, trustDomain: record.trustDomain, authorities: [der])
    guard let problem = PeerTrust(members: [member]).problems.first else { return }
    throw Problem(
      "unusable-authority", problem.what.replacing("in the member record ", with: ""),
      object: file ?? "\(record.coalition)", next: "make it after the profile: Certs/README.md")
  }

  private static func answer(_ record: MemberRecord, serial: String?) -> Answer {
    Answer(
      record: record.number, authorities: record.authorities.map { ObjectHash(sha256: $0).hex }, serial: serial)
  }
}
