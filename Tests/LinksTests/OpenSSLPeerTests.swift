import Alliance
import CertificateBench
import Foundation
import Links
import Testing
import Wire
import X509

@Suite("OpenSSL at the other end", .timeLimit(.minutes(2)))
struct OpenSSLPeerTests {
  static let request =
    "GET /peer/v1/hello?x=1 HTTP/1.1\r\nHost: node\r\nAccept: application/json\r\nConnection: close\r\n\r\n"

  private func client(
    _ node: RunningNode, _ leaf: BenchLeaf?, _ folder: TemporaryFolder, _ more: [String] = []
  ) async throws -> OpenSSL.Outcome {
    var arguments = ["s_client", "-connect", "127.0.0.1:\(node.port)", "-ign_eof"]
    if let leaf {
      let file = try folder.write(leaf)
      arguments += ["-cert", file, "-key", file]
    }
    return try await OpenSSL.run(arguments + more, input: Self.request)
  }

  @Test func aMemberIsLetIn() async throws {
    let alliance = try BenchAlliance()
    let folder = try TemporaryFolder()
    try await RunningNode.run(in: alliance) { node in
      let outcome = try await client(node, try alliance.leaf("se"), folder, ["-alpn", "http/1.1"])
      #expect(outcome.output.contains("HTTP/1.1 200 OK"), "\(outcome.output)")
      #expect(outcome.output.contains("se GET /peer/v1/hello x=1 true 0"))
      #expect(outcome.output.contains("New, TLSv1.3"))
      #expect(outcome.output.contains("ALPN protocol: http/1.1"))
      #expect(outcome.output.contains("Early data was not sent"))
      #expect(!outcome.output.lowercased().contains("\r\nx-"))
      #expect(node.refusals.isEmpty)
    }
  }

  @Test func tls12IsRefused() async throws {
    let alliance = try BenchAlliance()
    let folder = try TemporaryFolder()
    try await RunningNode.run(in: alliance) { node in
      let outcome = try await client(node, try alliance.leaf("se"), folder, ["-tls1_2"])
      #expect(outcome.status != 0)
      #expect(outcome.output.contains("alert protocol version"), "\(outcome.output)")
      #expect(try await node.nextRefusal().refusal.code == .tlsVersion)
    }
  }

  @Test func noClientCertificateIsRefused() async throws {
    let folder = try TemporaryFolder()
    try await RunningNode.run(in: try BenchAlliance()) { node in
      let outcome = try await client(node, nil, folder)
      #expect(outcome.output.contains("alert certificate required"), "\(outcome.output)")
      #expect(!outcome.output.contains("HTTP/1.1 "))
      #expect(try await node.nextRefusal().refusal.code == .noCertificate)
    }
  }

  @Test(arguments: RefusalCase.all)
  func everyCaseIsRefused(_ refusal: RefusalCase) async throws {
    let alliance = try BenchAlliance()
    let folder = try TemporaryFolder()
    try await RunningNode.run(in: alliance) { node in
      let outcome = try await client(node, try refusal.leaf(in: alliance, as: .client), folder)
      #expect(!outcome.output.contains("HTTP/1.1 "), "\(outcome.output)")
      // OpenSSL does not offer a key of a kind that the server did not ask for, and goes without.
      let expected = refusal.code == .algorithm ? .noCertificate : refusal.code
      #expect(try await node.nextRefusal().refusal.code == expected)
    }
  }

  @Test func aSessionIsNotResumed() async throws {
    let alliance = try BenchAlliance()
    let folder = try TemporaryFolder()
    try await RunningNode.run(in: alliance) { node in
      let session = folder.path("session.pem")
      let first = try await client(node, try alliance.leaf("se"), folder, ["-sess_out", session])
      #expect(first.output.contains("HTTP/1.1 200 OK"))
      #expect(FileManager.default.fileExists(atPath: session), "no ticket was given, so none could be tried")
      let second = try await client(node, try alliance.leaf("se"), folder, ["-sess_in", session])
      #expect(second.output.contains("HTTP/1.1 200 OK"))
      #expect(!second.output.contains("Reused,"), "\(second.output)")
    }
  }

  @Test func ourClientRefusesAServer() async throws {
    let alliance = try BenchAlliance()
    let folder = try TemporaryFolder()
    let wrongUsage = try alliance.leaf("se") { $0.keyUsage = KeyUsage(keyAgreement: true) }
    #expect(try await ask(wrongUsage, in: alliance, folder, []) == .refused(.wrongKeyUsage))
    #expect(try await ask(try alliance.leaf("se"), in: alliance, folder, ["-tls1_2"]) == .other(.refusedUs))
    #expect(try await ask(try alliance.leaf("se"), in: alliance, folder, ["-tls1_3"]) == .answered)
  }

  private enum Answer: Equatable {
    case answered
    case refused(PeerRefusalCode)
    case other(LinkFailure.Code)
  }

  /// Dials an `openssl s_server` that shows the leaf.
  private func ask(
    _ leaf: BenchLeaf, in alliance: BenchAlliance, _ folder: TemporaryFolder, _ more: [String]
  ) async throws -> Answer {
    let file = try folder.write(leaf, "server.pem")
    let server = try OpenSSL.Running(
      ["s_server", "-accept", "127.0.0.1:0", "-cert", file, "-key", file, "-www", "-Verify", "1"] + more)
    defer { server.stop() }
    let listening = /ACCEPT 127\.0\.0\.1:(\d+)/
    try await eventually { server.output.contains(listening) }
    let port = try #require(server.output.firstMatch(of: listening).flatMap { Int($0.1) })
    let identity = LinkIdentity(try alliance.leaf("no"))
    let trust = try alliance.trust()
    let client = PeerClient(
      coalition: alliance.se, endpoints: [try #require(Endpoint("127.0.0.1:\(port)"))],
      identity: { identity }, trust: { trust }, now: { Bench.now })
    let found = await client.failure(of: "/")
    await client.close()
    guard let found else { return .answered }
    return found.refusal.map { .refused($0.code) } ?? .other(found.code)
  }
}
