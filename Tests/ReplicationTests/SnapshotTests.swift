import Alliance
import Ledger
import Replication
import Seeded
import Signing
import Simulation
import Testing
import Wire

/// Taking a whole position: what is kept, what is refused, and what happens when the rows agree with no head.
@Suite struct SnapshotTests {
  private let bench: ReplicationBench
  private let no: CoalitionID
  private let reader = SimulatedDisk()

  init() throws {
    bench = try ReplicationBench()
    no = try ReplicationBench.id("no")
    _ = try bench.signMany("no", 7)
  }

  private func take(_ input: Snapshot.Input, into disk: SimulatedDisk? = nil) throws -> Snapshot.Outcome {
    try Snapshot.take(input, of: no, membership: bench.alliance.membership, in: disk ?? reader, now: 0)
  }

  /// What no's node answers to a need; lies are told by changing it.
  private func input(_ need: SnapshotNeed, change: (inout WireSnapshotPage) -> Void = { _ in }) throws -> Snapshot.Input
  {
    try SnapshotSource(bench.disk("no"), of: no, in: bench.alliance.membership).input(need, change: change)
  }

  /// Answers every need until the copy is over; `meanwhile` happens before each answer.
  private func run(
    from start: Snapshot.Outcome? = nil, meanwhile: (Int, SnapshotNeed) throws -> Void = { _, _ in },
    change: (SnapshotNeed, inout WireSnapshotPage) -> Void = { _, _ in }
  ) throws -> (Snapshot.Outcome, needs: [SnapshotNeed]) {
    var outcome = try start ?? take(.begin)
    var needs: [SnapshotNeed] = []
    while case .goOn(let need) = outcome, needs.count < 100 {
      try meanwhile(needs.count, need)
      needs.append(need)
      outcome = try take(input(need) { change(need, &$0) })
    }
    return (outcome, needs)
  }

  private func expectTheSame() throws {
    let (ours, theirs) = (
      try reader.read { ($0, try $0.position(of: no)) }.1, try bench.disk("no").read { try $0.position(of: no) }
    )
    #expect(ours == theirs)
    let (rows, others) = (try allRows(reader), try allRows(bench.disk("no")))
    #expect(rows == others)
    #expect(try reader.read { try $0.staged(of: no) } == nil, "nothing is left of the copy")
  }

  private func allRows(_ disk: SimulatedDisk) throws -> [Row] {
    try disk.read { reader in
      var (rows, after, more): ([Row], StatementKey?, Bool) = ([], nil, true)
      while more {
        let page = try reader.rows(of: no, after: after, bucket: nil, maximumBytes: 1 << 20)
        rows += page.rows
        (after, more) = (page.rows.last?.key, page.more)
      }
      return rows
    }
  }

  /// A peer that is no further than we are has nothing to copy; taken, its pages would be begun again for ever.
  @Test func leavesAPeerThatIsNoFurther() throws {
    _ = try run()
    guard case .goOn(let need) = try take(.begin), case .failed(.void(let problem), _) = try take(input(need)) else {
      Issue.record("taken")
      return
    }
    #expect(problem.code == "snapshot-older")
  }

  @Test func aStillPositionIsCopiedInPagesAndProvenByItsHead() throws {
    let (outcome, needs) = try run()
    let head = try #require(try bench.disk("no").read { try $0.position(of: no).head })
    #expect(outcome == .finished(head))
    #expect(needs.count == 4, "three pages of rows, one of history: \(needs)")
    try expectTheSame()
    let next = try bench.sign("no", number: 50)
    let applied = try Replica.apply([next], of: no, membership: bench.alliance.membership, in: reader, now: 0)
    #expect(applied.applied == [next.head.reference], "deltas go on from there")
  }

  @Test func changesWhileItIsReadAreAppliedAtTheEnd() throws {
    let (outcome, needs) = try run(meanwhile: { step, _ in
      guard step < 3 else { return }
      try bench.sign("no", number: UInt8(60 + step))
      try bench.sign("no", number: UInt8(7 - step), bytes: 9)
      try bench.disk("no").write { try $0.enqueue([.remove(try ReplicationBench.key(UInt8(step + 1)))]) }
      _ = try bench.signQueued(bench.disk("no"), bench.author("no"))
    })
    guard case .finished = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(needs.contains { if case .deltas = $0 { true } else { false } })
    let rest = try bench.disk("no").read { reader in
      try reader.entries(
        of: no, epoch: 1, from: try self.reader.read { try $0.position(of: no).nextIndex }, maximumBytes: 1)
    }
    _ = try Replica.apply(rest, of: no, membership: bench.alliance.membership, in: reader, now: 0)
    try expectTheSame()
  }

  /// A restart loses nothing: the store says what comes next.
  @Test func goesOnWhereARestartInterruptedIt() throws {
    let begun = try take(.begin)
    guard case .goOn(let first) = begun, case .goOn(let second) = try take(input(first)) else {
      Issue.record("no page")
      return
    }
    #expect(try take(.begin) == .goOn(second))
    guard case .page(_, let after, _) = second else {
      Issue.record("not a page")
      return
    }
    #expect(after != nil)
    let (outcome, needs) = try run(from: .goOn(second))
    #expect(needs.first == second)
    guard case .finished = outcome else {
      Issue.record("\(outcome)")
      return
    }
    try expectTheSame()
  }

