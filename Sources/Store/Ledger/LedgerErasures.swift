internal import GRDB
public import Replication
internal import Wire

/// Erasures under way: numbers of heads, never a key.
extension LedgerView {
  public func erasures() throws -> [Erasure] {
    try statement("SELECT * FROM erasures ORDER BY id").fetchRows([]).map { row in
      guard let step = Erasure.Step(rawValue: row["step"]) else { throw damaged("a note of an erasure") }
      return Erasure(
        id: row["id"], step: step, through: row["through"], epoch: row["epoch"],
        index: UInt64(bitPattern: row["head_index"]), at: UInt64(bitPattern: row["at"]))
    }
  }
}

extension LedgerTransaction {
  public func beginErasure(at now: UInt64) throws -> Int64 {
    try statement(
      """
      INSERT INTO erasures (step, through, epoch, head_index, at)
      VALUES (?, (SELECT coalesce(max(sequence), 0) FROM queue), 0, 0, ?)
      """
    ).execute(arguments: [Erasure.Step.queued.rawValue, Int64(bitPattern: now)])
    return database.lastInsertedRowID
  }

  public func save(_ erasures: [Erasure]) throws {
    try statement("DELETE FROM erasures").execute()
    for erasure in erasures {
      try statement(
        "INSERT INTO erasures (id, step, through, epoch, head_index, at) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [
        erasure.id, erasure.step.rawValue, erasure.through, erasure.epoch, Int64(bitPattern: erasure.index),
        Int64(bitPattern: erasure.at),
      ])
    }
  }
}

extension LedgerStore {
  /// Moves the write-ahead log into the database and empties it, so that no older page stays behind there.
  /// - Returns: false while somebody else is reading; try again.
  public func emptyLog() throws -> Bool { try StoreFile.emptyLog(writer) }
}

extension VaultStore {
  /// As for the ledger.
  public func emptyLog() throws -> Bool { try StoreFile.emptyLog(writer) }
}

extension StoreFile {
  static func emptyLog(_ writer: (any DatabaseWriter)?) throws -> Bool {
    guard let writer else { return false }
    return try writer.writeWithoutTransaction { database in
      // The writer must not wait here for a long reading.
      try database.execute(sql: "PRAGMA busy_timeout = 0")
      defer { try? database.execute(sql: "PRAGMA busy_timeout = 10000") }
      do {
        try database.checkpoint(.truncate)
        return true
      } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
        return false
      }
    }
  }
}
