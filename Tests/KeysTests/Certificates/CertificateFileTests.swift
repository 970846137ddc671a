import AllianceBench
import CertificateBench
import Foundation
import Keys
import Testing
import Wire

@Suite("Certificates on disk")
struct CertificateFileTests {
  let now = Date(timeIntervalSince1970: 1_900_000_000)
  let authority: CertificateAuthority

  init() throws {
    authority = try CertificateAuthority.make(trustDomain: "vaka.se.example", organisation: "Sverige", now: now)
  }

  @Test func theyComeBackAsTheyWere() throws {
    let folder = try TemporaryFolder()
    let leaf = try authority.issueLeaf(now: now)
    try authority.save(to: folder.path("authority.pem"))
    try leaf.save(to: folder.path("node.pem"))
    let loaded = try CertificateAuthority.load(from: folder.path("authority.pem"))
    #expect(loaded.certificateDER == authority.certificateDER)
    #expect(loaded.trustDomain == "vaka.se.example")
    let again = try LeafCertificate.load(from: folder.path("node.pem"))
    #expect(again.chain == leaf.chain)
    #expect(again.privateKeyPEM == leaf.privateKeyPEM)
    #expect(again.notAfter == leaf.notAfter)
    _ = try loaded.issueLeaf(now: now)
  }

  @Test func onlyTheOwnerMayReadThem() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("authority.pem")
    try authority.save(to: file)
    try authority.save(to: file)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["authority.pem"])
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    #expect(problemCode { _ = try CertificateAuthority.load(from: file) } == "key-file-open")
  }

  @Test func whatIsNotThereOrNotOneIsSaid() throws {
    let folder = try TemporaryFolder()
    #expect(problemCode { _ = try LeafCertificate.load(from: folder.path("none.pem")) } == "file-missing")
    #expect(problemCode { try authority.save(to: folder.path("no/such/folder.pem")) } == "file-not-written")
    let leaf = try authority.issueLeaf(now: now)
    try leaf.save(to: folder.path("node.pem"))
    #expect(problemCode { _ = try CertificateAuthority.load(from: folder.path("node.pem")) } == "not-an-authority")
    let text = try String(contentsOfFile: folder.path("node.pem"), encoding: .utf8)
    for length in [0, 100, text.count - 60] {
      try Data(text.prefix(length).utf8).write(to: folder.url.appendingPathComponent("node.pem"))
      #expect(problemCode { _ = try LeafCertificate.load(from: folder.path("node.pem")) } == "bad-certificate")
    }
  }

  @Test func aDescriptionDoesNotShowTheKey() throws {
    let leaf = try authority.issueLeaf(now: now)
    var text = "\(leaf) \(String(reflecting: leaf))"
    dump(leaf, to: &text)
    #expect(!text.contains("PRIVATE"))
  }
}

@Suite("When a certificate is renewed")
struct LeafRenewalTests {
  let start = Date(timeIntervalSince1970: 1_900_000_000)

  private func advice(after days: Double, of life: Double = 60, authorityAtHand: Bool) -> LeafRenewal {
    LeafRenewal.advice(
      notBefore: start, notAfter: start + life * 86_400, now: start + days * 86_400, authorityAtHand: authorityAtHand)
  }

  @Test func withTheAuthorityAtHand() {
    #expect(advice(after: 0, authorityAtHand: true) == .none)
    #expect(advice(after: 40, authorityAtHand: true) == .none)
    #expect(advice(after: 40.01, authorityAtHand: true) == .renew)
    #expect(advice(after: 100, authorityAtHand: true) == .renew)
    #expect(advice(after: 60.01, of: 90, authorityAtHand: true) == .renew)
    #expect(advice(after: -0.01, authorityAtHand: true) == .renew, "made while the clock was ahead")
  }

  @Test func withoutIt() {
    #expect(advice(after: 30, authorityAtHand: false) == .none)
    #expect(advice(after: 30.01, authorityAtHand: false) == .warn(daysLeft: 29))
    #expect(advice(after: 59.5, authorityAtHand: false) == .warn(daysLeft: 0))
    #expect(advice(after: 60, authorityAtHand: false) == .expired)
    #expect(advice(after: 15, of: 30, authorityAtHand: false) == .none)
    #expect(advice(after: 15.01, of: 30, authorityAtHand: false) == .warn(daysLeft: 14))
    #expect(advice(after: 60.01, of: 90, authorityAtHand: false) == .warn(daysLeft: 29))
  }
}
