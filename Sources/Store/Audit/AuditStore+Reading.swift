public import Audit
internal import FoundationEssentials
internal import GRDB
public import Signing

/// One entry as it is kept: its line, and the names beside it.
public struct KeptAuditEntry: Sendable {
  public let line: String
  public let names: [AuditName]
  let kept: AuditHead
}

extension AuditStore {
  /// Where the log says that it ends.
  public func head() throws -> AuditHead { try look { try Self.head($0) } }

  public func checkpoint() throws -> AuditCheckpoint? {
    try look { try Self.checkpoint($0) }
  }

  static func checkpoint(_ database: Database) throws -> AuditCheckpoint? {
    try String.fetchOne(database, sql: "SELECT line FROM checkpoint").map { try AuditCheckpoint(line: $0) }
  }

  /// The newest entries, oldest first.
  public func last(_ limit: Int) throws -> [KeptAuditEntry] {
    try look { database in
      try Row.fetchAll(
        database, sql: "SELECT number, line, hash FROM entries ORDER BY number DESC LIMIT ?", arguments: [max(0, limit)]
      ).reversed().map { try Self.entry($0, database) }
    }
  }

  /// Every entry, oldest first, with the checkpoint before them and the head after, as they stand at one moment.
  public func eachEntry(
    _ body: (KeptAuditEntry) throws -> Void
  ) throws -> (checkpoint: AuditCheckpoint?, head: AuditHead) {
    try look { database in
      let cursor = try Row.fetchCursor(database, sql: "SELECT number, line, hash FROM entries ORDER BY number")
      while let row = try cursor.next() { try body(Self.entry(row, database)) }
      return (try Self.checkpoint(database), try Self.head(database))
    }
  }

  /// - Parameter expected: a head that was noted earlier, which the chain must pass.
  public func verify(expecting expected: ObjectHash? = nil) throws -> AuditVerification {
    try look { database in
      var verification = AuditVerification(after: try Self.checkpoint(database), expecting: expected)
      let cursor = try Row.fetchCursor(database, sql: "SELECT number, line, hash FROM entries ORDER BY number")
      while let row = try cursor.next(), verification.fault == nil {
        let entry = try Self.entry(row, database)
        verification.take(entry.line, names: entry.names, kept: entry.kept)
      }
      verification.end(at: try Self.head(database))
      return verification
    }
  }

  private static func entry(_ row: Row, _ database: Database) throws -> KeptAuditEntry {
    let number: Int64 = row["number"]
    let names = try Row.fetchAll(
      database.cachedStatement(sql: "SELECT salt, reference, hash FROM names WHERE entry = ? ORDER BY place"),
      arguments: [number]
    ).map { row in
      if let salt = row["salt"] as Data?, let reference = row["reference"] as String? {
        return AuditName(salt: Array(salt), reference: reference)
      }
      return AuditName(forgotten: ObjectHash(row["hash"] as Data) ?? AuditEntry.nothingBefore)
    }
    // Bytes that are no text, or no hash, were not written here: what is made of them fits no entry.
    return KeptAuditEntry(
      line: String.fromDatabaseValue(row["line"]) ?? "", names: names,
      kept: AuditHead(
        number: UInt64(clamping: number), hash: ObjectHash(row["hash"] as Data) ?? AuditEntry.nothingBefore))
  }

  /// What SQLite finds wrong with a page; nil if nothing is.
  public func checkIntegrity() throws -> String? { try look { try $0.pageFault() } }
}
