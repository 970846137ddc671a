internal import FoundationEssentials
internal import GRDB
public import Ledger
public import Replication
public import Signing
internal import SwiftProtobuf
public import Wire

/// Writing rows, of positions in force and of copies beside them.
extension LedgerTransaction {
  func write(_ changes: [RowChange], in rowset: Int64) throws {
    let insert = try BoundStatement(
      database,
      """
      INSERT INTO statements (rowset, prefix, key, salt, statement, quarantine, previous) VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    var reader = StatementReader(rules: rules)
    var counts = KeyCounts()
    for change in changes {
      switch change {
      case .put(let row, let replaces):
        if replaces { try delete(row.key, in: rowset, &counts) }
        let reading = reader.read(row)
        counts.add(1, row.key, reading, in: rowset)
        insert.bind(rowset, at: 1)
        insert.bind(Self.prefix(of: row.key), at: 2)
        if let reason = reading.quarantine {
          insert.bind(reason.rawValue, at: 6)
        } else {
          insert.bindNull(at: 6)
        }
        if let previous = reading.previous {
          insert.bind(Self.prefix(of: previous.digest), at: 7)
        } else {
          insert.bindNull(at: 7)
        }
        try row.key.bytes.withUnsafeBytes { key in
          try row.salt.withUnsafeBytes { salt in
            try row.statement.withUnsafeBytes { statement in
              insert.bind(key, at: 3)
              insert.bind(salt, at: 4)
              insert.bind(statement, at: 5)
              try insert.run()
            }
          }
        }
      case .remove(let key): try delete(key, in: rowset, &counts)
      }
    }
    try counts.save(in: database)
  }

  private func delete(_ key: StatementKey, in rowset: Int64, _ counts: inout KeyCounts) throws {
    let delete = try BoundStatement(
      database, "DELETE FROM statements WHERE prefix = ? AND rowset = ? AND key = ? RETURNING statement")
    delete.bind(Self.prefix(of: key), at: 1)
    delete.bind(rowset, at: 2)
    try key.bytes.withUnsafeBytes { bytes in
      delete.bind(bytes, at: 3)
      defer { delete.end() }
      while try delete.next() {
        guard key.facet?.lists == true else { continue }
        let row = Ledger.Row(key: key, salt: [], statement: delete.bytes(0))
        counts.add(-1, key, ContentRule.read(row, by: rules), in: rowset)
      }
    }
  }

  public func stage(_ changes: [RowChange], of coalition: CoalitionID) throws {
    guard let rowset = try copiedRowset(of: coalition) else { throw damaged("the copy of \(coalition)") }
    try write(changes, in: rowset)
  }

  public func save(_ staged: StagedPosition?, of coalition: CoalitionID) throws {
    let number = try ensureNumber(of: coalition)
    guard let staged else { return try discardCopy(number, rowset: try copiedRowset(of: coalition)) }
    let rowset = try copiedRowset(of: coalition) ?? freshRowset()
    try statement(
      """
      INSERT OR REPLACE INTO copies (coalition, rowset, phase, base, target, last_key, pending, next_epoch, next_index,
        end_head, lanes, statements, live_bytes, taken_bytes, repairs, history_size, history_peaks)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).execute(arguments: [
      number, rowset, staged.phase.rawValue, try bytes(staged.base), try bytes(staged.target),
      staged.after.map { Data($0.bytes) }, staged.pending.map { Data($0) }, staged.nextEpoch,
      Int64(bitPattern: staged.nextIndex), try bytes(staged.end), Data(staged.digest.bytes),
      Int64(bitPattern: staged.statements), Int64(bitPattern: staged.liveBytes),
      Int64(bitPattern: staged.takenBytes), staged.repairs, Int64(bitPattern: staged.history.size),
      Data(staged.history.peaks.flatMap(\.bytes)),
    ])
  }

  public func stageHistory(
    _ hashes: [ObjectHash], of coalition: CoalitionID, epoch: UInt32, from index: UInt64
  ) throws {
    let number = try ensureNumber(of: coalition)
    for (offset, hash) in hashes.enumerated() {
      try statement("INSERT OR REPLACE INTO copied_history VALUES (?, ?, ?, ?)").execute(
        arguments: [number, epoch, Int64(bitPattern: index + UInt64(offset)), Data(hash.bytes)])
    }
  }

