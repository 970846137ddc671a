internal import FoundationEssentials
internal import GRDB
public import Indicators
public import Ledger
public import Wire

/// One coalition's live statement on an indicator, as screening and lists see it.
public struct HeldStatement: Sendable, Hashable {
  public let coalition: CoalitionID
  public let row: Ledger.Row
  /// Why it is left out of verdicts; nil if it counts.
  public let quarantine: QuarantineReason?
  /// Whether its coalition signed two histories: it is shown then, and counts for nothing.
  public let isForked: Bool
}

/// How a peer stood when it was last noted.
public struct StoredPeer: Sendable, Hashable {
  public let coalition: CoalitionID
  public let isPaused: Bool
  /// Milliseconds since 1970; nil if it never answered.
  public let heardAt: UInt64?
}

/// What takes a while to count.
public struct IndicatorCounts: Sendable, Hashable {
  public let indicators: Int
  public let quarantined: Int
}

extension LedgerView {
  /// All coalitions' live statements on one digest, sorted by coalition and facet.
  public func statements(on digest: IndicatorDigest) throws -> [HeldStatement] {
    // Bound and read without copies, and sorted here, because every hit of a screening comes this way.
    let reading = try BoundStatement(database, Self.select + "WHERE prefix = ?")
    defer { reading.end() }
    reading.bind(Self.prefix(of: StatementKey(.listing, digest)), at: 1)
    let wanted = digest.bytes
    var found: [HeldStatement] = []
    while try reading.next() {
      let key = reading.bytes(1)
      guard key.dropFirst().elementsEqual(wanted) else { continue }
      found.append(try held(reading, key: key))
    }
    return found.sorted { ($0.coalition, $0.row.key) < ($1.coalition, $1.row.key) }
  }

  /// The first bytes of every digest that any coalition speaks of: a walk through an index, a tenth of a second for a million.
  public func prefixIndex() throws -> PrefixIndex {
    let reading = try BoundStatement(
      database, "SELECT prefix FROM statements WHERE rowset IN (SELECT rowset FROM coalitions) ORDER BY prefix")
    defer { reading.end() }
    var prefixes: [UInt64] = []
    while try reading.next() {
      let prefix = Self.bytes(ofPrefix: reading.integer(0))
      if prefixes.last != prefix { prefixes.append(prefix) }
    }
    return PrefixIndex(ascending: prefixes)
  }

  /// Digests that begin with the given bytes (at least 6), of any coalition.
  public func digests(from first: IndicatorDigest, through last: IndicatorDigest) throws -> [IndicatorDigest] {
    let (low, high) = (
      Self.prefix(of: StatementKey(.listing, first)), Self.prefix(of: StatementKey(.listing, last))
    )
    let keys = try statement(
      """
      SELECT DISTINCT key FROM statements
      WHERE prefix BETWEEN ? AND ? AND rowset IN (SELECT rowset FROM coalitions)
      """
    ).fetchRows([low, high])
      .compactMap { StatementKey($0["key"] as Data)?.digest }
    return Set(keys).filter { $0 >= first && $0 <= last }.sorted()
  }

  /// Calls back with every live statement of a coalition, or of all, in the order of their arrival.
  public func eachStatement(of coalition: CoalitionID?, _ body: (HeldStatement) throws -> Bool) throws {
    let rows =
      if let coalition {
        try statement(Self.select + "WHERE c.coalition = ? ORDER BY s.id").cursor([coalition.rawValue])
      } else {
        try statement(Self.select + "ORDER BY s.id").cursor([])
      }
    while let row = try rows.next() {
      guard try body(try held(row)) else { return }
    }
  }

  /// Whether the newest queued change of a key removes it; nil if none waits.
  public func queuedRemove(_ key: StatementKey) throws -> Bool? {
    let reading = try BoundStatement(
      database, "SELECT statement IS NULL FROM queue WHERE key = ? ORDER BY sequence DESC LIMIT 1")
    return try key.bytes.withUnsafeBytes { bytes in
      reading.bind(bytes, at: 1)
      defer { reading.end() }
      return try reading.next() ? reading.integer(0) == 1 : nil
    }
  }

