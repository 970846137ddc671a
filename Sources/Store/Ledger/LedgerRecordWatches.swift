internal import FoundationEssentials
internal import GRDB
public import Replication
public import Wire

extension LedgerView {
  /// How fast a coalition's records came lately; an empty one if nothing was noted.
  public func recordWatch(of coalition: CoalitionID) throws -> RecordWatch {
    try statement("SELECT * FROM record_watches WHERE coalition = ?").fetchRow([coalition.rawValue]).map(watch)
      ?? RecordWatch()
  }

  /// Those of coalitions whose later records are held, sorted.
  public func heldRecordWatches() throws -> [(coalition: CoalitionID, watch: RecordWatch)] {
    try statement("SELECT * FROM record_watches WHERE held_at IS NOT NULL ORDER BY coalition").fetchRows([])
      .compactMap { row in
        CoalitionID(row["coalition"] as String).map { ($0, watch(row)) }
      }
  }

  private func watch(_ row: GRDB.Row) -> RecordWatch {
    let bytes = Array(row["arrivals"] as Data)
    let arrivals = stride(from: 0, to: bytes.count / 8 * 8, by: 8).map { start in
      bytes[start..<(start + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return RecordWatch(
      wholeAt: (row["whole_at"] as Int64?).map { UInt64(bitPattern: $0) }, arrivals: arrivals,
      heldAt: (row["held_at"] as Int64?).map { UInt64(bitPattern: $0) }, heldNumber: row["held_number"],
      passesUntil: UInt64(bitPattern: row["passes_until"]))
  }
}

extension LedgerTransaction {
  public func save(_ watch: RecordWatch, of coalition: CoalitionID) throws {
    let arrivals = watch.arrivals.flatMap { time in withUnsafeBytes(of: time.bigEndian) { Array($0) } }
    try statement(
      """
      INSERT OR REPLACE INTO record_watches (coalition, whole_at, arrivals, held_at, held_number, passes_until)
      VALUES (?, ?, ?, ?, ?, ?)
      """
    ).execute(arguments: [
      coalition.rawValue, watch.wholeAt.map { Int64(bitPattern: $0) }, Data(arrivals),
      watch.heldAt.map { Int64(bitPattern: $0) }, watch.heldNumber, Int64(bitPattern: watch.passesUntil),
    ])
  }
}
