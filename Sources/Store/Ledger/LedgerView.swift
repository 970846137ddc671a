public import Alliance
internal import FoundationEssentials
internal import GRDB
internal import Indicators
public import Ledger
public import Replication
public import Signing
internal import SwiftProtobuf
public import Wire

/// Reading the ledger in one consistent view.
public class LedgerView: LedgerReading {
  let database: Database
  /// Looked up once in a view or transaction, because every row asks for them.
  var rowsets: [CoalitionID: Int64] = [:]
  var copiedRowsets: [CoalitionID: Int64] = [:]
  var forked: Set<CoalitionID>?
  var removalsAreHeld: Bool?
  var linksExist: Bool?
  private var rowReading: BoundStatement?

  init(_ database: Database) { self.database = database }

  public func position(of coalition: CoalitionID) throws -> Position {
    var position = Position(coalition: coalition)
    guard
      let row = try statement("SELECT * FROM coalitions WHERE coalition = ?").fetchRow([coalition.rawValue])
    else { return position }
    let peaks = row["history_peaks"] as Data
    guard let digest = LiveDigest(bytes: Array(row["lanes"] as Data)),
      let history = Self.history(row["history_size"], peaks)
    else { throw damaged("the sums of \(coalition)") }
    position.head = try head(in: row, of: coalition)
    position.signedAt = UInt64(bitPattern: row["signed_at"])
    position.roster = row["roster"]
    position.digest = digest
    position.statements = UInt64(bitPattern: row["statements"])
    position.liveBytes = UInt64(bitPattern: row["live_bytes"])
    position.history = history
    return position
  }

  public func frontier() throws -> [HeadReference] {
    try statement("SELECT * FROM coalitions WHERE epoch IS NOT NULL ORDER BY coalition").fetchRows([]).compactMap {
      row in
      guard let coalition = CoalitionID(row["coalition"] as String) else { throw damaged("a coalition's id") }
      return try head(in: row, of: coalition)
    }
  }

  public func row(of coalition: CoalitionID, key: StatementKey) throws -> Ledger.Row? {
    try rowset(of: coalition).flatMap { try row(in: $0, key: key) }
  }

  public func entry(of coalition: CoalitionID, epoch: UInt32, index: UInt64) throws -> StoredEntry? {
    guard let number = try number(of: coalition) else { return nil }
    return try statement(
      "SELECT head, delta FROM heads WHERE coalition = ? AND epoch = ? AND head_index = ? AND delta IS NOT NULL"
    ).fetchRow([number, epoch, Int64(bitPattern: index)]).map(storedEntry)
  }

  public func entries(
    of coalition: CoalitionID, epoch: UInt32, from index: UInt64, maximumBytes: Int
  ) throws -> [StoredEntry] {
    guard let number = try number(of: coalition) else { return [] }
    let rows = try statement(
      """
      SELECT head, delta, head_index FROM heads
      WHERE coalition = ? AND epoch = ? AND head_index >= ? AND delta IS NOT NULL ORDER BY head_index
      """
    ).cursor([number, epoch, Int64(bitPattern: index)])
    var entries: [StoredEntry] = []
    var bytes = 0
    while let row = try rows.next() {
      guard UInt64(bitPattern: row["head_index"]) == index &+ UInt64(entries.count) else { break }
      let entry = try storedEntry(row)
      guard entries.isEmpty || bytes + entry.pageBytes <= maximumBytes else { break }
      bytes += entry.pageBytes
      entries.append(entry)
    }
    return entries
  }

  public func history(
    of coalition: CoalitionID, epoch: UInt32, from index: UInt64, limit: Int
  ) throws -> [ObjectHash] {
    guard let number = try number(of: coalition) else { return [] }
    return try statement(
      "SELECT hash FROM heads WHERE coalition = ? AND epoch = ? AND head_index >= ? ORDER BY head_index LIMIT ?"
    ).fetchRows([number, epoch, Int64(bitPattern: index), limit]).map { row in
      guard let hash = ObjectHash(row["hash"] as Data) else { throw damaged("a head's hash") }
      return hash
    }
  }

  public func receipts() throws -> [StoredReceipt] {
    try statement("SELECT receipt, first_seen FROM receipts ORDER BY coalition").fetchRows([]).map { row in
      StoredReceipt(
        receipt: try Receipt(try signed(row["receipt"], .receipt)), firstSeen: UInt64(bitPattern: row["first_seen"]))
    }
  }

  public func queue(limit: Int) throws -> [QueuedChange] {
    let reading = try BoundStatement(
      database, "SELECT sequence, key, statement, statement IS NULL FROM queue ORDER BY sequence LIMIT ?")
    reading.bind(Int64(limit), at: 1)
    defer { reading.end() }
    var queue: [QueuedChange] = []
    while try reading.next() {
      guard let key = StatementKey(reading.bytes(1)) else { throw damaged("a queued change") }
      let content: QueuedChange.Content =
        reading.integer(3) == 1 ? .remove(key) : .put(key, statement: reading.bytes(2))
      queue.append(QueuedChange(sequence: reading.integer(0), content: content))
    }
    return queue
  }

