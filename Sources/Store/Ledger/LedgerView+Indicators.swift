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
    let rows = try statement(
      """
      SELECT c.coalition AS coalition, s.key AS key, s.salt AS salt, s.statement AS statement, s.quarantine AS quarantine,
        s.prefix AS prefix
      FROM statements s INDEXED BY statements_by_prefix CROSS JOIN coalitions c ON c.rowset = s.rowset
      ORDER BY s.prefix
      """
    ).cursor([])
    var together: [HeldStatement] = []
    var prefix: Int64?
    func giveOut() throws {
      let byDigest = Dictionary(grouping: together) { $0.row.key.digest }
      for (digest, statements) in byDigest.compactMap({ digest, said in digest.map { ($0, said) } }).sorted(by: {
        $0.0 < $1.0
      }) {
        try body(digest, statements.sorted { ($0.coalition, $0.row.key) < ($1.coalition, $1.row.key) })
      }
      together = []
    }
    while let row = try rows.next() {
      let next: Int64 = row["prefix"]
      // Digests that share their first bytes are told apart together.
      if next != prefix { try giveOut() }
      prefix = next
      let held = try held(row)
      if coalition.map({ $0 == held.coalition }) ?? true { together.append(held) }
    }
    try giveOut()
  }
}
