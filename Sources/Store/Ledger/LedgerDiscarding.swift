internal import GRDB
internal import Wire

/// Rows and heads of positions that are no more. They are out of every sight from the transaction on that forgets the position, and
/// are deleted in steps, so that nobody who writes waits long; after a crash the steps go on where they were.
extension LedgerTransaction {
  /// A step looks at so many rows: a few tenths of a second at most. Smaller steps write the pages of the index more often.
  public static let discardedTogether = 40_000
  private static let discardedBytesTogether = 8 << 20

  /// Rows of a set that nothing refers to any more.
  func discard(rowset: Int64?) throws {
    guard let rowset else { return }
    try statement("DELETE FROM key_counts WHERE rowset = ?").execute(arguments: [rowset])
    try statement("INSERT INTO discarded (rowset) VALUES (?)").execute(arguments: [rowset])
  }

  /// Heads, and hashes of heads, under a number that no coalition has any more.
  func discard(heads number: Int64) throws {
    try statement("INSERT INTO discarded (coalition) VALUES (?)").execute(arguments: [number])
  }

  /// Deletes a part of what is discarded.
  /// - Returns: whether there is more.
  public func deleteDiscarded(most: Int = discardedTogether) throws -> Bool {
    guard let entry = try statement("SELECT * FROM discarded ORDER BY id LIMIT 1").fetchRow([]) else { return false }
    let id = entry["id"] as Int64
    let isDone =
      if let rowset = entry["rowset"] as Int64? {
        try deleteRows(of: rowset, after: entry["after_id"], most: most, entry: id)
      } else {
        try deleteHeads(of: entry["coalition"], most: most)
      }
    if isDone { try statement("DELETE FROM discarded WHERE id = ?").execute(arguments: [id]) }
    return try statement("SELECT 1 FROM discarded LIMIT 1").fetchRow([]) != nil
  }

  /// By the order in which rows lie in the file: there is no index by set, and every row is looked at once.
  private func deleteRows(of rowset: Int64, after last: Int64, most: Int, entry: Int64) throws -> Bool {
    let end: Int64? = try statement(
      "SELECT max(id) AS id FROM (SELECT id FROM statements WHERE id > ? ORDER BY id LIMIT ?)"
    ).fetchRow([last, most])?["id"]
    guard let end else { return true }
    try statement("DELETE FROM statements WHERE id > ? AND id <= ? AND rowset = ?").execute(
      arguments: [last, end, rowset])
    try statement("UPDATE discarded SET after_id = ? WHERE id = ?").execute(arguments: [end, entry])
    return false
  }

  private func deleteHeads(of number: Int64, most: Int) throws -> Bool {
    let heads = try statement("SELECT id, delta_bytes FROM heads WHERE coalition = ? LIMIT ?").fetchRows([number, most])
    var bytes: Int64 = 0
    for head in heads where bytes < Self.discardedBytesTogether {
      bytes += head["delta_bytes"] as Int64? ?? 0
      try statement("DELETE FROM heads WHERE id = ?").execute(arguments: [head["id"] as Int64])
    }
    guard heads.isEmpty else { return false }
    try statement(
      """
      DELETE FROM copied_history WHERE coalition = ?1 AND (epoch, head_index) IN
        (SELECT epoch, head_index FROM copied_history WHERE coalition = ?1 LIMIT ?2)
      """
    ).execute(arguments: [number, most])
    return database.changesCount == 0
  }
}
