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

/// A position that is changed, partly erased and carried into a new epoch while it is copied page by page: the copy ends, goes
/// on after a restart wherever it was, and nothing that was erased is left in the reader's files.
@Suite struct SnapshotErasureTests {
  /// When what happens, counted in answers that the reader has taken.
  struct Course: Sendable, CustomTestStringConvertible {
    let erased: Int
    /// The second head of the erasure, which raises the floor past the first.
    let cleared: Int?
    let newEpoch: Int?

    var testDescription: String { "erased \(erased), cleared \(cleared ?? -1), new epoch \(newEpoch ?? -1)" }

    static let all = (1...3).flatMap { erased in
      [nil, erased, erased + 1].flatMap { cleared in
        [nil, 0, erased, erased + 1].map { Course(erased: erased, cleared: cleared, newEpoch: $0) }
      }
    }
  }

  private let alliance: FoundedAlliance
  private let folder: TemporaryFolder
  private let reader: LedgerStore
  /// Of `no`, whose position is copied.
  private let source = SimulatedDisk()
  private let no: CoalitionID

  init() throws {
    alliance = try FoundedAlliance(seed: 47)
    no = try #require(CoalitionID("no"))
    folder = try TemporaryFolder()
    try LedgerStore.create(folder.path("ledger"))
    reader = try LedgerStore.open(folder.path("ledger"))
  }

  @Test(arguments: Course.all) func nothingErasedSurvivesTheCopy(_ course: Course) throws {
    let first = Author(coalition: no, epoch: 1, key: try #require(alliance.signingKeys[no]))
    var writer = Writer(author: first, membership: alliance.membership, disk: source)
    for number in UInt8(1)...9 { try writer.put(number) }
    var membership = alliance.membership
    var (outcome, steps) = (try take(.begin, membership), 0)
    var erased: [Row] = []
    while steps < 100 {
      if case .finished = outcome {
        // The rest comes as deltas; where the erasure has taken them away, by another copy.
        if try isCaughtUp(writer) { break }
        outcome = try take(.begin, membership)
      }
      guard case .goOn(let need) = outcome else {
        // A head names a record that is not here: it is fetched, and the same is asked for again.
        guard case .failed(.unknownRecord, let need?) = outcome else { break }
        _ = try membership.extend(no, with: try #require(writer.membership.chains[no]).records)
        outcome = .goOn(need)
        continue
      }
      if steps == course.newEpoch { try writer.openEpoch(alliance) }
      if steps == course.erased {
        try writer.put(20)
        // One that is here already, one that is not yet, one that came after the first page.
        erased = try [1, 9, 20].map { number in try #require(try source.read { try $0.row(of: no, key: key(number)) }) }
        try writer.erase([1, 9, 20])
        try writer.put(21)
      }
      if steps == course.cleared { try writer.clear(alliance) }
      steps += 1
      #expect(try take(.begin, membership) == .goOn(need), "a restart goes on with the same")
      outcome = try take(SnapshotSource(source, of: no, in: writer.membership).input(need), membership)
    }
    guard case .finished = outcome else {
      Issue.record("after \(steps) answers: \(outcome)")
      return
    }
    let theirs = try source.read { try $0.position(of: no) }
    #expect(try reader.read { try $0.position(of: no) } == theirs)
    #expect(try reader.read(rows) == source.read(rows))
    #expect(try reader.read { try $0.staged(of: no) } == nil)
    #expect(erased.count == 3)
    try expectNowhere(erased)
  }

  /// The copy may have ended before the last heads.
  private func isCaughtUp(_ writer: Writer) throws -> Bool {
    let end = try source.read { try $0.position(of: no).head }
    var head = try #require(try reader.read { try $0.position(of: no).head })
    for epoch in head.epoch...writer.author.epoch {
      let from = epoch == head.epoch ? head.index + 1 : 0
      let rest = try source.read { try $0.entries(of: no, epoch: epoch, from: from, maximumBytes: .max) }
      _ = try Replica.apply(rest, of: no, membership: writer.membership, in: reader, now: 0)
    }
    head = try #require(try reader.read { try $0.position(of: no).head })
    return head == end
  }

  private func take(_ input: Snapshot.Input, _ membership: Membership) throws -> Snapshot.Outcome {
    try Snapshot.take(input, of: no, membership: membership, in: reader, now: 0)
  }

  private func rows(_ reader: any LedgerReading) throws -> [Row] {
    var (rows, after, more): ([Row], StatementKey?, Bool) = ([], nil, true)
    while more {
      let page = try reader.rows(of: no, after: after, bucket: nil, maximumBytes: 1 << 20)
      rows += page.rows
      (after, more) = (page.rows.last?.key, page.more)
    }
    return rows
  }

  /// Neither key nor salt nor statement, in the store or its log.
  private func expectNowhere(_ rows: [Row]) throws {
    #expect(try reader.emptyLog())
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path("")) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path(file)))
      for row in rows {
        for (what, trace) in [("key", row.key.bytes), ("salt", row.salt), ("statement", row.statement)] {
          #expect(bytes.range(of: Data(trace)) == nil, "\(what) of \(row.key.bytes[1]) in \(file)")
        }
      }
    }
  }
}

