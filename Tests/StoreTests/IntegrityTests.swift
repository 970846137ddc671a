import Alliance
import AllianceBench
import CertificateBench
import Foundation
import GRDB
import Ledger
import Replication
import Seeded
import Signing
import Testing
import Wire

@testable import Store

/// A ledger whose rows are not what was signed is found out.
@Suite struct IntegrityTests {
  private func ledger(_ folder: TemporaryFolder) throws -> LedgerStore {
    let alliance = try FoundedAlliance(seed: 5)
    let coalition = alliance.coalitions[0]
    let path = folder.path("ledger")
    try LedgerStore.create(path)
    let store = try LedgerStore.open(path)
    let author = Author(coalition: coalition, epoch: 1, key: try #require(alliance.signingKeys[coalition]))
    var random = SeededRandom(seed: 5)
    let keys = try (0..<50).map { _ in try #require(StatementKey([1] + random.bytes(32))) }
    try store.write { try $0.enqueue(keys.map { .put($0, statement: [1, 2, 3]) }) }
    let prepared = try #require(
      try author.prepare(in: store, membership: alliance.membership, now: 1) { random.bytes($0) })
    _ = try author.publish(prepared, in: store, membership: alliance.membership)
    return store
  }

  @Test func agreesWithWhatWasSigned() throws {
    let folder = try TemporaryFolder()
    let report = try ledger(folder).checkIntegrity()
    #expect(report.faults.isEmpty && report.statements == 50 && report.coalitions == 1)
  }

  @Test(arguments: [
    "DELETE FROM statements WHERE id = 7", "UPDATE statements SET statement = x'010204' WHERE id = 7",
    "UPDATE statements SET salt = key WHERE id = 7", "UPDATE coalitions SET statements = 51",
    "UPDATE statements SET rowset = 99 WHERE id = 7",
  ])
  func findsARowThatIsNotWhatWasSigned(_ sql: String) throws {
    let folder = try TemporaryFolder()
    try ledger(folder).close()
    let queue = try DatabaseQueue(path: folder.path("ledger"))
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
    let store = try LedgerStore.openReadOnly(folder.path("ledger"))
    let report = try store.checkIntegrity()
    if sql.contains("coalitions") {
      #expect(report.faults.count == 1)
    } else {
      #expect(report.faults.count == 1 && report.faults.first?.contains("are not what its head 1/0 signed") == true)
    }
  }
}
