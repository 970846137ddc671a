public import Audit
internal import Foundation
internal import GRDB
internal import Signing
internal import Wire

extension AuditStore {
  /// Where a log could be cut: the last of the entries, from the first on, that are all older than a moment.
  /// - Parameter moment: milliseconds since 1970.
  /// - Returns: nil if not even the first is older.
  public func end(before moment: UInt64) throws -> (head: AuditHead, at: UInt64, entries: Int)? {
    try look { database in
      // The clock may have gone back: what stands after the first entry that stays stays too.
      let first = try Int64.fetchOne(
        database, sql: "SELECT min(number) FROM entries WHERE at >= ?", arguments: [Int64(clamping: moment)])
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT number, at, hash FROM entries WHERE number < ? ORDER BY number DESC LIMIT 1",
          arguments: [first ?? .max]), let hash = ObjectHash(row["hash"] as Data)
      else { return nil }
      let number: Int64 = row["number"]
      let entries =
        try Int.fetchOne(database, sql: "SELECT count(*) FROM entries WHERE number <= ?", arguments: [number]) ?? 0
      return (
        AuditHead(number: UInt64(clamping: number), hash: hash), UInt64(clamping: row["at"] as Int64), entries
      )
    }
  }

  /// Takes away every entry up to a checkpoint, which stands in their place from then on, in one transaction.
  public func prune(to checkpoint: AuditCheckpoint) throws {
    try change { database in
      let number = Int64(clamping: checkpoint.head.number)
      let hash = try Data.fetchOne(database, sql: "SELECT hash FROM entries WHERE number = ?", arguments: [number])
      guard hash == Data(checkpoint.head.hash.bytes) else {
        throw Problem("audit-checkpoint", "the checkpoint is of no entry that is here", object: "entry \(number)")
      }
      try database.execute(sql: "DELETE FROM names WHERE entry <= ?", arguments: [number])
      try database.execute(sql: "DELETE FROM entries WHERE number <= ?", arguments: [number])
      try database.execute(
        sql: "INSERT OR REPLACE INTO checkpoint (one, line) VALUES (1, ?)", arguments: [checkpoint.line])
    }
  }
}
