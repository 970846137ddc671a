internal import FoundationEssentials
internal import GRDB
public import Indicators
public import Ledger
public import Wire

/// Statements by digest. One speaks of the digest in its key and, while a hash key is replaced, of the digest that the same
/// indicator has under the key before: so it is found by who has either key.
///
/// A statement's word for the digest before is its own coalition's alone. It never brings another coalition's listing along: else
/// one coalition could make of an innocent account one that many list.
extension LedgerView {
  /// All coalitions' live statements that speak of a digest, sorted by coalition and facet.
  public func statements(on digest: IndicatorDigest) throws -> [HeldStatement] { try statements(on: [digest]) }

  /// The same of an indicator whose digest under each of several hash keys is known: each statement once.
  public func statements(on digests: [IndicatorDigest]) throws -> [HeldStatement] {
    var found: [HeldStatement] = []
    for digest in digests {
      try read(Self.select + "WHERE s.prefix = ?", digest) { if $0.row.key.digest == digest { found.append($0) } }
    }
    if try hasLinks() { try addLinked(to: &found, digests) }
    return found.sorted { ($0.coalition, $0.row.key) < ($1.coalition, $1.row.key) }
  }

  private func addLinked(to found: inout [HeldStatement], _ digests: [IndicatorDigest]) throws {
    func add(_ held: HeldStatement) {
      if !found.contains(where: { $0.coalition == held.coalition && $0.row.key == held.row.key }) { found.append(held) }
    }
    for digest in digests {
      for held in try linked(to: digest) { add(held) }
    }
    // Doubt follows a listing to its new digest whoever says that it is the same: it only ever lowers what may be done.
    let before = Set(found.filter { $0.row.key.facet?.lists == true }.compactMap { $0.previous?.digest })
    for digest in before.subtracting(digests) {
      try read(Self.select + "WHERE s.prefix = ?", digest) { held in
        if held.row.key.digest == digest, held.row.key.facet?.lists != true { add(held) }
      }
    }
  }

  /// Most statements that one digest can honestly be the one before of: some for each of as many coalitions as a roster may name.
  private static let mostLinked = 1_000
  /// Of one coalition, where somebody names one digest in more than that many: nobody then waits for its rows, or misses others'.
  static let mostLinkedOfOne = 8

  /// Statements that name a digest as the one before theirs.
  private func linked(to digest: IndicatorDigest) throws -> [HeldStatement] {
    var found: [HeldStatement] = []
    func take(_ held: HeldStatement) { if held.previous?.digest == digest { found.append(held) } }
    var count = 0
    try read(Self.select + "WHERE s.previous = ? LIMIT \(Self.mostLinked + 1)", digest) {
      count += 1
      take($0)
    }
    guard count > Self.mostLinked else { return found }
    found = []
    for row in try statement("SELECT rowset FROM coalitions").fetchRows([]) {
      let rowset: Int64 = row["rowset"]
      try read(
        Self.select + "WHERE s.previous = ? AND s.rowset = \(rowset) LIMIT \(Self.mostLinkedOfOne)", digest, take)
    }
    return found
  }

  // Bound and read without copies, and sorted by the caller, because every hit of a screening comes this way.
  private func read(_ sql: String, _ digest: IndicatorDigest, _ body: (HeldStatement) throws -> Void) throws {
    let reading = try BoundStatement(database, sql)
    defer { reading.end() }
    reading.bind(Self.prefix(of: digest), at: 1)
    while try reading.next() { try body(held(reading, key: reading.bytes(1))) }
  }

  /// Whether any statement names a digest before its own: asked once in a view, because nearly always none does.
  func hasLinks() throws -> Bool {
    if let known = linksExist { return known }
    let found =
      try statement("SELECT 1 FROM statements INDEXED BY statements_by_previous WHERE previous IS NOT NULL LIMIT 1")
      .fetchRow([]) != nil
    linksExist = found
    return found
  }

  /// Our statement in the position that took the place of one under an older hash key.
  public func successor(of key: StatementKey, coalition: CoalitionID) throws -> StatementKey? {
    guard let digest = key.digest, try hasLinks() else { return nil }
    let found = try linked(to: digest).first { $0.coalition == coalition && $0.row.previousKey == key }?.row.key
    return try found.flatMap { try queuedRemove($0) == true ? nil : $0 }
  }

