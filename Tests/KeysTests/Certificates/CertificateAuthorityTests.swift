import Alliance
import CertificateBench
import Foundation
import Keys
import Testing
import Wire

@Suite("A coalition's certificate authority", .timeLimit(.minutes(1)))
struct CertificateAuthorityTests {
  static let domain = "vaka.se.example"
  // The real time, because OpenSSL judges by it.
  let now = Date()
  let authority: CertificateAuthority

  init() throws {
    authority = try CertificateAuthority.make(trustDomain: Self.domain, organisation: "Sverige AB", now: now)
  }

  private func trust() throws -> PeerTrust {
    PeerTrust(members: [
      MemberAuthority(
        coalition: try Bench.coalition("se"), trustDomain: Self.domain, authorities: [authority.certificateDER])
    ])
  }

  @Test(arguments: PeerRole.allCases)
  func itsLeafIsAcceptedByPeers(_ role: PeerRole) async throws {
    let leaf = try authority.issueLeaf(now: now)
    let trust = try trust()
    #expect(trust.problems.isEmpty)
    for days in [0.0, 59.9] {
      let verdict = await trust.judge(chain: leaf.chain, at: now + days * 86_400, role: role, expecting: nil)
      #expect(throws: Never.self) { try verdict.get() }
    }
    let late = await trust.judge(chain: leaf.chain, at: now + 60.1 * 86_400, role: role, expecting: nil)
    #expect(throws: PeerRefusal.self) { try late.get() }
  }

  @Test func openSSLAcceptsTheLeafForBothPurposes() async throws {
    let folder = try TemporaryFolder()
    let (ca, node) = try save(try authority.issueLeaf(now: now), in: folder)
    for purpose in ["sslserver", "sslclient"] {
      let outcome = try await OpenSSL.run(
        ["verify", "-x509_strict", "-check_ss_sig", "-purpose", purpose, "-CAfile", ca, node])
      #expect(outcome.status == 0, "\(outcome.output)")
    }
    let named = try await OpenSSL.run(["verify", "-verify_hostname", "node.\(Self.domain)", "-CAfile", ca, node])
    #expect(named.status == 0, "\(named.output)")
  }

