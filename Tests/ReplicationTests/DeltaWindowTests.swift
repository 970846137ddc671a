import Alliance
import Ledger
import Replication
import Testing

/// Which deltas are kept, and what a head says of it.
@Suite struct DeltaWindowTests {
  private static let day: UInt64 = 86_400_000

  private func kept(_ sizes: [UInt64], age: UInt64 = 0) -> [KeptDelta] {
    sizes.enumerated().map {
      KeptDelta(epoch: 1, index: UInt64($0.offset), bytes: $0.element, signedAt: 100 * Self.day - age)
    }
  }

  private func floor(_ kept: [KeptDelta], live: UInt64) -> UInt64? {
    DeltaWindow.floor(kept, liveBytes: live, now: 100 * Self.day)?.index
  }

  @Test func keepsHalfOfTheLiveBytesAndAtLeastFourMebibytes() {
    let mebibyte: UInt64 = 1 << 20
    #expect(floor(kept([mebibyte, mebibyte, mebibyte, mebibyte]), live: 0) == nil)
    #expect(floor(kept([mebibyte, mebibyte, mebibyte, mebibyte, 1]), live: 0) == 1)
    #expect(floor(kept([UInt64](repeating: mebibyte, count: 10)), live: 10 * mebibyte) == 5)
    #expect(floor(kept([UInt64](repeating: mebibyte, count: 10)), live: 20 * mebibyte) == nil)
    #expect(floor([], live: 0) == nil)
    #expect(floor(kept([99 * mebibyte]), live: 0) == nil, "the newest stays")
  }

  @Test func nothingIsKeptForMoreThanThirtyDays() {
    #expect(floor(kept([1, 1, 1], age: 30 * Self.day), live: 0) == nil)
    #expect(floor(kept([1, 1, 1], age: 31 * Self.day), live: 0) == 2)
  }

  /// A coalition that goes on signing keeps a bounded number of bytes, and so does everyone who follows it.
  @Test func theFloorRisesWithTheHeadsAndReadersDropWhatIsBelowIt() throws {
    let bench = try ReplicationBench()
    let (no, se) = (try ReplicationBench.id("no"), try bench.disk("se"))
    var floors: [UInt64] = []
    for number in 0..<80 as Range<UInt8> {
      // 100 kB in each: 8 MB in all.
      try bench.disk("no").write { writer in
        for other in 0..<25 as Range<UInt8> {
          let statement = [UInt8](repeating: number, count: 4_000)
          try writer.enqueue([.put(try ReplicationBench.key(other), statement: statement)])
        }
      }
      let entry = try bench.signQueued(bench.disk("no"), bench.author("no"))
      floors.append(entry.head.claims.floorIndex)
      let outcome = try Replica.apply([entry], of: no, membership: bench.alliance.membership, in: se, now: 0)
      #expect(outcome.fault == nil)
    }
    #expect(floors == floors.sorted() && floors.first == 0)
    let (ours, theirs) = (
      try bench.disk("no").read { try $0.keptDeltas(of: no) }, try se.read { try $0.keptDeltas(of: no) }
    )
    #expect(ours == theirs)
    #expect(ours.first?.index == floors.last)
    let bytes = ours.reduce(0) { $0 + $1.bytes }
    #expect(bytes > 3 << 20 && bytes < 6 << 20, "\(bytes)")
  }
}
