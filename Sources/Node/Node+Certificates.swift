internal import Alliance
internal import Audit
internal import Foundation
internal import Links
internal import Logging
internal import Operations
internal import Replication
internal import Signing
internal import Wire

/// Our certificate, our record, and who has it.
extension Node {
  /// Takes a certificate that a command has installed, or issues a new one; the next handshakes show it.
  func useCertificate(_ call: CertificateCall, _ audit: AuditTrail) throws -> CertificateCall.Answer {
    switch call {
    case .reload: try certificate.reload()
    case .renew:
      try audit.during(AuditNote(.certificateRenewed, before: "until \(certificate.ends.formatted(.iso8601))")) {
        try certificate.renew(now: Date())
      }
    }
    logger.notice(
      "the node's certificate is another one", metadata: ["vaka.until": "\(certificate.ends.formatted(.iso8601))"])
    showCertificate()
    return CertificateCall.Answer(ends: certificate.ends)
  }

  /// Asks every other member for our records: whoever gives back the newest has it.
  func recordHolders() async -> RecordHolders {
    let ours = home.coalition
    let newest = membership.record(of: ours)?.number ?? 0
    var answers: [(CoalitionID, Task<String?, Never>)] = []
    for (peer, line) in lines.all {
      answers.append((peer, Task.detached { await Self.lack(of: newest, from: ours, at: line) }))
    }
    var asked: [(CoalitionID, String?)] = []
    for (peer, answer) in answers { asked.append((peer, await answer.value)) }
    return RecordHolders(
      record: newest, held: asked.filter { $0.1 == nil }.map(\.0),
      lacking: asked.compactMap { peer, why in why.map { .init(coalition: peer, why: $0) } })
  }

  /// - Returns: nil if the peer has it.
  private static func lack(of number: UInt32, from coalition: CoalitionID, at line: PeerLine) async -> String? {
    let resource = PeerResource.records(coalition)
    do {
      let response = try await line.get(resource.path, timeout: .seconds(10))
      guard response.status == 200, case .records(let records) = try PeerAnswer(to: resource, body: response.body)
      else { return "it answered \(response.status)" }
      let newest = records.map(\.number).max() ?? 0
      return newest >= number ? nil : "it has record \(newest)"
    } catch let failure as LinkFailure {
      return failure.what
    } catch {
      return (error as? Problem)?.what ?? "\(error)"
    }
  }

  /// What is written down of records that are new here: of our own what they change, of others that they came.
  func notes(of added: [MemberRecord]) -> [AuditNote] {
    let ours = added.filter { $0.coalition == home.coalition }
    let others = added.filter { $0.coalition != home.coalition }
    var notes: [AuditNote] = []
    var before = membership.record(of: home.coalition)
    for record in ours {
      let revoked = record.revokedSerials.subtracting(before?.revokedSerials ?? [])
      let (old, new) = (Set(before?.authorities ?? []), Set(record.authorities))
      let object = "record \(record.number)"
      for serial in revoked.map({ Hexadecimal.encode($0) }).sorted() {
        notes.append(AuditNote(.certificateRevoked, on: object, after: "serial \(serial)"))
      }
      if old != new {
        let names = { (set: Set<[UInt8]>) in set.map { ObjectHash(sha256: $0).hex }.sorted().joined(separator: " ") }
        notes.append(AuditNote(.authorityPublished, on: object, before: names(old), after: names(new)))
      }
      if revoked.isEmpty, old == new {
        notes.append(AuditNote(.recordChanged, on: object, before: before.map { "record \($0.number)" } ?? ""))
      }
      before = record
    }
    if !others.isEmpty {
      notes.append(
        AuditNote(
          .recordsImported, on: others.map { "\($0.coalition)/\($0.number)" }.joined(separator: " "),
          count: others.count))
    }
    return notes
  }
}
