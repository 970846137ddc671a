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

/// A ledger of an earlier version is brought to this one with all that is in it.
@Suite struct LedgerMigrationTests {
  /// The first 8 bytes of the digest as version 1 wrote them.
  private func oldPrefix(_ key: StatementKey) -> Int64 {
    Int64(bitPattern: key.bytes.dropFirst().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  @Test func rowsOfVersion1AreFoundAndInOrder() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("ledger")
    var random = SeededRandom(seed: 8)
    let keys = try (0..<40).map { _ in try #require(StatementKey([1] + random.bytes(32))) }
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "PRAGMA application_id = \(StoreFile.ledger.applicationID)") }
    try StoreFile.ledger.migrator.migrate(queue, upTo: "1 ledger")
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO coalitions (id, coalition, signed_at, roster, record, lanes, statements, live_bytes, history_size,
            history_peaks) VALUES (3, 'se', 0, 1, 1, ?, 40, 2000, 0, x'')
          """, arguments: [Data(LiveDigest().bytes)])
      try database.execute(sql: "INSERT INTO prepared (id, body, delta, through) VALUES (1, x'01', x'02', 7)")
      for key in keys {
        try database.execute(
          sql: "INSERT INTO statements (coalition, prefix, key, salt, statement) VALUES (3, ?, ?, x'00', x'07')",
          arguments: [oldPrefix(key), Data(key.bytes)])
      }
    }
    try queue.close()
    #expect(problemCode { _ = try LedgerStore.openReadOnly(path) } == "store-older")
    let store = try LedgerStore.open(path)
    let se = try #require(CoalitionID("se"))
    try store.read { reader in
      for key in keys { #expect(try reader.row(of: se, key: key)?.statement == [7]) }
      let page = try reader.rows(of: se, after: nil, bucket: nil, maximumBytes: 1 << 20)
      #expect(page.rows.map(\.key) == keys.sorted() && !page.more)
    }
    let waiting = PreparedHeads(heads: [PreparedHeads.One(body: [1], delta: [2])], throughSequence: 7)
    #expect(try store.read { try $0.preparedHeads() } == waiting, "a decided head is not forgotten")
    #expect(try store.view { try $0.statementCount() } == 40)
    let counts = try store.view { try $0.indicatorCounts() }
    #expect(counts.indicators == 40 && counts.quarantined == 0)
    try store.close()
    try LedgerStore.openReadOnly(path).close()
  }
}
