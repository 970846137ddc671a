internal import GRDB
public import Indicators
internal import Ledger
public import Wire

extension LedgerView {
  /// Calls back with the live statements on one digest after the other, of a coalition or of all, in the order of the digests.
  ///
  /// One after the other along an index, whatever their number; the statements on a digest are sorted by coalition and facet.
  public func eachIndicator(
    of coalition: CoalitionID? = nil, _ body: (IndicatorDigest, [HeldStatement]) throws -> Void
  ) throws {
    let reading = try BoundStatement(
      database,
      """
      SELECT c.coalition, s.key, s.salt, s.statement, s.quarantine, s.prefix
      FROM statements s INDEXED BY statements_by_prefix CROSS JOIN coalitions c ON c.rowset = s.rowset
      ORDER BY s.prefix
      """)
    defer { reading.end() }
    var together: [HeldStatement] = []
    var prefix: Int64?
    func giveOut() throws {
      defer { together.removeAll(keepingCapacity: true) }
      if together.count == 1 {
        if let digest = together[0].row.key.digest { try body(digest, together) }
        return
      }
      // Digests that share their first bytes are told apart together.
      let byDigest = Dictionary(grouping: together) { $0.row.key.digest }
      for digest in byDigest.keys.compactMap({ $0 }).sorted() {
        let statements = byDigest[digest, default: []]
        try body(digest, statements.sorted { ($0.coalition, $0.row.key) < ($1.coalition, $1.row.key) })
      }
    }
    while try reading.next() {
      let next = reading.integer(5)
      if next != prefix { try giveOut() }
      prefix = next
      let held = try held(reading, key: reading.bytes(1))
      if coalition.map({ $0 == held.coalition }) ?? true { together.append(held) }
    }
    try giveOut()
  }
}