  /// The same, if it still waits to be signed.
  public func queuedSuccessor(of key: StatementKey) throws -> StatementKey? {
    guard try queuedRemove(key) == true else { return nil }
    let reading = try BoundStatement(database, "SELECT key, statement FROM queue WHERE statement IS NOT NULL")
    defer { reading.end() }
    while try reading.next() {
      guard let queued = StatementKey(reading.bytes(0)) else { throw damaged("a queued change") }
      if Row(key: queued, salt: [], statement: reading.bytes(1)).previousKey == key { return queued }
    }
    return nil
  }

  /// Digests under newer hash keys that coalitions' listings give for one, those that most of them give first.
  public func listedLater(than digest: IndicatorDigest) throws -> [(digest: IndicatorDigest, keyEpoch: UInt32)] {
    guard try hasLinks() else { return [] }
    var counts: [IndicatorDigest: (coalitions: Int, keyEpoch: UInt32)] = [:]
    for held in try linked(to: digest) {
      guard held.quarantine == nil, !held.isForked, held.row.key.facet?.lists == true, let later = held.row.key.digest
      else { continue }
      counts[later, default: (0, ContentRule.read(held.row).keyEpoch)].coalitions += 1
    }
    return counts.sorted { ($1.value.coalitions, $0.key) < ($0.value.coalitions, $1.key) }
      .map { ($0.key, $0.value.keyEpoch) }
  }

  /// The first bytes of every digest that any coalition speaks of: a walk through an index, a tenth of a second for a million.
  public func prefixIndex() throws -> PrefixIndex {
    let prefixes = try prefixes(
      "SELECT prefix FROM statements WHERE rowset IN (SELECT rowset FROM coalitions) ORDER BY prefix")
    guard try hasLinks() else { return PrefixIndex(ascending: prefixes) }
    let before = try self.prefixes(
      """
      SELECT previous FROM statements INDEXED BY statements_by_previous
      WHERE previous IS NOT NULL AND rowset IN (SELECT rowset FROM coalitions) ORDER BY previous
      """)
    return PrefixIndex(ascending: (prefixes + before).sorted())
  }

  private func prefixes(_ sql: String) throws -> [UInt64] {
    let reading = try BoundStatement(database, sql)
    defer { reading.end() }
    var prefixes: [UInt64] = []
    while try reading.next() {
      let prefix = Self.bytes(ofPrefix: reading.integer(0))
      if prefixes.last != prefix { prefixes.append(prefix) }
    }
    return prefixes
  }

  /// Digests that begin with the given bytes (at least 6), of any coalition.
  public func digests(from first: IndicatorDigest, through last: IndicatorDigest) throws -> [IndicatorDigest] {
    let range: [any DatabaseValueConvertible] = [Self.prefix(of: first), Self.prefix(of: last)]
    var found = Set(
      try statement(
        """
        SELECT DISTINCT key FROM statements
        WHERE prefix BETWEEN ? AND ? AND rowset IN (SELECT rowset FROM coalitions)
        """
      ).fetchRows(StatementArguments(range)).compactMap { StatementKey($0["key"] as Data)?.digest })
    if try hasLinks() {
      let linked = try statement(
        """
        SELECT key, statement FROM statements
        WHERE previous BETWEEN ? AND ? AND rowset IN (SELECT rowset FROM coalitions) GROUP BY previous, rowset
        """
      ).fetchRows(StatementArguments(range))
      for row in linked {
        guard let key = StatementKey(row["key"] as Data) else { throw damaged("a statement's key") }
        let statement = Ledger.Row(key: key, salt: [], statement: Array(row["statement"] as Data))
        if let digest = statement.previous?.digest { found.insert(digest) }
      }
    }
    return found.filter { $0 >= first && $0 <= last }.sorted()
  }

  /// Listings of each coalition by the hash key of their digests.
  public func listingsByHashKey() throws -> [CoalitionID: [UInt32: Int]] {
    var counts: [CoalitionID: [UInt32: Int]] = [:]
    let rows = try statement(
      "SELECT c.coalition, k.key_epoch, k.listings FROM key_counts k JOIN coalitions c ON c.rowset = k.rowset"
    ).fetchRows([])
    for row in rows {
      guard let coalition = CoalitionID(row["coalition"] as String), row["listings"] as Int > 0 else { continue }
      counts[coalition, default: [:]][row["key_epoch"]] = row["listings"]
    }
    return counts
  }
}
