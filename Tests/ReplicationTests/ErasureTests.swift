import Alliance
import AllianceBench
import Ledger
import Replication
import Seeded
import Signing
import Simulation
import Testing
import Wire

/// An erasure's two steps: the floor to the erasing head, then past it.
@Suite struct ErasureTests {
  private let bench: ReplicationBench
  private let disk: SimulatedDisk
  private let author: Author

  init() throws {
    bench = try ReplicationBench()
    disk = try bench.disk("se")
    let se = try ReplicationBench.id("se")
    author = Author(coalition: se, epoch: 1, key: try #require(bench.alliance.signingKeys[se]), deltaChanges: 4)
  }

  private var membership: Membership { bench.alliance.membership }

  /// Signs what is due; nil if nothing is.
  @discardableResult
  private func sign(now: UInt64) throws -> Author.Published? {
    var random = SeededRandom(seed: now)
    let prepared = try author.prepare(in: disk, membership: membership, now: now) { random.bytes($0) }
    return try prepared.map { try author.publish($0, in: disk, membership: membership) }
  }

  private func list(_ numbers: ClosedRange<UInt8>) throws {
    for number in numbers {
      try disk.write { try $0.enqueue([.put(try ReplicationBench.key(number), statement: [number])]) }
      try sign(now: UInt64(number))
    }
  }

  private func erase(_ number: UInt8, now: UInt64) throws {
    try disk.write { writer in
      try writer.enqueue([.remove(try ReplicationBench.key(number))])
      _ = try writer.beginErasure(at: now)
    }
  }

  private func steps() throws -> [Erasure.Step] { try disk.read { try $0.erasures().map(\.step) } }
  private func kept() throws -> [UInt64] {
    try disk.read { try $0.keptDeltas(of: author.coalition).map(\.index) }
  }

  /// Every other member says that it has applied our newest head.
  private func receipts(_ now: UInt64, of coalitions: [CoalitionID]? = nil) throws {
    let head = try #require(try disk.read { try $0.position(of: author.coalition).head })
    for coalition in coalitions ?? membership.roster.coalitions where coalition != author.coalition {
      let peer = Author(coalition: coalition, epoch: 1, key: try #require(bench.alliance.signingKeys[coalition]))
      let entry = Receipt.Entry(
        coalition: head.coalition, epoch: head.epoch, index: head.index, headHash: head.hash, state: .applied)
      let receipt = try peer.receipt(alliance: membership.alliance, number: now, signedAt: now, entries: [entry])
      try disk.write { try $0.save(StoredReceipt(receipt: receipt, firstSeen: now)) }
    }
  }

  @Test func goesThroughItsStepsByReceipts() throws {
    try list(1...3)
    try erase(2, now: 10)
    #expect(try author.settleErasures(in: disk, membership: membership, now: 10) == (true, true))
    let first = try #require(try sign(now: 11))
    #expect(first.raisedFloor && first.heads.map(\.index) == [3])
    #expect(try kept() == [3] && steps() == [.erasing], "every earlier delta is gone")
    #expect(try author.settleErasures(in: disk, membership: membership, now: 12) == (false, true))
    #expect(try sign(now: 12) == nil, "nothing is signed while receipts are missing")
    let some = Array(membership.roster.coalitions.filter { $0 != author.coalition }.dropLast())
    try receipts(13, of: some)
    #expect(try author.settleErasures(in: disk, membership: membership, now: 13) == (false, true))
    try receipts(14)
    #expect(try author.settleErasures(in: disk, membership: membership, now: 14) == (true, true))
    let second = try #require(try sign(now: 15))
    #expect(second.changes == 0 && second.raisedFloor && second.heads.map(\.index) == [4])
    #expect(try kept() == [4] && steps() == [.clearing], "the delta that named the key is gone too")
    #expect(try author.settleErasures(in: disk, membership: membership, now: 16) == (false, true))
    try receipts(17)
    #expect(try author.settleErasures(in: disk, membership: membership, now: 17) == (false, false))
    #expect(try steps() == [.erased])
    let later = 17 + Erasure.keptAfterwards + 1
    _ = try author.settleErasures(in: disk, membership: membership, now: later)
    #expect(try steps() == [], "in the end the note goes too")
  }

  @Test func doesNotWaitForeverForWhoIsAway() throws {
    try list(1...3)
    try erase(1, now: 10)
    try sign(now: 11)
    #expect(try sign(now: 10 + Erasure.longestWait) == nil)
    let cleared = try #require(try sign(now: 11 + Erasure.longestWait))
    #expect(cleared.raisedFloor && cleared.changes == 0)
    let after = try author.settleErasures(in: disk, membership: membership, now: 12 + Erasure.longestWait)
    #expect(after == (false, true), "but erased is said only when everyone has answered")
    #expect(try steps() == [.clearing])
  }

  @Test func peersDropTheDeltasToo() throws {
    try list(1...3)
    let peer = try bench.disk("no")
    func pull() throws {
      let next = try peer.read { try $0.position(of: author.coalition).nextIndex }
      let entries = try disk.read {
        try $0.entries(of: author.coalition, epoch: 1, from: next, maximumBytes: Limits.pageBytes)
      }
      let outcome = try Replica.apply(entries, of: author.coalition, membership: membership, in: peer, now: 0)
      #expect(outcome.fault == nil && outcome.applied.count == entries.count)
    }
    try pull()
    try erase(3, now: 10)
    try sign(now: 11)
    try pull()
    #expect(try peer.read { try $0.keptDeltas(of: author.coalition).map(\.index) } == [3])
    try receipts(12)
    try sign(now: 13)
    try pull()
    #expect(try peer.read { try $0.keptDeltas(of: author.coalition).map(\.index) } == [4])
    let theirs = try peer.read { try $0.position(of: author.coalition) }
    #expect(try theirs == disk.read { try $0.position(of: author.coalition) })
  }

  @Test func whatWasWithdrawnBeforeNeedsNoChange() throws {
    try list(1...2)
    try disk.write { try $0.enqueue([.remove(try ReplicationBench.key(1))]) }
    try sign(now: 9)
    #expect(try kept() == [0, 1, 2])
    _ = try disk.write { try $0.beginErasure(at: 10) }
    let head = try #require(try sign(now: 11))
    #expect(head.changes == 0 && head.raisedFloor)
    #expect(try kept() == [3], "its deltas go all the same")
  }
}
