import Alliance
import CertificateBench
import Foundation
import Links
import Testing
import Wire
import X509

@Suite("Handshakes", .timeLimit(.minutes(2)))
struct HandshakeTests {
  @Test(arguments: [LeafShape.KeyKind.p256, .ed25519], [LeafShape.KeyKind.p256, .ed25519])
  func membersMeet(_ client: LeafShape.KeyKind, server: LeafShape.KeyKind) async throws {
    let alliance = try BenchAlliance()
    let settings = try RunningNode.Settings(
      trust: alliance.trust(), identity: LinkIdentity(alliance.leaf("no") { $0.keyKind = server }))
    try await RunningNode.run(in: alliance, settings) { node in
      let client = try node.client(try alliance.leaf("se") { $0.keyKind = client })
      let response = try await client.get("/peer/v1/hello?a=1&b=%2F", timeout: .seconds(10))
      #expect(response.status == 200)
      #expect(response.text == "se GET /peer/v1/hello a=1&b=/ false 0")
      #expect(node.server.links == [alliance.se: 1])
      #expect(node.refusals.isEmpty)
      await client.close()
    }
  }

  @Test(arguments: RefusalCase.all.filter(\.handshake))
  func aServerRefuses(_ refusal: RefusalCase) async throws {
    let alliance = try BenchAlliance()
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client(try refusal.leaf(in: alliance, as: .client))
      let failure = await client.failure(of: "/")
      #expect(failure?.code == .refusedUs, "\(String(describing: failure))")
      #expect(failure?.alert == "certificate unknown")
      let report = try await node.nextRefusal()
      #expect(report.refusal.code == refusal.code, "\(report)")
      #expect(refusal.reason.isEmpty || report.refusal.reason.contains(refusal.reason), "\(report)")
      #expect(report.at == Bench.now)
      #expect(report.remoteAddress.hasPrefix("127.0.0.1:"))
      #expect(node.refusals.count == 1)
      #expect(node.server.links.isEmpty)
      await client.close()
    }
  }

  @Test(arguments: RefusalCase.all.filter(\.handshake))
  func aClientRefuses(_ refusal: RefusalCase) async throws {
    let alliance = try BenchAlliance()
    let leaf = try refusal.leaf(in: alliance, as: .server)
    let settings = try RunningNode.Settings(trust: alliance.trust(), identity: LinkIdentity(leaf))
    try await RunningNode.run(in: alliance, settings) { node in
      let reports = Refusals()
      let client = try node.client(try alliance.leaf("no"), dialling: "se", refused: { reports.add($0) })
      let failure = await client.failure(of: "/")
      #expect(failure?.code == .refusedThem, "\(String(describing: failure))")
      #expect(failure?.refusal?.code == refusal.code)
      #expect(reports.all.map(\.refusal.code) == [refusal.code])
      let told = try await node.nextRefusal()
      #expect(told.refusal.code == .refusedUs)
      #expect(told.refusal.reason.contains("certificate unknown"), "\(told)")
      await client.close()
    }
  }

  @Test func aClientRefusesAnotherMemberThanItDialled() async throws {
    let alliance = try BenchAlliance()
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client(dialling: "se")
      let failure = await client.failure(of: "/")
      #expect(failure?.refusal?.code == .wrongPeer)
      await client.close()
    }
  }

  @Test func aClientWithoutACertificateIsTold() async throws {
    let alliance = try BenchAlliance()
    try await RunningNode.run(in: alliance) { node in
      let key = try alliance.leaf("se").privateKeyPEM
      let client = try node.client(BenchLeaf(chain: [], privateKeyPEM: key))
      let failure = await client.failure(of: "/")
      #expect([.refusedUs, .ownIdentity].contains(failure?.code), "\(String(describing: failure))")
      await client.close()
    }
  }

  @Test func aRefusedUploadStillLearnsTheAlert() async throws {
    let alliance = try BenchAlliance()
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client(try alliance.leaf("dk"))
      let page = [UInt8](repeating: 7, count: 4 << 20)
      let failure = await client.failure(ofPosting: page, to: "/peer/v1/push")
      #expect(failure?.code == .refusedUs, "\(String(describing: failure))")
      await client.close()
    }
  }

  @Test func aSlowHandshakeIsEnded() async throws {
    var limits = LinkLimits()
    limits.handshake = .milliseconds(100)
    try await RunningNode.run(in: try BenchAlliance(), limits: limits) { node in
      let socket = try await RawSocket.connect(port: node.port)
      // The beginning of a TLS record that never comes.
      await socket.send([0x16, 0x03, 0x01])
      #expect(try await node.nextRefusal().refusal.code == .handshakeTimeout)
      try await socket.waitForEnd()
    }
  }

  @Test func whatIsNotTLSIsRefused() async throws {
    try await RunningNode.run(in: try BenchAlliance()) { node in
      let socket = try await RawSocket.connect(port: node.port)
      await socket.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
      #expect(try await node.nextRefusal().refusal.code == .handshakeFailed)
      try await socket.waitForEnd()
    }
  }

  @Test func ourOwnCertificateIsCheckedInBothRoles() async throws {
    let alliance = try BenchAlliance()
    let trust = try alliance.trust()
    func check(_ leaf: BenchLeaf, _ coalition: String = "se") async throws -> PeerRefusalCode? {
      await checkOwnCertificate(
        identity: LinkIdentity(leaf), trust: trust, now: Bench.now, coalition: try Bench.coalition(coalition))?.code
    }
    #expect(try await check(try alliance.leaf("se")) == nil)
    #expect(try await check(try alliance.leaf("se") { $0.extendedKeyUsage = [.clientAuth] }) == .wrongExtendedKeyUsage)
    #expect(try await check(try alliance.leaf("se") { $0.extendedKeyUsage = [.serverAuth] }) == .wrongExtendedKeyUsage)
    #expect(try await check(try alliance.leaf("dk"), "dk") == .notInRoster)
    #expect(try await check(try alliance.leaf("no")) == .wrongPeer)
  }
}
