import CertificateBench
import Links
import LogBench
import Logging
import Testing

@Suite("The refuser's log")
struct RefusalLogTests {
  @Test func saysExactlyWhy() async throws {
    let alliance = try BenchAlliance()
    let lines = LogLines()
    let logger = Logger(label: "test") { _ in LineLogHandler(lines: lines) }
    try await RunningNode.run(in: alliance, logger: logger) { node in
      let forged = try alliance.authority("no").issue(LeafShape(domain: try BenchAlliance.domain("se")))
      let client = try node.client(forged)
      #expect(await client.failure(of: "/")?.code == .refusedUs)
      _ = try await node.nextRefusal()
      await client.close()
    }
    let line = try #require(lines.all.first)
    #expect(lines.all.count == 1)
    #expect(line.contains("warning link refused"))
    #expect(line.contains("vaka.link.code=another-members-authority"))
    #expect(line.contains("vaka.link.reason=signed by the authority of no, not of se"))
    #expect(line.contains("vaka.link.claimed=spiffe://vaka.se.example/node"))
    #expect(line.contains("vaka.link.remote=127.0.0.1:"))
  }
}
