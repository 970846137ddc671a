import CertificateBench
import Foundation
import Keys
import Testing
import Wire

@testable import Node

/// A node that runs for months never shows a certificate that has ended.
@Suite struct NodeCertificateTests {
  private let folder: TemporaryFolder
  private let start = Date(timeIntervalSince1970: 1_800_000_000)

  init() throws {
    folder = try TemporaryFolder()
    let authority = try CertificateAuthority.make(
      trustDomain: "se.example.org", organisation: "Demo Sweden", now: start)
    try authority.save(to: folder.path("authority.pem"))
    try authority.issueLeaf(now: start).save(to: folder.path("node.pem"))
  }

  private func day(_ number: Double) -> Date { start.addingTimeInterval(number * 86_400) }

  @Test func isRenewedWhileTheNodeRuns() throws {
    let certificate = try NodeCertificate(in: folder.url.path, now: day(1))
    let (first, ends) = (certificate.identity.chain, certificate.ends)
    #expect(try !certificate.renewIfDue(now: day(39)))
    #expect(certificate.identity.chain == first)
    #expect(try certificate.renewIfDue(now: day(41)))
    #expect(certificate.identity.chain[0] != first[0])
    #expect(certificate.ends > ends)
    let kept = try LeafCertificate.load(from: folder.path("node.pem"))
    #expect(kept.chain == certificate.identity.chain, "the next start finds it")
    #expect(try !certificate.renewIfDue(now: day(42)))
  }

  @Test func isRenewedAtStartIfItEndedMeanwhile() throws {
    let certificate = try NodeCertificate(in: folder.url.path, now: day(100))
    #expect(certificate.ends > day(100))
  }

  /// Another authority is published by a running node alone.
  @Test func aNodeStartsWhoseAuthorityHasEnded() throws {
    let certificate = try NodeCertificate(in: folder.url.path, now: day(4_000))
    #expect(certificate.ends == day(60))
    var problem: Problem?
    do throws(Problem) { _ = try certificate.renewIfDue(now: day(4_000)) } catch { problem = error }
    #expect(problem?.code == "authority-expired" && problem?.next?.contains("vaka cert authority publish") == true)
  }

  @Test func staysAsItIsWhereTheAuthorityIsElsewhere() throws {
    try FileManager.default.removeItem(atPath: folder.path("authority.pem"))
    let certificate = try NodeCertificate(in: folder.url.path, now: day(50))
    #expect(try !certificate.renewIfDue(now: day(59)))
    #expect(certificate.ends < day(61))
  }
}
