import Foundation
import LogBench
import Logging
import NodeBench
import Testing

@testable import Telemetry

/// The listener on a real socket.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HealthServerTests {
  private let port: Int
  private let lines = LogLines()

  init() throws {
    port = try #require(try TestAlliance.freePorts(1).first)
  }

  /// Runs a server while the body runs.
  private func serving(_ limits: HealthLimits = HealthLimits(), _ body: () async throws -> Void) async throws {
    let server = HealthServer(
      host: "127.0.0.1", port: port,
      source: HealthSource(sickness: { nil }, unreadiness: { "waiting" }, metrics: { [] }), limits: limits,
      logger: Logger(label: "test") { [lines] _ in LineLogHandler(lines: lines) })
    let running = Task { try await server.run() }
    defer { running.cancel() }
    try await body()
  }

  /// On a thread of its own, because it blocks, and the listener needs those of the pool.
  private func exchange(_ request: String) async -> String? {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [port] in continuation.resume(returning: PlainHTTP.exchange(port, request)) }
    }
  }

  private func ask(_ path: String, method: String = "GET") async -> PlainHTTP? {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [port] in continuation.resume(returning: PlainHTTP.ask(port, path, method: method)) }
    }
  }

  private func wait(for what: String, until condition: () async -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while await !condition() {
      try #require(ContinuousClock.now < deadline, "waited in vain for \(what)")
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  @Test func answersOneRequestAConnection() async throws {
    try await serving {
      try await wait(for: "the listener") { await ask("/healthz")?.status == 200 }
      let answer = try #require(await ask("/readyz"))
      #expect(answer.status == 503 && answer.body == "waiting\n")
      #expect(answer.headers["connection"] == "close")
      #expect(await ask("/metrics", method: "DELETE")?.headers["allow"] == "GET")
      #expect(await ask("/metrics?x=1")?.status == 200)
      let two = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
      let text = try #require(await exchange(two + two))
      #expect(text.components(separatedBy: "HTTP/1.1").count == 2, "the second request is not answered: \(text)")
    }
  }

  @Test func bytesThatAreNoRequestGetA400() async throws {
    try await serving {
      try await wait(for: "the listener") { await ask("/healthz") != nil }
      #expect(await exchange("\u{16}\u{3}\u{1} hello\r\n\r\n")?.hasPrefix("HTTP/1.1 400") == true)
      #expect(await ask("/healthz")?.status == 200, "and the next one its answer")
    }
  }

  @Test func nobodyHoldsAPlaceForLong() async throws {
    var limits = HealthLimits()
    limits.lifetime = .milliseconds(300)
    try await serving(limits) {
      try await wait(for: "the listener") { await ask("/healthz") != nil }
      // Half a request, and then nothing.
      #expect(await exchange("GET /healthz HTTP/1.1\r\n") == "")
      // Never idle, and never done.
      let isOver = await withCheckedContinuation { continuation in
        Thread.detachNewThread { [port] in continuation.resume(returning: PlainHTTP.drip(port, atMost: 30)) }
      }
      #expect(isOver)
    }
  }

  @Test func aPortThatIsTakenIsTakenOverWhenItIsFree() async throws {
    let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(isBound == 0 && listen(other, 1) == 0)
    var limits = HealthLimits()
    limits.retryPause = .milliseconds(20)
    try await serving(limits) {
      try await wait(for: "the warning") { !lines.all.isEmpty }
      close(other)
      try await wait(for: "the listener") { await ask("/healthz")?.status == 200 }
      #expect(lines.all.count == 2, "one warning however often it failed, and that it works: \(lines.all)")
      #expect(lines.all.first?.hasPrefix("warning health and metrics are not answered") == true)
      #expect(lines.all.first?.contains("vaka.health.listen=127.0.0.1:\(port)") == true)
      #expect(lines.all.first?.contains("--health-listen") == true)
    }
  }
}