private func key(_ number: UInt8) throws -> StatementKey {
  try #require(StatementKey([Facet.listing.rawValue] + [UInt8](repeating: number, count: 32)))
}

/// The coalition that goes on signing meanwhile.
private struct Writer {
  var author: Author
  var membership: Membership
  let disk: SimulatedDisk
  var now: UInt64 = 10

  mutating func put(_ number: UInt8) throws {
    let statement = [UInt8](repeating: 0xE0 ^ number, count: 40)
    try disk.write { try $0.enqueue([.put(try key(number), statement: statement)]) }
    try sign()
  }

  mutating func erase(_ numbers: [UInt8]) throws {
    try disk.write { writer in
      try writer.enqueue(try numbers.map { .remove(try key($0)) })
      _ = try writer.beginErasure(at: now)
    }
    try sign()
  }

  /// Everyone has answered, so that the floor goes past the erasing head.
  mutating func clear(_ alliance: FoundedAlliance) throws {
    let head = try #require(try disk.read { try $0.position(of: author.coalition).head })
    let entry = Receipt.Entry(
      coalition: head.coalition, epoch: head.epoch, index: head.index, headHash: head.hash, state: .applied)
    for coalition in alliance.coalitions where coalition != author.coalition {
      let peer = Author(coalition: coalition, epoch: 1, key: try #require(alliance.signingKeys[coalition]))
      let receipt = try peer.receipt(alliance: membership.alliance, number: now, signedAt: now, entries: [entry])
      try disk.write { try $0.save(StoredReceipt(receipt: receipt, firstSeen: now)) }
    }
    #expect(try author.settleErasures(in: disk, membership: membership, now: now).needsHead)
    try sign()
  }

  /// A new signing key, whose epoch goes on from here.
  mutating func openEpoch(_ alliance: FoundedAlliance) throws {
    let key = try SigningKey(seed: [UInt8](repeating: 5, count: 32))
    let head = try #require(try disk.read { try $0.position(of: author.coalition).head })
    let record = try #require(membership.record(of: author.coalition)).next(
      RecordChange(
        epoch: .init(
          key: key.verifyingKey, continues: .init(epoch: head.epoch, index: head.index, hash: head.hash))),
      in: membership.alliance, identity: try #require(alliance.identities[author.coalition]))
    _ = try membership.extend(author.coalition, with: [record])
    author = Author(coalition: author.coalition, epoch: 2, key: key)
    try sign()
  }

  private mutating func sign() throws {
    now += 1
    var random = SeededRandom(seed: now)
    while let prepared = try author.prepare(
      in: disk, membership: membership, now: now, random: { random.bytes($0) })
    {
      _ = try author.publish(prepared, in: disk, membership: membership)
    }
  }
}
