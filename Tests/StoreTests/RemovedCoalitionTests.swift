import Alliance
import AllianceBench
import CertificateBench
import Foundation
import GRDB
import Ledger
import Replication
import Seeded
import Testing
import Wire

@testable import Store

/// The position of a coalition that was removed leaves nothing behind; and records that contradict each other are both kept.
@Suite struct RemovedCoalitionTests {
  private let alliance: FoundedAlliance
  private let folder: TemporaryFolder
  private let store: LedgerStore

  init() throws {
    alliance = try FoundedAlliance(seed: 53)
    folder = try TemporaryFolder()
    try LedgerStore.create(folder.path("ledger"))
    store = try LedgerStore.open(folder.path("ledger"))
  }

  private func key(_ number: UInt8) throws -> StatementKey {
    try #require(StatementKey([Facet.listing.rawValue] + [UInt8](repeating: number, count: 32)))
  }

  /// A head with one listing, a receipt, a copy that is being taken, a window and a hold.
  private func fill(_ coalition: CoalitionID) throws {
    let author = Author(coalition: coalition, epoch: 1, key: try #require(alliance.signingKeys[coalition]))
    try store.write { try $0.enqueue([.put(key(1), statement: [1, 2, 3])]) }
    var random = SeededRandom(seed: 3)
    let prepared = try #require(
      try author.prepare(in: store, membership: alliance.membership, now: 9) { random.bytes($0) })
    _ = try author.publish(prepared, in: store, membership: alliance.membership)
    let receipt = try author.receipt(
      alliance: alliance.membership.alliance, number: 1, signedAt: 1, entries: [])
    try store.write { writer in
      try writer.save(StoredReceipt(receipt: receipt, firstSeen: 1))
      try writer.save(ChangeWindow(startedAt: 1, statements: 1), of: coalition)
      try writer.saveHeldRemovals([try key(1)], of: coalition)
      try writer.saveHold(Problem("breaker", "for the test"), of: coalition)
    }
  }

  private func rows(_ sql: String) throws -> Int {
    let queue = try DatabaseQueue(path: folder.path("ledger"))
    defer { try? queue.close() }
    return try queue.read { try Int.fetchOne($0, sql: sql) ?? -1 }
  }

  @Test func nothingOfItStays() throws {
    let (gone, stays) = (try #require(CoalitionID("no")), try #require(CoalitionID("us")))
    try fill(gone)
    try fill(stays)
    try store.write { try $0.forgetPosition(of: gone) }
    try store.read { (reader: any LedgerReading) throws in
      #expect(try reader.frontier().map(\.coalition) == [stays])
      #expect(try reader.position(of: gone).head == nil)
      #expect(try reader.row(of: gone, key: key(1)) == nil)
      #expect(try reader.row(of: stays, key: key(1)) != nil)
      #expect(try reader.receipts().map(\.receipt.coalition) == [stays])
      #expect(try reader.hold(of: gone) == nil)
      #expect(try reader.hold(of: stays) != nil)
      #expect(try reader.changeWindow(of: gone) == nil)
      #expect(try reader.changeWindow(of: stays) != nil)
    }
    #expect(try store.view { try $0.statementCount() } == 1)
    try store.write { try $0.forgetPosition(of: gone) }
    while try store.transaction({ try $0.deleteDiscarded(most: 1) }) {}
    try store.close()
    #expect(try rows("SELECT count(*) FROM statements") == 1)
    #expect(try rows("SELECT count(*) FROM heads") == 1)
    #expect(try rows("SELECT count(*) FROM held_removals") == 1)
  }

  @Test func whoComesBackBeginsEmpty() throws {
    let gone = try #require(CoalitionID("no"))
    try fill(gone)
    try store.write { try $0.forgetPosition(of: gone) }
    try fill(gone)
    let position = try store.read { try $0.position(of: gone) }
    #expect(position.head?.index == 0 && position.statements == 1 && position.history.size == 1)
    // What is deleted afterwards is the position of before.
    while try store.transaction({ try $0.deleteDiscarded() }) {}
    let after = try store.read { (try $0.position(of: gone), try $0.row(of: gone, key: try key(1))) }
    #expect(after.0 == position && after.1 != nil)
    #expect(try store.read { try $0.history(of: gone, epoch: 1, from: 0, limit: 9).count } == 1)
    #expect(try store.checkIntegrity().faults.isEmpty)
  }

  /// Nothing of it is seen from the first step on; each step is small; a crash between two costs nothing.
  @Test func isDeletedInStepsOutOfSight() throws {
    let (gone, stays) = (try #require(CoalitionID("no")), try #require(CoalitionID("us")))
    let rows = try (1...30).map { number in
      RowChange.put(
        Row(key: try key(UInt8(number)), salt: [UInt8](repeating: 1, count: 16), statement: [1]), replaces: false)
    }
    for coalition in [gone, stays] {
      try fill(coalition)
      try store.write { try $0.write(Array(rows.dropFirst()), of: coalition) }
    }
    try store.write { try $0.forgetPosition(of: gone) }
    let path = folder.path("ledger")
    var (counts, more) = ([try self.rows("SELECT count(*) FROM statements")], true)
    #expect(counts == [60], "nothing is deleted while a roster comes in force")
    let digest = try #require(try key(7).digest)
    while more {
      let again = try LedgerStore.open(path)
      try again.view { view in
        let coalitions = try view.coalitions()
        #expect(coalitions == [stays])
        let speaking = try view.statements(on: digest).map(\.coalition)
        #expect(speaking == [stays])
        let counts = try view.indicatorCounts()
        #expect(counts.indicators == 30)
      }
      more = try again.transaction { try $0.deleteDiscarded(most: 7) }
      try again.close()
      counts.append(try self.rows("SELECT count(*) FROM statements"))
    }
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 - $1 <= 7 }, "\(counts)")
    #expect(counts.last == 30 && counts.count > 8)
    #expect(try self.rows("SELECT count(*) FROM heads") == 1)
    #expect(try self.rows("SELECT count(*) FROM discarded") == 0)
  }

  @Test func twoRecordsOfOneNumberAreBothKept() throws {
    let one = try #require(alliance.records.first)
    let other = try #require(try FoundedAlliance(seed: 54).records.first)
    #expect(one.coalition == other.coalition && one.number == other.number)
    try store.transaction { try $0.save([one, other, one]) }
    #expect(Set(try store.view { try $0.records() }) == [one, other])
  }

  @Test func recordsOfAnEarlierVersionAreKept() throws {
    let path = folder.path("older")
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "PRAGMA application_id = \(StoreFile.ledger.applicationID)") }
    try StoreFile.ledger.migrator.migrate(queue, upTo: "5 erasures")
    let record = try #require(alliance.records.first)
    let bytes: Data = try record.signed.wire.serializedBytes()
    try queue.write {
      try $0.execute(
        sql: "INSERT INTO records (coalition, number, record) VALUES (?, ?, ?)",
        arguments: [record.coalition.rawValue, record.number, bytes])
    }
    try queue.close()
    let migrated = try LedgerStore.open(path)
    #expect(try migrated.view { try $0.records() } == [record])
    try migrated.close()
  }
}
