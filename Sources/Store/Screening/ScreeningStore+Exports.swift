internal import GRDB

extension ScreeningStore {
  /// Records that a list was made; durable before the list is handed out.
  public func record(_ export: ListExport) throws {
    try change { database in
      try database.execute(
        sql: "INSERT INTO exports (made_at, member, card, entries, hash) VALUES (?, ?, ?, ?, ?)",
        arguments: [Int64(bitPattern: export.madeAt), export.member, export.card, export.entries, export.hash])
    }
  }

  /// Newest first.
  public func exports(limit: Int) throws -> [ListExport] {
    try look { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM exports ORDER BY id DESC LIMIT ?", arguments: [max(0, limit)]
      ).map { row in
        ListExport(
          madeAt: UInt64(bitPattern: row["made_at"]), member: row["member"], card: row["card"], entries: row["entries"],
          hash: row["hash"])
      }
    }
  }
}