  public func queueCount() throws -> Int {
    try statement("SELECT count(*) AS n FROM queue").fetchRow([])?["n"] ?? 0
  }

  public func preparedHeads() throws -> PreparedHeads? {
    let reading = try BoundStatement(database, "SELECT body, delta, through FROM prepared ORDER BY id")
    defer { reading.end() }
    var (heads, through): ([PreparedHeads.One], Int64) = ([], 0)
    while try reading.next() {
      heads.append(PreparedHeads.One(body: reading.bytes(0), delta: reading.bytes(1)))
      through = reading.integer(2)
    }
    return heads.isEmpty ? nil : PreparedHeads(heads: heads, throughSequence: through)
  }

  public func hold(of coalition: CoalitionID) throws -> Problem? {
    guard
      let text = try statement("SELECT hold FROM coalitions WHERE coalition = ?").fetchRow([coalition.rawValue])?[
        "hold"]
        as String?
    else { return nil }
    return try JSONDecoder().decode(Problem.self, from: Data(text.utf8))
  }

  /// All coalitions of which anything is held here, sorted.
  public func coalitions() throws -> [CoalitionID] {
    try statement("SELECT coalition FROM coalitions UNION SELECT coalition FROM receipts ORDER BY coalition")
      .fetchRows([]).compactMap { CoalitionID($0["coalition"] as String) }
  }

  /// Records besides the founders' first ones, ascending, of every coalition.
  public func records() throws -> [MemberRecord] {
    try statement("SELECT record FROM records ORDER BY coalition, number, hash").fetchRows([]).map { row in
      try MemberRecord(try signed(row["record"], .record))
    }
  }

  static func history(_ size: Int64, _ peaks: Data) -> HistoryTree? {
    guard peaks.count.isMultiple(of: ObjectHash.byteCount) else { return nil }
    return HistoryTree(
      size: UInt64(bitPattern: size),
      peaks: stride(from: 0, to: peaks.count, by: ObjectHash.byteCount).compactMap {
        ObjectHash(peaks.dropFirst($0).prefix(ObjectHash.byteCount))
      })
  }

  func number(of coalition: CoalitionID) throws -> Int64? {
    try statement("SELECT id FROM coalitions WHERE coalition = ?").fetchRow([coalition.rawValue])?["id"]
  }

  /// Finds one row of a set by its key.
  func readingOfRow() throws -> BoundStatement {
    if let rowReading { return rowReading }
    let reading = try BoundStatement(
      database, "SELECT salt, statement FROM statements WHERE prefix = ? AND rowset = ? AND key = ?")
    rowReading = reading
    return reading
  }

  func statement(_ sql: String) throws -> Statement { try database.cachedStatement(sql: sql) }

  /// The first 8 bytes of the digest as an integer of SQLite, which are signed, in the order of the digests.
  static func prefix(of key: StatementKey) -> Int64 {
    Int64(bitPattern: key.bytes.dropFirst().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } ^ 1 << 63)
  }

  static func prefix(of digest: IndicatorDigest) -> Int64 { Int64(bitPattern: digest.prefix ^ 1 << 63) }

  static func bytes(ofPrefix prefix: Int64) -> UInt64 { UInt64(bitPattern: prefix) ^ 1 << 63 }

  func damaged(_ what: String) -> Problem {
    Problem(
      "store-damaged", "\(what) cannot be read from the ledger; nothing was changed",
      next: "keep the file, restore the newest backup of this folder, and start again")
  }

  private func head(in row: GRDB.Row, of coalition: CoalitionID) throws -> HeadReference? {
    guard let epoch = row["epoch"] as UInt32? else { return nil }
    guard let hash = ObjectHash(row["head_hash"] as Data) else { throw damaged("the head of \(coalition)") }
    return HeadReference(
      coalition: coalition, epoch: epoch, index: UInt64(bitPattern: row["head_index"]), hash: hash)
  }

  private func storedEntry(_ row: GRDB.Row) throws -> StoredEntry {
    StoredEntry(head: try Head(try signed(row["head"], .head)), delta: Array(row["delta"] as Data))
  }

  func signed(_ bytes: Data, _ type: SignedType) throws -> SignedObject {
    guard let wire = try? WireSigned(serializedBytes: bytes) else { throw damaged("a signed object") }
    return SignedObject(type: type, wire: wire)
  }
}

extension Statement {
  func fetchRow(_ arguments: StatementArguments) throws -> GRDB.Row? {
    try GRDB.Row.fetchOne(self, arguments: arguments)
  }

  func fetchRows(_ arguments: StatementArguments) throws -> [GRDB.Row] {
    try GRDB.Row.fetchAll(self, arguments: arguments)
  }

  func cursor(_ arguments: StatementArguments) throws -> RowCursor {
    try GRDB.Row.fetchCursor(self, arguments: arguments)
  }
}
