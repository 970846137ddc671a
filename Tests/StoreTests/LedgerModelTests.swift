import Alliance
import AllianceBench
import CertificateBench
import Foundation
import Ledger
import Replication
import Seeded
import Signing
import Simulation
import Store
import Testing
import Wire

/// The SQLite ledger against the simulated one: the same operations, the same answers.
@Suite struct LedgerModelTests {
  private let folder: TemporaryFolder
  private let alliance: FoundedAlliance
  private let store: LedgerStore
  private let model = SimulatedDisk()

  init() throws {
    folder = try TemporaryFolder()
    alliance = try FoundedAlliance(seed: 51)
    try LedgerStore.create(folder.path("ledger"))
    store = try LedgerStore.open(folder.path("ledger"))
  }

  private struct Picture: Equatable {
    var frontier: [HeadReference] = []
    var positions: [Position] = []
    var rows: [Row?] = []
    var entries: [StoredEntry?] = []
    var history: [ObjectHash] = []
    var receipts: [StoredReceipt] = []
    var queue: [QueuedChange.Content] = []
    var prepared: [UInt8]?
    var holds: [Problem?] = []
    var newest: [Head?] = []
    var pages: [Row] = []
    var copies: [StagedPosition?] = []
    var copied: [Row] = []
    var kept: [KeptDelta] = []
  }

  /// The parts that differ.
  private static let parts: [(String, @Sendable (Picture, Picture) -> Bool)] = [
    ("frontier", { $0.frontier == $1.frontier }), ("positions", { $0.positions == $1.positions }),
    ("rows", { $0.rows == $1.rows }), ("entries", { $0.entries == $1.entries }),
    ("history", { $0.history == $1.history }), ("receipts", { $0.receipts == $1.receipts }),
    ("queue", { $0.queue == $1.queue }), ("prepared", { $0.prepared == $1.prepared }),
    ("holds", { $0.holds == $1.holds }), ("newest", { $0.newest == $1.newest }), ("pages", { $0.pages == $1.pages }),
    ("copies", { $0.copies == $1.copies }), ("copied", { $0.copied == $1.copied }), ("kept", { $0.kept == $1.kept }),
    ("all", { $0 == $1 }),
  ]

  private func picture(_ reader: any LedgerReading) throws -> Picture {
    var picture = Picture()
    picture.frontier = try reader.frontier()
    for coalition in alliance.coalitions {
      picture.positions.append(try reader.position(of: coalition))
      picture.kept += try reader.keptDeltas(of: coalition)
      picture.holds.append(try reader.hold(of: coalition))
      picture.newest.append(try reader.signedHead(of: coalition))
      picture.pages += try rows(of: coalition, bucket: nil, reader) + rows(of: coalition, bucket: 3, reader)
      picture.copies.append(try reader.staged(of: coalition))
      try reader.eachStagedRow(of: coalition, bucket: nil) { picture.copied.append($0) }
      try reader.eachStagedRow(of: coalition, bucket: 5) { picture.copied.append($0) }
      picture.history += try reader.history(of: coalition, epoch: 1, from: 0, limit: 1_000)
      for number in 0..<8 as Range<UInt8> { picture.rows.append(try reader.row(of: coalition, key: try key(number))) }
      for index in 0..<30 as Range<UInt64> {
        picture.entries.append(try reader.entry(of: coalition, epoch: 1, index: index))
      }
    }
    picture.receipts = try reader.receipts()
    picture.queue = try reader.queue(limit: 1_000).map(\.content)
    #expect(try reader.queueCount() == picture.queue.count)
    picture.prepared = try reader.preparedHeads().map { $0.heads.flatMap { $0.body + $0.delta } }
    return picture
  }

