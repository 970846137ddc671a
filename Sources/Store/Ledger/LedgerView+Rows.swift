internal import FoundationEssentials
internal import GRDB
public import Ledger
public import Replication
public import Signing
public import Wire

/// Rows by their number of set: positions in force and copies beside them.
extension LedgerView {
  public func signedHead(of coalition: CoalitionID) throws -> Head? {
    try statement(
      """
      SELECT h.head AS head FROM coalitions c JOIN heads h
      ON h.coalition = c.id AND h.epoch = c.epoch AND h.head_index = c.head_index WHERE c.coalition = ?
      """
    ).fetchRow([coalition.rawValue]).map { row in
      guard let bytes = row["head"] as Data? else { throw damaged("the newest head of \(coalition)") }
      return try Head(try signed(bytes, .head))
    }
  }

  public func holds(_ hash: ObjectHash, of coalition: CoalitionID) throws -> Bool {
    guard let number = try number(of: coalition) else { return false }
    return try statement("SELECT 1 FROM heads WHERE coalition = ? AND hash = ? LIMIT 1")
      .fetchRow([number, Data(hash.bytes)]) != nil
  }

  public func keptDeltas(of coalition: CoalitionID) throws -> [KeptDelta] {
    guard let number = try number(of: coalition) else { return [] }
    return try statement(
      """
      SELECT epoch, head_index, delta_bytes, signed_at FROM heads
      WHERE coalition = ? AND delta IS NOT NULL ORDER BY epoch, head_index
      """
    ).fetchRows([number]).map { row in
      KeptDelta(
        epoch: row["epoch"], index: UInt64(bitPattern: row["head_index"]),
        bytes: UInt64(bitPattern: row["delta_bytes"] as Int64? ?? 0),
        // Not known of heads from before this was written down: they stay as long as their bytes fit.
        signedAt: (row["signed_at"] as Int64?).map { UInt64(bitPattern: $0) } ?? .max / 2)
    }
  }

  public func rows(
    of coalition: CoalitionID, after key: StatementKey?, bucket: UInt8?, maximumBytes: Int
  ) throws -> (rows: [Ledger.Row], more: Bool) {
    guard let rowset = try rowset(of: coalition) else { return ([], false) }
    var rows: [Ledger.Row] = []
    var bytes = 0
    var more = false
    try eachRow(in: rowset, after: key, bucket: bucket) { row in
      let size = Change.put(row).encodedBytes
      guard rows.isEmpty || bytes + size <= maximumBytes else {
        more = true
        return false
      }
      bytes += size
      rows.append(row)
      return true
    }
    return (rows, more)
  }

  /// Calls back with the rows of a set in the order of keys, until it says no.
  func eachRow(
    in rowset: Int64, after key: StatementKey?, bucket: UInt8?, _ body: (Ledger.Row) throws -> Bool
  ) throws {
    // The index orders by the first 8 bytes; what shares them is sorted by the rest.
    let reading = try BoundStatement(
      database,
      """
      SELECT key, salt, statement FROM statements WHERE prefix BETWEEN ? AND ? AND rowset = ?
      ORDER BY prefix, substr(key, 2), key
      """)
    let (low, high) = Self.prefixes(of: bucket)
    reading.bind(max(key.map { Self.prefix(of: $0) } ?? .min, low), at: 1)
    reading.bind(high, at: 2)
    reading.bind(rowset, at: 3)
    defer { reading.end() }
    while try reading.next() {
      guard let found = StatementKey(reading.bytes(0)) else { throw damaged("a statement's key") }
      if let key, !(key < found) { continue }
      guard try body(Row(key: found, salt: reading.bytes(1), statement: reading.bytes(2))) else { return }
    }
  }

  func row(in rowset: Int64, key: StatementKey) throws -> Ledger.Row? {
    let reading = try readingOfRow()
    reading.bind(Self.prefix(of: key), at: 1)
    reading.bind(rowset, at: 2)
    return try key.bytes.withUnsafeBytes { bytes in
      reading.bind(bytes, at: 3)
      defer { reading.end() }
      guard try reading.next() else { return nil }
      return Row(key: key, salt: reading.bytes(0), statement: reading.bytes(1))
    }
  }

  func rowset(of coalition: CoalitionID) throws -> Int64? {
    if let known = rowsets[coalition] { return known }
    let found: Int64? = try statement("SELECT rowset FROM coalitions WHERE coalition = ?")
      .fetchRow([coalition.rawValue])?["rowset"]
    rowsets[coalition] = found
    return found
  }

  /// The smallest and the largest prefix of a bucket, or of all.
  private static func prefixes(of bucket: UInt8?) -> (Int64, Int64) {
    guard let bucket else { return (.min, .max) }
    let low = UInt64(bucket) << 56 ^ 1 << 63
    return (Int64(bitPattern: low), Int64(bitPattern: low | (1 << 56 - 1)))
  }
}
