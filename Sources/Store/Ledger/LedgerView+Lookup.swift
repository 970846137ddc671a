internal import FoundationEssentials
internal import GRDB
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
  /// Whether its coalition has taken it back in a head that is held here: it stays, and counts for no ceiling.
  public let removalIsHeld: Bool
  /// The digest of the same indicator under the hash key before, by which it is found too.
  public let previous: PreviousDigest?
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
    // While a hash key is replaced, one that is listed under both is one.
    let digests = try statement(
      """
      SELECT count(DISTINCT \(try hasLinks() ? "coalesce(previous, prefix)" : "prefix")) AS n FROM statements
      WHERE rowset IN (SELECT rowset FROM coalitions)
      """
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

  static let select = """
    SELECT c.coalition AS coalition, s.key AS key, s.salt AS salt, s.statement AS statement,
      s.quarantine AS quarantine, s.previous IS NOT NULL AS linked
    FROM statements s JOIN coalitions c ON c.rowset = s.rowset

    """

  /// The statement that a reading stands at: its columns are those of `select`.
  func held(_ reading: BoundStatement, key: [UInt8]) throws -> HeldStatement {
    guard let coalition = CoalitionID(String(decoding: reading.bytes(0), as: UTF8.self)), let key = StatementKey(key)
    else { throw damaged("a statement") }
    let quarantine = reading.bytes(4)
    return try held(
      coalition, Row(key: key, salt: reading.bytes(2), statement: reading.bytes(3)),
      quarantine: quarantine.isEmpty ? nil : String(decoding: quarantine, as: UTF8.self),
      isLinked: reading.integer(5) == 1)
  }

  private func held(_ row: GRDB.Row) throws -> HeldStatement {
    guard let coalition = CoalitionID(row["coalition"] as String), let key = StatementKey(row["key"] as Data) else {
      throw damaged("a statement")
    }
    return try held(
      coalition, Row(key: key, salt: Array(row["salt"] as Data), statement: Array(row["statement"] as Data)),
      quarantine: row["quarantine"], isLinked: row["linked"])
  }

  private func held(
    _ coalition: CoalitionID, _ row: Ledger.Row, quarantine: String?, isLinked: Bool
  ) throws -> HeldStatement {
    HeldStatement(
      coalition: coalition, row: row,
      quarantine: quarantine.map { QuarantineReason(rawValue: $0) ?? .unknownKind },
      isForked: try forkedCoalitions().contains(coalition), removalIsHeld: try removalIsHeld(row.key, of: coalition),
      previous: isLinked ? row.previous : nil)
  }
}
