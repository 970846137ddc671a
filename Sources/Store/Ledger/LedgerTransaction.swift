public import Alliance
internal import FoundationEssentials
internal import GRDB
public import Ledger
public import Replication
internal import Signing
internal import SwiftProtobuf
public import Wire

/// Writing the ledger inside one durable transaction.
public final class LedgerTransaction: LedgerView, LedgerWriting {
  /// By which new rows are judged.
  var rules = ContentRules.current

  public func write(_ changes: [RowChange], of coalition: CoalitionID) throws {
    _ = try ensureNumber(of: coalition)
    guard let rowset = try rowset(of: coalition) else { throw damaged("the rows of \(coalition)") }
    try write(changes, in: rowset)
  }

  public func save(_ position: Position) throws {
    let number = try ensureNumber(of: position.coalition)
    try statement(
      """
      UPDATE coalitions SET epoch = ?, head_index = ?, head_hash = ?, signed_at = ?, roster = ?, lanes = ?,
        statements = ?, live_bytes = ?, history_size = ?, history_peaks = ? WHERE id = ?
      """
    ).execute(arguments: [
      position.head?.epoch, position.head.map { Int64(bitPattern: $0.index) },
      position.head.map { Data($0.hash.bytes) }, Int64(bitPattern: position.signedAt), position.roster,
      Data(position.digest.bytes), Int64(bitPattern: position.statements),
      Int64(bitPattern: position.liveBytes), Int64(bitPattern: position.history.size),
      Data(position.history.peaks.flatMap(\.bytes)), number,
    ])
  }

  public func append(_ entry: StoredEntry) throws {
    let head = entry.head.reference
    let number = try ensureNumber(of: head.coalition)
    let signed: Data = try entry.head.signed.wire.serializedBytes()
    try statement(
      """
      INSERT INTO heads (coalition, epoch, head_index, hash, changes, head, delta, delta_bytes, signed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).execute(arguments: [
      number, head.epoch, Int64(bitPattern: head.index), Data(head.hash.bytes), entry.head.claims.deltaChanges, signed,
      Data(entry.delta), entry.delta.count, Int64(bitPattern: entry.head.claims.signedAt),
    ])
  }

  public func save(_ receipt: StoredReceipt) throws {
    let signed: Data = try receipt.receipt.signed.wire.serializedBytes()
    try statement("INSERT OR REPLACE INTO receipts (coalition, receipt, first_seen) VALUES (?, ?, ?)").execute(
      arguments: [receipt.receipt.coalition.rawValue, signed, Int64(bitPattern: receipt.firstSeen)])
  }

  public func save(_ records: [MemberRecord]) throws {
    for record in records {
      let signed: Data = try record.signed.wire.serializedBytes()
      try statement("INSERT OR IGNORE INTO records (coalition, number, hash, record) VALUES (?, ?, ?, ?)").execute(
        arguments: [record.coalition.rawValue, record.number, Data(record.hash.bytes), signed])
    }
  }

  public func enqueue(_ changes: [QueuedChange.Content]) throws {
    let insert = try BoundStatement(database, "INSERT INTO queue (key, statement) VALUES (?, ?)")
    for change in changes {
      try change.key.bytes.withUnsafeBytes { key in
        insert.bind(key, at: 1)
        switch change {
        case .put(_, let statement):
          try statement.withUnsafeBytes {
            insert.bind($0, at: 2)
            try insert.run()
          }
        case .remove:
          insert.bindNull(at: 2)
          try insert.run()
        }
      }
    }
  }

  public func removeFromQueue(through sequence: Int64) throws {
    try statement("DELETE FROM queue WHERE sequence <= ?").execute(arguments: [sequence])
  }

  public func savePrepared(_ heads: PreparedHeads?) throws {
    try statement("DELETE FROM prepared").execute()
    guard let heads else { return }
    let insert = try BoundStatement(database, "INSERT INTO prepared (id, body, delta, through) VALUES (?, ?, ?, ?)")
    for (number, head) in heads.heads.enumerated() {
      insert.bind(Int64(number + 1), at: 1)
      insert.bind(heads.throughSequence, at: 4)
      try head.body.withUnsafeBytes { body in
        try head.delta.withUnsafeBytes { delta in
          insert.bind(body, at: 2)
          insert.bind(delta, at: 3)
          try insert.run()
        }
      }
    }
  }

  public func saveHold(_ problem: Problem?, of coalition: CoalitionID) throws {
    let number = try ensureNumber(of: coalition)
    let text = try problem.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    try statement("UPDATE coalitions SET hold = ? WHERE id = ?").execute(arguments: [text, number])
  }

  /// Remembers across restarts that the operator paused a peer.
  public func savePaused(_ paused: Bool, of peer: CoalitionID) throws {
    try statement(
      "INSERT INTO peers (coalition, paused) VALUES (?1, ?2) ON CONFLICT (coalition) DO UPDATE SET paused = ?2"
    ).execute(arguments: [peer.rawValue, paused])
  }

  /// Remembers when a peer last answered, in milliseconds since 1970, so that a screening without a running node can say
  /// how fresh the list is.
  public func saveHeard(_ peer: CoalitionID, at time: UInt64) throws {
    try statement(
      "INSERT INTO peers (coalition, heard_at) VALUES (?1, ?2) ON CONFLICT (coalition) DO UPDATE SET heard_at = ?2"
    ).execute(arguments: [peer.rawValue, Int64(bitPattern: time)])
  }

  func ensureNumber(of coalition: CoalitionID) throws -> Int64 {
    if let number = try number(of: coalition) { return number }
    let empty = LiveDigest()
    let rowset = try freshRowset()
    // Never the number of one whose heads are still being deleted.
    let number: Int64? = try statement(
      "SELECT max(n) AS n FROM (SELECT max(id) AS n FROM coalitions UNION ALL SELECT max(coalition) FROM discarded)"
    ).fetchRow([])?["n"]
    try statement(
      """
      INSERT INTO coalitions (id, coalition, signed_at, roster, lanes, statements, live_bytes, history_size,
        history_peaks, rowset) VALUES (?, ?, 0, 0, ?, 0, 0, 0, ?, ?)
      """
    ).execute(arguments: [(number ?? 0) + 1, coalition.rawValue, Data(empty.bytes), Data(), rowset])
    return database.lastInsertedRowID
  }

  /// A number that no set of rows has.
  func freshRowset() throws -> Int64 {
    let newest: Int64? = try statement(
      """
      SELECT max(n) AS n FROM (SELECT max(rowset) AS n FROM coalitions UNION ALL SELECT max(rowset) FROM copies
        UNION ALL SELECT max(rowset) FROM discarded)
      """
    ).fetchRow([])?["n"]
    return (newest ?? 0) + 1
  }
}
