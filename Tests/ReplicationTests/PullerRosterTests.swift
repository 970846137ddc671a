import Alliance
import Replication
import SwiftProtobuf
import Testing
import Wire

/// What the puller asks for when rosters change: hash keys, and the records of who is proposed.
@Suite struct PullerRosterTests {
  private let bench: ReplicationBench

  init() throws { bench = try ReplicationBench() }

  /// Greets both peers; what it asked of them is kept by name.
  private func opened(missing: Set<UInt32>) throws -> (PullerBench, asked: [String: Puller.Ticket]) {
    var puller = try bench.puller(missingHashKeys: missing)
    puller.tick(after: 0)
    var asked: [String: Puller.Ticket] = [:]
    for greeting in puller.tickets {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      for ticket in puller.tickets { asked["\(ticket.peer)\(ticket.resource)"] = ticket }
    }
    return (puller, asked)
  }

  /// A key that nobody has must not keep the others waiting, and a peer that lacks one is not the end of the search.
  @Test func asksOnePeerAfterTheOtherForEachHashKey() throws {
    var (puller, asked) = try opened(missing: [2, 3])
    #expect(
      asked.keys.filter { $0.contains("hash-keys") }.sorted() == ["no/peer/v1/hash-keys/2", "no/peer/v1/hash-keys/3"])
    let nothing = Problem("not-found", "it is not here")
    puller.handle(.resourceFailed(try #require(asked["no/peer/v1/hash-keys/2"]), nothing))
    #expect(puller.asked == ["us/peer/v1/hash-keys/2"])
    puller.handle(.resourceFailed(try puller.ticket("us/peer/v1/hash-keys/2"), nothing))
    #expect(puller.asked.isEmpty, "both were asked a moment ago")
    puller.tick(after: 30_000)
    #expect(puller.asked.contains("no/peer/v1/hash-keys/2"))
  }

  /// A peer names the newcomer's record once, and perhaps before the proposal has come.
  @Test func asksForRecordsThatWereNamedBeforeTheProposal() throws {
    var (puller, asked) = try opened(missing: [])
    var page = WireHeadsPage()
    page.cursor = .init([1, 2, 3])
    var name = WireRecordName()
    (name.coalition, name.number) = ("de", 1)
    page.records = [name]
    let poll = try #require(asked.first { $0.key.hasPrefix("no/peer/v1/heads") }?.value)
    puller.handle(.answered(poll, try PeerAnswer(to: .heads(after: nil, wait: 30), body: try page.serializedBytes())))
    #expect(!puller.asked.contains("no/peer/v1/records/de"))
    puller.handle(.rostersChanged(deliberation: nil, records: [try ReplicationBench.id("de"): 0]))
    #expect(puller.asked == ["no/peer/v1/records/de"])
  }
}
