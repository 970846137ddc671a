import Ledger
import Signing
import Testing
import Wire

@testable import Replication
@testable import Simulation

/// A delay, never a rule: what takes back too much within an hour waits for a person, at most a day.
@Suite struct BreakerTests {
  private let bench: ReplicationBench
  private let no: CoalitionID
  private static let start: UInt64 = 1_800_000_000_000

  init() throws {
    bench = try ReplicationBench()
    no = try ReplicationBench.id("no")
  }

  private func position(_ statements: UInt64) -> Position {
    var position = Position(coalition: no)
    position.statements = statements
    position.head = HeadReference(coalition: no, epoch: 1, index: 3, hash: ObjectHash(sha256: []))
    return position
  }

  private func problem(
    _ window: inout ChangeWindow?, _ statements: UInt64, after: UInt64, changed: UInt64, at time: UInt64
  ) -> String? {
    let (next, problem) = Breaker.judge(
      window, before: position(statements), after: after, changed: changed, now: Self.start + time)
    window = next
    return problem?.code
  }

  @Test func holdsMoreThanAQuarterWithinAnHour() {
    var window: ChangeWindow?
    #expect(problem(&window, 4_000, after: 3_400, changed: 600, at: 0) == nil)
    #expect(problem(&window, 3_400, after: 3_000, changed: 400, at: 1_000) == nil, "a quarter is not more")
    #expect(problem(&window, 3_000, after: 2_999, changed: 1, at: 2_000) == "breaker")
    #expect(problem(&window, 3_000, after: 2_999, changed: 1, at: 3_000_000) == "breaker", "held, not counted")
    #expect(
      problem(&window, 3_000, after: 2_999, changed: 1, at: 7_200_000) == "breaker",
      "the hour is over, the answer is not here")
    #expect(
      problem(&window, 3_000, after: 2_000, changed: 1_000, at: 2_000 + 86_400_000) == nil, "a day without an answer")
  }

  @Test func countsAnewEachHour() {
    var window: ChangeWindow?
    #expect(problem(&window, 4_000, after: 3_100, changed: 900, at: 0) == nil)
    #expect(problem(&window, 3_100, after: 2_400, changed: 700, at: 3_600_000) == nil)
  }

  @Test func holdsGrowthThatIsTenfoldAndLarge() {
    var window: ChangeWindow?
    #expect(problem(&window, 2_000, after: 20_000, changed: 0, at: 0) == nil, "tenfold is not more")
    #expect(problem(&window, 20_000, after: 22_001, changed: 0, at: 1) == "breaker")
    var small: ChangeWindow?
    #expect(problem(&small, 999, after: 900_000, changed: 999, at: 0) == nil, "small positions change by nature")
  }

  @Test func passesForAnHourOnceReleased() {
    var window: ChangeWindow?
    #expect(problem(&window, 4_000, after: 2_000, changed: 2_000, at: 0) == "breaker")
    guard var released = window else { return }
    Breaker.release(&released, before: position(4_000), now: Self.start + 10)
    window = released
    #expect(problem(&window, 4_000, after: 2_000, changed: 2_000, at: 20) == nil)
    #expect(problem(&window, 2_000, after: 1_200, changed: 800, at: 4_000_000) == "breaker", "and not for ever")
  }

  @Test func aClockThatIsPutBackMakesNoDelayOfWeeks() {
    let month: UInt64 = 30 * 86_400_000
    var window: ChangeWindow?
    #expect(problem(&window, 4_000, after: 2_000, changed: 2_000, at: month) == "breaker")
    #expect(problem(&window, 4_000, after: 2_000, changed: 2_000, at: 0) == "breaker", "the clock was put back")
    #expect(problem(&window, 4_000, after: 2_000, changed: 2_000, at: 86_400_000) == nil, "a day from then on")
    var released = ChangeWindow(startedAt: Self.start + month, statements: 4_000)
    Breaker.release(&released, before: position(4_000), now: Self.start + month)
    window = released
    #expect(problem(&window, 4_000, after: 2_000, changed: 2_000, at: 0) == "breaker", "a release is for an hour")
  }

  /// Both ways in: a head by its delta, and a whole position, which a raised floor would force.
  @Test func neitherAHeadNorACopyGoesPastIt() throws {
    let (disk, author) = (try bench.disk("no"), try bench.author("no"))
    func keys(_ range: Range<Int>) throws -> [StatementKey] {
      try range.map { number in
        try #require(
          StatementKey([Facet.listing.rawValue] + ObjectHash(sha256: [UInt8(number % 256), UInt8(number / 256)]).bytes))
      }
    }
    try disk.write { writer in try writer.enqueue(try keys(0..<1_200).map { .put($0, statement: [1]) }) }
    let first = try bench.signQueued(disk, author)
    let reader = try bench.disk("se")
    var now = Self.start
    var outcome = try Replica.apply(
      [first], of: no, membership: bench.alliance.membership, in: reader, now: now)
    #expect(outcome.applied.count == 1, "the first copy is no loss")
    try disk.write { writer in try writer.enqueue(try keys(0..<600).map { .remove($0) }) }
    let wipe = try bench.signQueued(disk, author)
    outcome = try Replica.apply([wipe], of: no, membership: bench.alliance.membership, in: reader, now: now)
    guard case .held(let problem)? = outcome.fault else {
      Issue.record("applied \(outcome.applied)")
      return
    }
    #expect(problem.code == "breaker" && outcome.applied.isEmpty)
    #expect(try copy(from: disk, to: reader, at: now) == "breaker")
    #expect(try reader.read { try $0.position(of: no).statements } == 1_200)
    now += 86_400_000
    #expect(try copy(from: disk, to: reader, at: now) == nil, "unanswered for a day")
    #expect(try reader.read { try $0.position(of: no).statements } == 600)
  }

  /// A coalition that moves all of its listings to a new hash key takes nothing back, by a head or by a copy; what it takes back beside
  /// that is held, and the moved listings count meanwhile.
  @Test func aMoveToANewHashKeyIsNoLoss() throws {
    let (disk, author) = (try bench.disk("no"), try bench.author("no"))
    func key(_ number: Int, _ epoch: UInt8) throws -> StatementKey {
      let digest = ObjectHash(sha256: [epoch, UInt8(number % 256), UInt8(number / 256)]).bytes
      return try #require(StatementKey([Facet.listing.rawValue] + digest))
    }
    func moves(_ numbers: Range<Int>) throws -> [QueuedChange.Content] {
      try numbers.flatMap { number -> [QueuedChange.Content] in
        var listing = WireListing()
        listing.keyEpoch = 2
        listing.previousKeyEpoch = 1
        listing.previousDigest = try .init(key(number, 1).bytes.dropFirst())
        return [.put(try key(number, 2), statement: try listing.serializedBytes()), .remove(try key(number, 1))]
      }
    }
    let numbers = 0..<1_200
    try disk.write { writer in try writer.enqueue(try numbers.map { .put(try key($0, 1), statement: [1]) }) }
    let first = try bench.signQueued(disk, author)
    let (reader, copier, holder) = (SimulatedDisk(), SimulatedDisk(), SimulatedDisk())
    for one in [reader, copier, holder] {
      _ = try Replica.apply([first], of: no, membership: bench.alliance.membership, in: one, now: Self.start)
    }
    try disk.write { writer in try writer.enqueue(try moves(numbers)) }
    let moved = try bench.signQueued(disk, author)
    let outcome = try Replica.apply(
      [moved], of: no, membership: bench.alliance.membership, in: reader, now: Self.start)
    #expect(outcome.applied.count == 1 && outcome.fault == nil)
    #expect(try copy(from: disk, to: copier, at: Self.start) == nil)

    let other = SimulatedDisk()
    try other.write { writer in try writer.enqueue(try numbers.map { .put(try key($0, 1), statement: [1]) }) }
    _ = try bench.signQueued(other, author)
    try other.write { writer in
      try writer.enqueue(try moves(0..<600) + (600..<1_200).map { .remove(try key($0, 1)) })
    }
    let mixed = try bench.signQueued(other, author)
    let held = try Replica.apply([mixed], of: no, membership: bench.alliance.membership, in: holder, now: Self.start)
    #expect(held.fault?.problem.code == "breaker")
    let removals = Set(holder.state.heldRemovals[no] ?? [])
    #expect(removals == Set(try (600..<1_200).map { try key($0, 1) }))
  }

  /// The code of what held it; nil once it is in force.
  private func copy(
    from disk: SimulatedDisk, to reader: SimulatedDisk, at now: UInt64
  ) throws -> String? {
    let source = SnapshotSource(disk, of: no, in: bench.alliance.membership)
    var outcome = try Snapshot.take(
      .begin, of: no, membership: bench.alliance.membership, in: reader, now: now)
    while true {
      switch outcome {
      case .goOn(let need):
        outcome = try Snapshot.take(
          try source.input(need), of: no, membership: bench.alliance.membership, in: reader, now: now)
      case .failed(let fault, _): return fault.problem.code
      case .ended(let problem, _): return problem.code
      case .finished, .ready: return nil
      }
    }
  }
}
