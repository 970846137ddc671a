import Alliance
import CertificateBench
import Foundation
import Links
import Testing
import Wire

@Suite("The life of a link", .timeLimit(.minutes(2)))
struct LinkLifeTests {
  let alliance: BenchAlliance

  init() throws {
    alliance = try BenchAlliance()
  }

  @Test func oneLinkCarriesManyRequests() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      for number in 0..<50 {
        let response = try await client.get("/\(number)", timeout: .seconds(10))
        #expect(response.text == "se GET /\(number)  false 0")
        #expect(node.server.links == [alliance.se: 1])
      }
      await client.close()
    }
  }

  @Test func aLongPollLeavesOneLinkFree() async throws {
    let gate = Gate()
    try await RunningNode.run(in: alliance, handle: gate.holdingWait) { node in
      let client = try node.client()
      async let waiting = client.get("/wait", timeout: .seconds(20))
      try await gate.whenWaited()
      _ = try await client.get("/now", timeout: .seconds(10))
      #expect(node.server.links == [alliance.se: 2])
      async let third = client.get("/wait", timeout: .seconds(20))
      try await gate.whenWaited(2)
      let late = await client.failure(of: "/x", within: .milliseconds(50))
      #expect(late?.code == .timeout)
      gate.open()
      _ = try await (waiting, third)
      #expect(node.server.links == [alliance.se: 2])
      await client.close()
    }
  }

  @Test func aBodyGoesBothWays() async throws {
    let page = [UInt8](repeating: 5, count: 4 << 20)
    let mirror: RunningNode.Handler = { _, request in
      PeerResponse(status: 201, contentType: "application/protobuf", body: request.body)
    }
    try await RunningNode.run(in: alliance, handle: mirror) { node in
      let client = try node.client()
      let response = try await client.post("/push", body: page, timeout: .seconds(20))
      #expect(response == PeerResponse(status: 201, contentType: "application/protobuf", body: page))
      await client.close()
    }
  }

  @Test func aChangeOfRosterClosesLinks() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      let without = try alliance.trust(without: "se")
      node.change { $0.trust = without }
      node.server.closeLinks { $0 == alliance.no }
      #expect(node.server.links == [alliance.se: 1])
      node.server.closeLinks { $0 == alliance.se }
      #expect(node.server.links.isEmpty)
      let refused = await client.failure(of: "/")
      #expect(refused?.code == .refusedUs, "\(String(describing: refused))")
      #expect(try await node.nextRefusal().refusal.code == .notInRoster)
      let again = try alliance.trust()
      node.change { $0.trust = again }
      #expect(try await client.get("/", timeout: .seconds(10)).status == 200)
      await client.close()
    }
  }

  /// A record that takes a certificate back ends what was made with it, at both ends, and nothing else.
  @Test func aChangedRecordClosesOnlyWhatItRefuses() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      await node.server.judgeLinksAgain()
      await client.judgeLinksAgain(by: try alliance.trust())
      #expect(node.server.links == [alliance.se: 1])
      await client.judgeLinksAgain(by: try alliance.trust(without: "no"))
      try await eventually { node.server.links.isEmpty }
      #expect(try await client.get("/", timeout: .seconds(10)).status == 200)
      let without = try alliance.trust(without: "se")
      node.change { $0.trust = without }
      #expect(node.server.links == [alliance.se: 1], "open links keep what they were judged by")
      await node.server.judgeLinksAgain()
      #expect(node.server.links.isEmpty)
      await client.close()
    }
  }

  /// With a new certificate of ours, every link ends after the answer that is under way, and no request fails.
  @Test func linksAreRenewedWithoutARequestThatFails() async throws {
    let gate = Gate()
    try await RunningNode.run(in: alliance, handle: gate.holdingWait) { node in
      let client = try node.client()
      async let waiting = client.get("/wait", timeout: .seconds(10))
      try await gate.whenWaited()
      node.server.renewLinks()
      client.renewLinks()
      #expect(node.server.links == [alliance.se: 1], "it still carries a request")
      gate.open()
      #expect(try await waiting.status == 200)
      try await eventually { node.server.links.isEmpty }
      #expect(try await client.get("/", timeout: .seconds(10)).status == 200)
      client.renewLinks()
      try await eventually { node.server.links.isEmpty }
      await client.close()
    }
  }

  @Test func aHandshakeDuringAChangeOfRosterIsJudgedAgain() async throws {
    try await RunningNode.run(in: alliance) { node in
      let without = try alliance.trust(without: "se")
      node.change {
        $0.onTrust = { [weak node] in
          node?.change {
            $0.trust = without
            $0.onTrust = nil
          }
          node?.server.closeLinks { $0.rawValue == "se" }
        }
      }
      let client = try node.client()
      #expect(await client.failure(of: "/")?.code == .refusedUs)
      #expect(try await node.nextRefusal().refusal.code == .notInRoster)
      await client.close()
    }
  }

  @Test func nothingIsAnsweredOnceARosterHasClosedTheLink() async throws {
    let gate = Gate()
    try await RunningNode.run(in: alliance, handle: gate.holdingWait) { node in
      let client = try node.client()
      async let answer = client.failure(ofPosting: [1], to: "/wait")
      try await gate.whenWaited()
      node.server.closeLinks { _ in true }
      gate.open()
      #expect(await answer?.code == .closed)
      await client.close()
    }
  }

  @Test func aPausedPeerIsToldAndDisconnected() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      node.change { $0.paused = [alliance.se] }
      let response = try await client.get("/", timeout: .seconds(10))
      #expect(response.status == 503)
      #expect(response.problem?.code == "paused")
      try await eventually { node.server.links.isEmpty }
      await client.close()
    }
  }

  @Test func aLinkEndsWithItsCertificate() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      node.change { $0.now = Bench.future + 1 }
      let late = await client.failure(of: "/")
      #expect(late?.code == .refusedUs)
      #expect(try await node.nextRefusal().refusal.code == .expired)
      await client.close()
    }
  }

  @Test func aRenewedIdentityActsAtTheNextHandshake() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      let other = LinkIdentity(try alliance.leaf("se"))
      node.change { $0.identity = other }
      _ = try await client.get("/", timeout: .seconds(10))
      client.dropLinks()
      let refused = await client.failure(of: "/")
      #expect(refused?.refusal?.code == .wrongPeer)
      await client.close()
    }
  }

  /// A request on a kept-alive link is asked once more where the link turns out to have ended, but not where it was dropped.
  @Test func whatWasAskedBeforeTheLinksWereDroppedEnds() async throws {
    let gate = Gate()
    try await RunningNode.run(in: alliance, handle: gate.holdingWait) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      async let waiting = client.failure(of: "/wait", within: .seconds(60))
      try await gate.whenWaited()
      client.dropLinks()
      #expect(await waiting?.code == .closed)
      #expect(try await client.get("/", timeout: .seconds(10)).status == 200, "what is asked next finds a free place")
      gate.open()
      await client.close()
    }
  }

  @Test func aPeerHoldsOnlySoManyLinks() async throws {
    var limits = LinkLimits()
    limits.linksPerPeer = 1
    try await RunningNode.run(in: alliance, limits: limits) { node in
      let first = try node.client()
      _ = try await first.get("/", timeout: .seconds(10))
      let second = try node.client()
      let refused = await second.failure(of: "/")
      #expect(refused?.code == .refusedUs)
      #expect(try await node.nextRefusal().refusal.code == .tooManyLinks)
      await first.close()
      try await eventually { node.server.links.isEmpty }
      _ = try await second.get("/", timeout: .seconds(10))
      await second.close()
    }
  }

  @Test func anIdleLinkIsClosedAndReplaced() async throws {
    var limits = LinkLimits()
    // Longer than a handshake may take, which counts as idle too.
    limits.idle = limits.handshake + .seconds(1)
    try await RunningNode.run(in: alliance, limits: limits) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      try await eventually(.seconds(60)) { node.server.links.isEmpty }
      _ = try await client.get("/", timeout: .seconds(10))
      await client.close()
    }
  }

  @Test func aStoppingServerEndsLongPolls() async throws {
    let gate = Gate()
    let client = try await RunningNode.run(in: alliance, handle: gate.holdingWait) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      Task { _ = try? await client.get("/wait", timeout: .seconds(60)) }
      try await gate.whenWaited()
      return client
    }
    let gone = await client.failure(of: "/")
    #expect(gone?.code == .unreachable)
    await client.close()
  }
}