  /// A page that a peer altered is found by the digest, and only the bucket that differs is fetched again.
  @Test func whatDiffersIsFetchedAgainByItsBucket() throws {
    var lied = false
    let (outcome, needs) = try run(change: { need, page in
      guard !lied, case .page(_, .some, nil) = need, !page.rows.isEmpty else { return }
      lied = true
      page.rows[0].statement = .init([9, 9, 9])
    })
    #expect(lied)
    guard case .finished = outcome else {
      Issue.record("\(outcome)")
      return
    }
    let buckets = needs.compactMap { need in if case .page(_, _, let bucket?) = need { bucket } else { nil } }
    #expect(buckets == [4], "one bucket of one row")
    try expectTheSame()
  }

  /// A peer that lies every time is given up, and nothing of it stays.
  @Test func aCopyThatNeverAgreesIsGivenUp() throws {
    let (outcome, needs) = try run(change: { _, page in
      if !page.rows.isEmpty { page.rows[0].statement = .init([UInt8](repeating: 1, count: 20)) }
    })
    guard case .failed(.coalition(let problem), nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(problem.code == "snapshot-differs")
    #expect(needs.filter { $0 == .buckets }.count == Snapshot.mostRepairs + 1)
    #expect(try reader.read { try $0.staged(of: no) } == nil)
    #expect(try reader.read { try $0.position(of: no).head } == nil, "the position in force is as it was")
  }

  /// Deltas that are gone before they were read are replaced by comparing buckets.
  @Test func deltasThatAreGoneAreReplacedByBuckets() throws {
    let disk = try bench.disk("no")
    let (outcome, needs) = try run(meanwhile: { step, _ in
      guard step == 1 else { return }
      for number in 1...4 { try bench.sign("no", number: UInt8(number), bytes: 31) }
      let head = try #require(try disk.read { try $0.position(of: no).head })
      try disk.write { try $0.dropDeltas(of: no, beforeEpoch: 1, index: head.index) }
    })
    guard case .finished = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(needs.contains(.buckets))
    try expectTheSame()
  }

  /// An answer that comes twice must not make a whole copy ask for what it has.
  @Test func aCopyThatIsWholeStaysWhole() throws {
    func takeBeside(_ input: Snapshot.Input) throws -> Snapshot.Outcome {
      try Snapshot.take(input, of: no, isBeside: true, membership: bench.alliance.membership, in: reader, now: 0)
    }
    var (outcome, inputs) = (try takeBeside(.begin), [Snapshot.Input]())
    while case .goOn(let need) = outcome, inputs.count < 100 {
      inputs.append(try input(need))
      outcome = try takeBeside(inputs[inputs.count - 1])
    }
    let newest = try #require(try bench.disk("no").read { try $0.position(of: no).head })
    #expect(outcome == .ready(newest))
    for input in inputs { #expect(try takeBeside(input) == .ready(newest)) }
  }

  @Test func pagesThatBreakTheirFormAreRefused() throws {
    func refusal(_ change: @escaping (inout WireSnapshotPage) -> Void) -> String? {
      do {
        _ = try take(.begin)
        let outcome = try take(
          input(.page(atLeast: nil, after: nil, bucket: nil)) { page in change(&page) })
        if case .failed(let fault, _) = outcome { return fault.problem.code }
        return nil
      } catch {
        return (error as? Problem)?.code ?? "\(error)"
      }
    }
    let stranger = try SigningKey(seed: [UInt8](repeating: 8, count: 32))
    #expect(refusal { $0.rows.reverse() } == "answer-unreadable")
    #expect(refusal { $0.rows[1] = $0.rows[0] } == "answer-unreadable")
    #expect(refusal { $0.rows[0].salt = .init() } == "answer-unreadable")
    #expect(refusal { $0.rows[0].key.removeLast() } == "answer-unreadable")
    #expect(refusal { $0.rows[0].statement = .init(count: 4_097) } == "answer-unreadable")
    #expect(refusal { $0.rows = [] } == "answer-unreadable")
    #expect(refusal { $0.head.body = .init([1, 2]) } == "answer-unreadable")
    #expect(
      refusal { page in
        page.head.signatures = (try? stranger.sign(.head, body: Array(page.head.body))).map { [$0] } ?? []
      } == "head-signature")
    #expect(
      refusal { page in
        for number in 10..<250 {
          var row = page.rows[0]
          row.key = .init([1] + [UInt8](repeating: UInt8(number), count: 32))
          row.statement = .init(count: 200)
          page.rows.append(row)
        }
      } == "snapshot-too-large")
  }

  /// The heads before the end are proven by the root that it names.
  @Test func anotherHistoryIsRefused() throws {
    var outcome = try take(.begin)
    while case .goOn(let need) = outcome {
      if case .history(_, let index) = need {
        guard case .history(let hashes, _) = try input(need) else { break }
        outcome = try take(.history(hashes.reversed(), from: index))
      } else {
        outcome = try take(input(need))
      }
    }
    guard case .failed(.coalition(let problem), nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(problem.code == "history-differs")
  }

  /// An answer to something that was asked for before a restart changes nothing.
  @Test func staleAnswersChangeNothing() throws {
    guard case .goOn(let first) = try take(.begin) else { return }
    let page = try input(first)
    let second = try take(page)
    #expect(try take(page) == second)
    #expect(try take(.deltasGone) == second)
    #expect(try take(.history([], from: 0)) == second)
  }
}