  public func swapStaged(to position: Position, at head: Head) throws {
    let number = try ensureNumber(of: position.coalition)
    guard let copied = try copiedRowset(of: position.coalition), let old = try rowset(of: position.coalition) else {
      throw damaged("the copy of \(position.coalition)")
    }
    try statement("UPDATE heads SET delta = NULL WHERE coalition = ? AND delta IS NOT NULL").execute(arguments: [number]
    )
    // What the copy goes on from takes the place of whatever was known of those heads.
    try statement("DELETE FROM heads WHERE coalition = ? AND (epoch, head_index) > (?, ?)").execute(
      arguments: [number, head.reference.epoch, Int64(bitPattern: head.reference.index)])
    try statement(
      """
      DELETE FROM heads WHERE coalition = ?1 AND EXISTS (SELECT 1 FROM copied_history h WHERE h.coalition = ?1
        AND h.epoch = heads.epoch AND h.head_index = heads.head_index AND h.hash <> heads.hash)
      """
    ).execute(arguments: [number])
    try statement(
      """
      INSERT OR IGNORE INTO heads (coalition, epoch, head_index, hash, changes)
      SELECT coalition, epoch, head_index, hash, 0 FROM copied_history WHERE coalition = ?
      """
    ).execute(arguments: [number])
    try statement(
      """
      INSERT OR REPLACE INTO heads (coalition, epoch, head_index, hash, changes, head) VALUES (?, ?, ?, ?, ?, ?)
      """
    ).execute(arguments: [
      number, head.reference.epoch, Int64(bitPattern: head.reference.index), Data(head.reference.hash.bytes),
      head.claims.deltaChanges, try bytes(head),
    ])
    try statement("UPDATE coalitions SET rowset = ? WHERE id = ?").execute(arguments: [copied, number])
    try save(position)
    try discardCopy(number, rowset: old)
  }

  public func dropDeltas(of coalition: CoalitionID, beforeEpoch epoch: UInt32, index: UInt64) throws {
    guard let number = try number(of: coalition) else { return }
    try statement(
      """
      UPDATE heads SET delta = NULL, head = CASE WHEN (epoch, head_index) =
        (SELECT epoch, head_index FROM coalitions WHERE id = ?1) THEN head END
      WHERE coalition = ?1 AND (epoch, head_index) < (?2, ?3) AND delta IS NOT NULL
      """
    ).execute(arguments: [number, epoch, Int64(bitPattern: index)])
  }

  public func forgetPosition(of coalition: CoalitionID) throws {
    if let number = try number(of: coalition) {
      try discard(rowset: try copiedRowset(of: coalition))
      try discard(rowset: try rowset(of: coalition))
      try discard(heads: number)
      try statement("DELETE FROM copies WHERE coalition = ?").execute(arguments: [number])
      try statement("DELETE FROM coalitions WHERE id = ?").execute(arguments: [number])
      (rowsets, copiedRowsets) = ([:], [:])
    }
    for table in ["receipts", "change_windows", "held_removals"] {
      try statement("DELETE FROM \(table) WHERE coalition = ?").execute(arguments: [coalition.rawValue])
    }
    removalsAreHeld = nil
    forked = nil
  }

  /// Forgets a copy, and a set of rows that nothing refers to any more.
  private func discardCopy(_ number: Int64, rowset: Int64?) throws {
    rowsets = [:]
    copiedRowsets = [:]
    try statement("DELETE FROM copies WHERE coalition = ?").execute(arguments: [number])
    try statement("DELETE FROM copied_history WHERE coalition = ?").execute(arguments: [number])
    guard let rowset else { return }
    // At once and not in steps: the receipt for the head that the copy leads to may say that an erasure has come.
    try statement("DELETE FROM statements WHERE rowset = ?").execute(arguments: [rowset])
    try statement("DELETE FROM key_counts WHERE rowset = ?").execute(arguments: [rowset])
  }

  private func bytes(_ head: Head?) throws -> Data? { try head.map { try $0.signed.wire.serializedBytes() } }
}