  /// All pages; their limits differ between the two.
  private func rows(of coalition: CoalitionID, bucket: UInt8?, _ reader: any LedgerReading) throws -> [Row] {
    var (rows, after, more): ([Row], StatementKey?, Bool) = ([], nil, true)
    while more {
      let page = try reader.rows(of: coalition, after: after, bucket: bucket, maximumBytes: 200)
      rows += page.rows
      (after, more) = (page.rows.last?.key, page.more)
    }
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.key < $1.key })
    return rows
  }

  private func key(_ number: UInt8) throws -> StatementKey {
    // Half of them with the top bit set, and some that share their first 8 bytes.
    let first = number < 4 ? number : 0xF0 | number & 1
    return try #require(StatementKey([1] + [UInt8](repeating: first, count: 31) + [number]))
  }

  private func both(_ operation: (any LedgerDatabase) throws -> Void) throws {
    try operation(store)
    try operation(model)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func answersAsTheModelDoes(seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let ours = alliance.coalitions[0]
    let other = alliance.coalitions[1]
    let (author, stranger) = (try author(ours), try author(other))
    let elsewhere = SimulatedDisk()
    for step in 0..<100 as Range<UInt64> {
      let bytes = random.bytes(64)
      let number = UInt8(random.below(8))
      let content: QueuedChange.Content =
        random.happens(oneIn: 3)
        ? .remove(try key(number)) : .put(try key(number), statement: Array(bytes.prefix(Int(random.below(60)))))
      switch random.below(8) {
      case 0, 1: try both { try $0.write { try $0.enqueue([content]) } }
      case 2: try both { try sign(author, in: $0, now: step, seed: seed &+ step) }
      case 3:
        try elsewhere.write { try $0.enqueue([content]) }
        try sign(stranger, in: elsewhere, now: step, seed: seed &+ step)
        // Not always, so that there is something to copy.
        if !random.happens(oneIn: 4) { break }
        let from = try store.read { try $0.position(of: other).nextIndex }
        let entries = try elsewhere.read {
          try $0.entries(of: other, epoch: 1, from: from, maximumBytes: 1 << 20)
        }
        try both { _ = try Replica.apply(entries, of: other, membership: alliance.membership, in: $0, now: 0) }
      case 4:
        let receipt = try Receipts.make(by: stranger, alliance: alliance.membership, in: elsewhere, now: step)
        try both {
          _ = try Receipts.keep([receipt], besides: ours, membership: alliance.membership, in: $0, now: step)
        }
      case 5:
        let answers = random.below(9)
        let source = SnapshotSource(elsewhere, of: other, in: alliance.membership)
        try both { database in
          var outcome = try Snapshot.take(.begin, of: other, membership: alliance.membership, in: database, now: 0)
          for _ in 0..<answers {
            // Until there is a first head there is nothing to copy.
            guard case .goOn(let need) = outcome, let input = try? source.input(need) else { return }
            outcome = try Snapshot.take(input, of: other, membership: alliance.membership, in: database, now: 0)
          }
        }
      case 6:
        let index = try store.read { try $0.position(of: other).head?.index } ?? 0
        try both { try $0.write { try $0.dropDeltas(of: other, beforeEpoch: 1, index: index) } }
      default:
        let problem = random.happens(oneIn: 2) ? Problem("held", "a rule", object: "no", next: "wait") : nil
        try both { try $0.write { try $0.saveHold(problem, of: other) } }
      }
      try both { database in
        struct Stop: Error {}
        #expect(throws: Stop.self) {
          try database.write { writer in
            try writer.enqueue([content])
            try writer.saveHold(Problem("never", "rolled back"), of: ours)
            throw Stop()
          }
        }
      }
      let (ours, theirs) = (try store.read(picture), try model.read(picture))
      let differing = Self.parts.filter { !$0.1(ours, theirs) }.map(\.0)
      guard differing.isEmpty else {
        Issue.record("seed \(seed), step \(step): \(differing.joined(separator: ", "))")
        return
      }
    }
    try elsewhere.write { try $0.enqueue([.put(try key(1), statement: random.bytes(61))]) }
    try sign(stranger, in: elsewhere, now: 1_000, seed: seed)
    let source = SnapshotSource(elsewhere, of: other, in: alliance.membership)
    try both { database in
      var outcome = try Snapshot.take(.begin, of: other, membership: alliance.membership, in: database, now: 0)
      while case .goOn(let need) = outcome {
        outcome = try Snapshot.take(
          source.input(need), of: other, membership: alliance.membership, in: database, now: 0)
      }
      #expect(outcome == .finished(try #require(try elsewhere.read { try $0.position(of: other).head })))
    }
    let before = try store.read(picture)
    #expect(try before == model.read(picture))
    #expect(before.frontier.count == 2 && before.receipts.count == 1)
    try store.close()
    let again = try LedgerStore.openReadOnly(folder.path("ledger"))
    #expect(try again.read(picture) == before, "all of it is there after closing")
    #expect(problemCode { try again.write { try $0.saveHold(nil, of: ours) } } == "store-read-only")
  }

  private func author(_ coalition: CoalitionID) throws -> Author {
    Author(coalition: coalition, epoch: 1, key: try #require(alliance.signingKeys[coalition]))
  }

  private func sign(_ author: Author, in database: some LedgerDatabase, now: UInt64, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    guard
      let prepared = try author.prepare(
        in: database, membership: alliance.membership, now: now, random: { random.bytes($0) })
    else { return }
    _ = try author.readBack(prepared, from: database)
    _ = try author.publish(prepared, in: database, membership: alliance.membership)
  }

  @Test func pagesByBytesButNeverEmpty() throws {
    let ours = alliance.coalitions[0]
    let author = try author(ours)
    for number in 0..<6 as Range<UInt8> {
      let key = try key(number)
      try store.write { try $0.enqueue([.put(key, statement: [UInt8](repeating: number, count: 1_000))]) }
      try sign(author, in: store, now: 1, seed: UInt64(number))
    }
    func count(from index: UInt64, _ bytes: Int) throws -> Int {
      try store.read { try $0.entries(of: ours, epoch: 1, from: index, maximumBytes: bytes).count }
    }
    #expect(try count(from: 0, 1 << 20) == 6)
    #expect(try count(from: 0, 1) == 1)
    #expect(try count(from: 0, 4_000) == 2)
    #expect(try count(from: 5, 1 << 20) == 1)
    #expect(try count(from: 6, 1 << 20) == 0)
    #expect(try count(from: .max, 1 << 20) == 0)
  }

  @Test func oneProcessHoldsTheLease() throws {
    let node = NodeFolder(folder.url.path)
    do {
      let lease = try InstanceLease(node)
      #expect(problemCode { _ = try InstanceLease(node, patience: 100) } == "home-in-use")
      withExtendedLifetime(lease) {}
    }
    _ = try InstanceLease(node)
  }
}
