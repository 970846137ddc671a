internal import GRDB
public import Indicators
internal import Ledger
public import Wire

extension LedgerView {
  /// Calls back with the live statements on one indicator after the other, of a coalition or of all, in the order of the digests.
  ///
  /// While a hash key is replaced, an indicator is known by its digest under the older one: by that all speak of it, those who have moved
  /// to the newer key and those who have not. One after the other along an index, whatever their number; the statements on an indicator
  /// are sorted by coalition and facet.
  /// - Parameter keys: hash keys that are open; a digest before of another is not heeded.
  public func eachIndicator(
    of coalition: CoalitionID? = nil, openKeys keys: Set<UInt32>,
    _ body: (IndicatorDigest, [HeldStatement]) throws -> Void
  ) throws {
    let reading = try BoundStatement(database, hasLinks() ? Self.linkedWalk : Self.walk)
    defer { reading.end() }
    var together: [HeldStatement] = []
    var prefix: Int64?
    var linked: [CoalitionID: Int] = [:]
    func known(_ held: HeldStatement) -> IndicatorDigest? {
      held.previous.flatMap { keys.contains($0.keyEpoch) ? $0.digest : nil } ?? held.row.key.digest
    }
    func giveOut() throws {
      defer { together.removeAll(keepingCapacity: true) }
      if together.count == 1 {
        if let digest = known(together[0]) { try body(digest, together) }
        return
      }
      // Digests that share their first bytes are told apart together.
      let byDigest = Dictionary(grouping: together) { known($0) }
      for digest in byDigest.keys.compactMap({ $0 }).sorted() {
        let statements = byDigest[digest, default: []]
        try body(digest, statements.sorted { ($0.coalition, $0.row.key) < ($1.coalition, $1.row.key) })
      }
    }
    while try reading.next() {
      let next = reading.integer(6)
      if next != prefix {
        try giveOut()
        linked.removeAll(keepingCapacity: true)
      }
      prefix = next
      let held = try held(reading, key: reading.bytes(1))
      // One that is linked stands at two places, and is given out at one.
      guard let digest = known(held), Self.prefix(of: digest) == next else { continue }
      guard coalition.map({ $0 == held.coalition }) ?? true else { continue }
      if held.previous?.digest == digest {
        linked[held.coalition, default: 0] += 1
        guard linked[held.coalition, default: 0] <= Self.mostLinkedOfOne else { continue }
      }
      together.append(held)
    }
    try giveOut()
  }

  private static let columns = "c.coalition, s.key, s.salt, s.statement, s.quarantine, s.previous IS NOT NULL"

  private static let walk = """
    SELECT \(columns), s.prefix AS place
    FROM statements s INDEXED BY statements_by_prefix CROSS JOIN coalitions c ON c.rowset = s.rowset
    ORDER BY s.prefix
    """

  private static let linkedWalk = """
    SELECT \(columns), s.prefix AS place
    FROM statements s INDEXED BY statements_by_prefix CROSS JOIN coalitions c ON c.rowset = s.rowset
    UNION ALL
    SELECT \(columns), s.previous AS place
    FROM statements s INDEXED BY statements_by_previous CROSS JOIN coalitions c ON c.rowset = s.rowset
    WHERE s.previous IS NOT NULL
    ORDER BY place
    """
}