  @Test func openSSLReadsTheProfile() async throws {
    let folder = try TemporaryFolder()
    let (ca, node) = try save(try authority.issueLeaf(now: now), in: folder)
    let leaf = try await OpenSSL.run(["x509", "-in", node, "-noout", "-text"]).output
    #expect(leaf.contains("URI:spiffe://vaka.se.example/node, DNS:node.vaka.se.example"))
    #expect(leaf.contains("CA:FALSE"))
    #expect(leaf.contains("TLS Web Server Authentication, TLS Web Client Authentication"))
    #expect(leaf.contains("X509v3 Key Usage: critical\n                Digital Signature\n"))
    let root = try await OpenSSL.run(["x509", "-in", ca, "-noout", "-text"]).output
    #expect(root.contains("CA:TRUE, pathlen:0"))
    #expect(root.contains("X509v3 Name Constraints: critical"))
    #expect(
      root.contains("Permitted:\n                  DNS:node.vaka.se.example\n                  URI:vaka.se.example"))
    #expect(root.contains("Subject: O = Sverige AB"))
    #expect(root.contains("Public-Key: (256 bit)"))
  }

  /// The same judgement by two libraries: a name outside of the constraints is refused by both.
  @Test func openSSLAndPeersRefuseAnotherName() async throws {
    let folder = try TemporaryFolder()
    for uri in ["spiffe://vaka.no.example/node", "spiffe://sub.vaka.no.example/node", "spiffe:node"] {
      let bench = try BenchAuthority("constrained", constrainedTo: Self.domain)
      let leaf = try bench.issue(LeafShape(domain: Self.domain) { $0.uris = [uri] })
      let file = try folder.write(leaf)
      let ca = try folder.write(BenchLeaf(chain: [try bench.der], privateKeyPEM: ""), "ca.pem")
      let outcome = try await OpenSSL.run(
        ["verify", "-attime", "\(Int(Bench.now.timeIntervalSince1970))", "-CAfile", ca, file])
      #expect(outcome.status != 0)
      #expect(outcome.output.contains("permitted subtree violation") || outcome.output.contains("syntax"))
    }
  }

  @Test func aLeafIsForTheAuthoritysOwnTrustDomainOnly() async throws {
    let other = try CertificateAuthority.make(trustDomain: "vaka.no.example", organisation: "Norge", now: now)
    let leaf = try other.issueLeaf(now: now)
    let verdict = try await trust().judge(chain: leaf.chain, at: now, role: .client, expecting: nil)
    #expect(throws: PeerRefusal.self) { try verdict.get() }
  }

  @Test func everyLeafHasItsOwnKeyAndSerial() throws {
    let one = try authority.issueLeaf(now: now)
    let two = try authority.issueLeaf(now: now)
    #expect(one.privateKeyPEM != two.privateKeyPEM)
    #expect(one.chain != two.chain)
    #expect(try authority.issueLeaf(now: now, privateKeyPEM: one.privateKeyPEM).privateKeyPEM == one.privateKeyPEM)
  }

  @Test(arguments: ["", "one", "UPPER.example", "a..b", "-a.b", "a.b-", "a_b.c", "ö.example", "a.b\n"])
  func whatIsNoTrustDomainIsRefused(_ text: String) throws {
    #expect(throws: Problem.self) {
      try CertificateAuthority.make(trustDomain: text, organisation: "x", now: Date())
    }
    #expect(throws: Problem.self) { try CertificateRequest.make(trustDomain: text) }
  }

  @Test(arguments: [0, -1, 91, Int.max])
  func aLifeOutsideOfTheRangeIsRefused(_ days: Int) {
    #expect(throws: Problem.self) { try authority.issueLeaf(days: days, now: now) }
  }

  @Test func aLeafDoesNotOutliveItsAuthority() {
    #expect {
      try authority.issueLeaf(now: authority.notAfter - 86_400)
    } throws: {
      ($0 as? Problem)?.code == "authority-expired"
    }
  }

  @Test func anAuthorityElsewhereCanSignTheRequest() async throws {
    let folder = try TemporaryFolder()
    let request = try CertificateRequest.make(trustDomain: Self.domain)
    try request.requestPEM.write(toFile: folder.path("node.csr"), atomically: true, encoding: .utf8)
    try authority.save(to: folder.path("authority.pem"))
    let checked = try await OpenSSL.run(["req", "-in", folder.path("node.csr"), "-noout", "-verify", "-text"])
    #expect(checked.status == 0)
    #expect(checked.output.contains("URI:spiffe://vaka.se.example/node, DNS:node.vaka.se.example"), "\(checked.output)")
    let signed = try await OpenSSL.run([
      "x509", "-req", "-in", folder.path("node.csr"), "-CA", folder.path("authority.pem"), "-days", "30",
      "-copy_extensions", "copyall", "-out", folder.path("node.pem"),
    ])
    #expect(signed.status == 0, "\(signed.output)")
    let certificate = try String(contentsOfFile: folder.path("node.pem"), encoding: .utf8)
    let leaf = try LeafCertificate(chainPEM: certificate, privateKeyPEM: request.privateKeyPEM)
    let verdict = try await trust().judge(chain: leaf.chain, at: Date() + 1, role: .server, expecting: nil)
    #expect(throws: Never.self) { try verdict.get() }
    let otherKey = try CertificateRequest.make(trustDomain: Self.domain).privateKeyPEM
    #expect {
      try LeafCertificate(chainPEM: certificate, privateKeyPEM: otherKey)
    } throws: {
      ($0 as? Problem)?.code == "key-mismatch"
    }
  }

  /// Saves both and names a file with the authority and one with the leaf.
  private func save(_ leaf: LeafCertificate, in folder: borrowing TemporaryFolder) throws -> (String, String) {
    try authority.save(to: folder.path("authority.pem"))
    try leaf.save(to: folder.path("node.pem"))
    return (folder.path("authority.pem"), folder.path("node.pem"))
  }
}