  /// Live statements of all coalitions: a sum of a few numbers.
  public func statementCount() throws -> Int {
    Int(try statement("SELECT total(statements) AS n FROM coalitions").fetchRow([])?["n"] as Double? ?? 0)
  }

  /// The indicators that are spoken of, and the statements that are set aside: a walk through an index, a tenth of a
  /// second for a million.
  public func indicatorCounts() throws -> IndicatorCounts {
    // Two digests that share 8 bytes are counted as one: one in 10^7 at a million of them.
    let digests = try statement(
      "SELECT count(DISTINCT prefix) AS n FROM statements WHERE rowset IN (SELECT rowset FROM coalitions)"
    ).fetchRow([])
    let aside = try statement(
      """
      SELECT count(*) AS n FROM statements
      WHERE quarantine IS NOT NULL AND rowset IN (SELECT rowset FROM coalitions)
      """
    ).fetchRow([])
    return IndicatorCounts(indicators: digests?["n"] ?? 0, quarantined: aside?["n"] ?? 0)
  }

  /// Changes in the heads of a coalition after a given one; all if nil.
  public func changes(of coalition: CoalitionID, after head: (epoch: UInt32, index: UInt64)?) throws -> Int {
    guard let number = try number(of: coalition) else { return 0 }
    let row =
      if let head {
        try statement(
          "SELECT sum(changes) AS n FROM heads WHERE coalition = ? AND (epoch, head_index) > (?, ?)"
        ).fetchRow([number, head.epoch, Int64(bitPattern: head.index)])
      } else {
        try statement("SELECT sum(changes) AS n FROM heads WHERE coalition = ?").fetchRow([number])
      }
    return row?["n"] ?? 0
  }

  /// What is remembered of peers.
  public func peers() throws -> [StoredPeer] {
    try statement("SELECT * FROM peers ORDER BY coalition").fetchRows([]).compactMap { row in
      CoalitionID(row["coalition"] as String).map { coalition in
        StoredPeer(
          coalition: coalition, isPaused: row["paused"],
          heardAt: (row["heard_at"] as Int64?).map { UInt64(bitPattern: $0) })
      }
    }
  }

  private static let select = """
    SELECT c.coalition AS coalition, s.key AS key, s.salt AS salt, s.statement AS statement, s.quarantine AS quarantine
    FROM statements s JOIN coalitions c ON c.rowset = s.rowset

    """

  /// The statement that a reading stands at: its columns are the coalition, the key, the salt, the statement and why it is set aside.
  func held(_ reading: BoundStatement, key: [UInt8]) throws -> HeldStatement {
    guard let coalition = CoalitionID(String(decoding: reading.bytes(0), as: UTF8.self)), let key = StatementKey(key)
    else { throw damaged("a statement") }
    let quarantine = reading.bytes(4)
    return HeldStatement(
      coalition: coalition, row: Row(key: key, salt: reading.bytes(2), statement: reading.bytes(3)),
      quarantine: quarantine.isEmpty
        ? nil : QuarantineReason(rawValue: String(decoding: quarantine, as: UTF8.self)) ?? .unknownKind,
      isForked: try forkedCoalitions().contains(coalition))
  }

  private func held(_ row: GRDB.Row) throws -> HeldStatement {
    guard let coalition = CoalitionID(row["coalition"] as String), let key = StatementKey(row["key"] as Data) else {
      throw damaged("a statement")
    }
    return HeldStatement(
      coalition: coalition,
      row: Row(key: key, salt: Array(row["salt"] as Data), statement: Array(row["statement"] as Data)),
      quarantine: (row["quarantine"] as String?).map { QuarantineReason(rawValue: $0) ?? .unknownKind },
      isForked: try forkedCoalitions().contains(coalition))
  }
}
