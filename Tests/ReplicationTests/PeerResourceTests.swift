import Replication
import Testing
import Wire

/// Paths of resources, both ways.
@Suite struct PeerResourceTests {
  private static func read(_ text: String) -> PeerResource? {
    let parts = text.split(separator: "?", maxSplits: 1)
    var query: [String: String] = [:]
    for pair in parts.dropFirst().joined().split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1)
      query[String(sides[0])] = sides.count > 1 ? String(sides[1]) : ""
    }
    return PeerResource(path: parts.first.map(String.init) ?? "", query: query)
  }

  @Test func readsWhatItWrites() throws {
    let se = try ReplicationBench.id("se")
    let all: [PeerResource] = [
      .hello, .roster(1), .records(se), .frontier, .heads(after: nil, wait: 0), .heads(after: "AbC-_9", wait: 30),
      .heads(after: nil, wait: 30, relay: [se]),
      .deltas(se, epoch: 3, from: .max), .history(se, epoch: 1, from: 65_536), .hashKey(.max),
      .deliberation(2, part: 0), .deliberation(.max, part: 63),
    ]
    for resource in all { #expect(Self.read(resource.path) == resource) }
  }

  @Test(arguments: [
    "", "/", "/peer", "/peer/v1", "/peer/v2/hello", "/peer/v1/hello/", "/peer/v1/hello/x", "peer/v1/hello",
    "/peer/v1/roster", "/peer/v1/roster/-1", "/peer/v1/roster/4294967296", "/peer/v1/records/SE",
    "/peer/v1/records/swe", "/peer/v1/deltas/se", "/peer/v1/deltas/se/x", "/peer/v1/deltas/../1",
    "/peer/v1/hash-keys/", "/peer/v1/HELLO",
  ]) func knowsNoOtherPath(path: String) { #expect(Self.read(path) == nil) }

  @Test func readsOddQueriesAsNothingAsked() throws {
    let se = try ReplicationBench.id("se")
    #expect(Self.read("/peer/v1/deltas/se/1?from=-1") == .deltas(se, epoch: 1, from: 0))
    #expect(Self.read("/peer/v1/deltas/se/1?from=99999999999999999999") == .deltas(se, epoch: 1, from: 0))
    #expect(Self.read("/peer/v1/heads?wait=-5") == .heads(after: nil, wait: 0))
    #expect(Self.read("/peer/v1/heads?wait=forever") == .heads(after: nil, wait: 0))
  }
}
