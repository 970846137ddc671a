import Alliance
import CertificateBench
import Foundation
import Links
import Testing
import Wire

@Suite("The limits of a link", .timeLimit(.minutes(2)))
struct LinkLimitTests {
  let alliance: BenchAlliance

  init() throws {
    alliance = try BenchAlliance()
  }

  @Test func anAnswerTooLargeIsGivenUp() async throws {
    var limits = LinkLimits()
    limits.responseBody = 1000
    let zeros: RunningNode.Handler = { _, request in
      let count = request.path == "/1001" ? 1001 : 1000
      return PeerResponse(status: 200, contentType: "text/plain", body: [UInt8](repeating: 0, count: count))
    }
    try await RunningNode.run(in: alliance, handle: zeros) { node in
      let client = try node.client(limits: limits)
      #expect(try await client.get("/1000", timeout: .seconds(10)).body.count == 1000)
      let large = await client.failure(of: "/1001")
      #expect(large?.code == .tooLarge)
      #expect(try await client.get("/1000", timeout: .seconds(10)).body.count == 1000)
      await client.close()
    }
  }

  @Test func aRequestTooLargeIsToldAndDisconnected() async throws {
    var limits = LinkLimits()
    limits.requestBody = 1000
    try await RunningNode.run(in: alliance, limits: limits) { node in
      let client = try node.client()
      let exact = [UInt8](repeating: 0, count: 1000)
      #expect(try await client.post("/", body: exact, timeout: .seconds(10)).status == 200)
      let response = try await client.post("/", body: exact + [0], timeout: .seconds(10))
      #expect(response.status == 413)
      #expect(response.problem?.code == "too-large")
      try await eventually { node.server.links.isEmpty }
      await client.close()
    }
  }

  @Test func aLongPathIsRefused() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      let path = "/" + String(repeating: "a", count: 8192)
      let response = try? await client.get(path, timeout: .seconds(10))
      #expect(response?.status == 414 || response?.status == 400)
      await client.close()
    }
  }

  @Test(arguments: ["", "no-slash", "/a b", "/a\r\nHost: x", "/ö"])
  func aPathThatWouldBreakTheRequestIsNotSent(_ path: String) async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      let failure = await client.failure(of: path)
      #expect(failure?.code == .protocolError)
      await client.close()
    }
  }

  @Test func anAnswerTooLateIsGivenUp() async throws {
    let gate = Gate()
    try await RunningNode.run(in: alliance, handle: gate.holdingWait) { node in
      let client = try node.client()
      let late = await client.failure(of: "/wait", within: .milliseconds(100))
      #expect(late?.code == .timeout)
      gate.open()
      #expect(try await client.get("/", timeout: .seconds(10)).status == 200)
      await client.close()
    }
  }

  @Test func aSilentServerIsGivenUp() async throws {
    let silent = try await SilentServer()
    let alliance = alliance
    let trust = try alliance.trust()
    let identity = LinkIdentity(try alliance.leaf("se"))
    let client = PeerClient(
      coalition: alliance.no, endpoints: [try #require(Endpoint("127.0.0.1:\(silent.port)"))],
      identity: { identity }, trust: { trust })
    let late = await client.failure(of: "/", within: .milliseconds(100))
    #expect(late?.code == .timeout)
    await client.close()
    try await silent.close()
  }

  @Test func theNextEndpointIsTried() async throws {
    try await RunningNode.run(in: alliance) { node in
      // Port 1 is never given out, so no other test can listen there meanwhile.
      let closed = try #require(Endpoint("127.0.0.1:1"))
      let client = try node.client()
      client.setEndpoints([closed, try node.endpoint])
      #expect(try await client.get("/", timeout: .seconds(10)).status == 200)
      client.setEndpoints([closed])
      client.dropLinks()
      let gone = await client.failure(of: "/")
      #expect(gone?.code == .unreachable)
      await client.close()
    }
  }

  @Test func aClosedClientAnswersNothing() async throws {
    try await RunningNode.run(in: alliance) { node in
      let client = try node.client()
      _ = try await client.get("/", timeout: .seconds(10))
      await client.close()
      try await eventually { node.server.links.isEmpty }
      let closed = await client.failure(of: "/")
      #expect(closed?.code == .closed)
    }
  }

  @Test func aCancelledRequestEnds() async throws {
    let gate = Gate()
    try await RunningNode.run(in: alliance, handle: gate.holdingWait) { node in
      let client = try node.client()
      let asking = Task { await client.failure(of: "/wait", within: .seconds(60)) }
      try await gate.whenWaited()
      asking.cancel()
      #expect(try await within { await asking.value }?.code == .closed)
      gate.open()
      await client.close()
    }
  }

  @Test func aPlaceHeldBySilenceIsFreed() async throws {
    var limits = LinkLimits()
    limits.connections = 1
    limits.handshake = .milliseconds(200)
    try await RunningNode.run(in: alliance, limits: limits) { node in
      let socket = try await RawSocket.connect(port: node.port)
      let client = try node.client()
      // On a busy machine the limit may end an honest handshake too.
      try await eventually { await client.failure(of: "/") == nil }
      try await socket.waitForEnd()
      await client.close()
    }
  }

  @Test func aBodyThatTricklesIsGivenUp() async throws {
    var limits = LinkLimits()
    limits.transfer = .milliseconds(200)
    try await expectEnd(of: "POST / HTTP/1.1\r\nHost: node\r\nContent-Length: 10\r\n\r\nab", limits: limits)
  }

  @Test func aRequestThatNeverComesIsGivenUp() async throws {
    var limits = LinkLimits()
    limits.idle = .seconds(3)
    try await expectEnd(of: "GET / HTTP/1.1\r\nHost: no", limits: limits)
  }

  @Test(arguments: [
    "X: \(String(repeating: "a", count: 9 << 10))\r\n",
    String(repeating: "X: \(String(repeating: "a", count: 1000))\r\n", count: 20),
    String(repeating: "X: y\r\n", count: 65),
  ])
  func headersBeyondTheLimitAreRefused(_ headers: String) async throws {
    try await expectEnd(of: "GET / HTTP/1.1\r\nHost: node\r\n\(headers)\r\n", limits: LinkLimits())
  }

  /// Sends the text as a member and expects the server to end the link without a 200.
  private func expectEnd(of request: String, limits: LinkLimits) async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(try alliance.leaf("se"))
    try await RunningNode.run(in: alliance, limits: limits) { node in
      let arguments = ["s_client", "-connect", "127.0.0.1:\(node.port)", "-cert", file, "-key", file, "-ign_eof"]
      let outcome = try await OpenSSL.run(arguments, input: request)
      #expect(outcome.output.contains("New, TLSv1.3"), "\(outcome.output)")
      #expect(!outcome.output.contains("HTTP/1.1 200"), "\(outcome.output)")
      #expect(node.refusals.isEmpty)
    }
  }
}
