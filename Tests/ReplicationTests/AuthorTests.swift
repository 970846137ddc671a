import AllianceBench
import Ledger
import Replication
import Seeded
import Simulation
import Testing
import Wire

/// Heads that are decided together.
@Suite struct AuthorTests {
  private let bench: ReplicationBench
  private let disk: SimulatedDisk
  private let author: Author

  init() throws {
    bench = try ReplicationBench()
    disk = try bench.disk("se")
    let se = try ReplicationBench.id("se")
    let key = try #require(bench.alliance.signingKeys[se])
    author = Author(coalition: se, epoch: 1, key: key, deltaChanges: 4)
  }

  private func prepare() throws -> PreparedHeads {
    var random = SeededRandom(seed: 3)
    let prepared = try author.prepare(in: disk, membership: bench.alliance.membership, now: 9) { random.bytes($0) }
    return try #require(prepared)
  }

  private func list(_ numbers: ClosedRange<UInt8>) throws {
    try disk.write { writer in
      try writer.enqueue(numbers.map { .put(try ReplicationBench.key($0), statement: [$0]) })
    }
  }

  @Test func oneDecisionNamesTheLastOfSeveralHeads() throws {
    try list(1...10)
    let prepared = try prepare()
    #expect(prepared.heads.count == 3)
    let decided = try author.readBack(prepared, from: disk)
    #expect(decided.index == 2)
    let before = try disk.read { try $0.position(of: author.coalition) }
    #expect(before.statements == 0, "rows are not touched before the decision")
    let published = try author.publish(prepared, in: disk, membership: bench.alliance.membership)
    #expect(published.heads.map(\.index) == [0, 1, 2] && published.heads.last == decided)
    #expect(published.changes == 10 && published.removed.isEmpty)
    #expect(try disk.read { try $0.position(of: author.coalition).statements } == 10)
    #expect(try disk.read { try $0.queueCount() } == 0)
    #expect(try disk.read { try $0.preparedHeads() } == nil)
  }

  @Test func peersApplyThemOneByOne() throws {
    try list(1...10)
    _ = try author.publish(try prepare(), in: disk, membership: bench.alliance.membership)
    let entries = try disk.read {
      try $0.entries(of: author.coalition, epoch: 1, from: 0, maximumBytes: Limits.pageBytes)
    }
    let peer = try bench.disk("no")
    for entry in entries {
      let outcome = try Replica.apply(
        [entry], of: author.coalition, membership: bench.alliance.membership, in: peer, now: 0)
      #expect(outcome.applied == [entry.head.reference])
    }
    let copied = try peer.read { try $0.position(of: author.coalition) }
    let own = try disk.read { try $0.position(of: author.coalition) }
    #expect(copied == own)
  }

  @Test func theLastChangeOfAKeyCountsAcrossHeads() throws {
    try list(1...9)
    let first = try ReplicationBench.key(1)
    try disk.write { try $0.enqueue([.remove(first), .put(first, statement: [77])]) }
    try disk.write { try $0.enqueue([.remove(try ReplicationBench.key(2))]) }
    let published = try author.publish(
      try prepare(), in: disk, membership: bench.alliance.membership)
    #expect(published.changes == 8)
    #expect(try disk.read { try $0.row(of: author.coalition, key: first) }?.statement == [77])
    let second = try ReplicationBench.key(2)
    #expect(try disk.read { try $0.row(of: author.coalition, key: second) } == nil)
  }

  @Test func tellsWhatWasRemoved() throws {
    try list(1...6)
    _ = try author.publish(try prepare(), in: disk, membership: bench.alliance.membership)
    let keys = try (1...5).map { try ReplicationBench.key($0) }
    try disk.write { try $0.enqueue(keys.map { .remove($0) }) }
    let published = try author.publish(
      try prepare(), in: disk, membership: bench.alliance.membership)
    #expect(published.heads.count == 2 && Set(published.removed) == Set(keys))
  }

  @Test func whatTheStoreGivesBackOtherwiseIsNotSigned() throws {
    try list(1...10)
    let prepared = try prepare()
    try disk.write {
      try $0.savePrepared(
        PreparedHeads(heads: Array(prepared.heads.dropLast()), throughSequence: prepared.throughSequence))
    }
    #expect(problemCode { _ = try author.readBack(prepared, from: disk) } == "prepared-differs")
  }
}
