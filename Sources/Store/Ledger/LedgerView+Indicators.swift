internal import GRDB
public import Indicators
internal import Ledger
internal import Wire

extension LedgerView {
  /// Calls back with every indicator that any coalition speaks of, ascending, and all that is said of it, sorted by coalition and
  /// facet. One indicator at a time is in memory.
  public func eachIndicator(_ body: (IndicatorDigest, [HeldStatement]) throws -> Void) throws {
    let rows = try statement(Self.select + "ORDER BY s.prefix").cursor([])
    var (prefix, together): (UInt64?, [HeldStatement]) = (nil, [])
    // Different digests may share their first bytes, so those of one prefix are told apart here.
    func giveOut() throws {
      let byDigest = Dictionary(grouping: together) { $0.row.key.digest }
      for digest in byDigest.keys.compactMap({ $0 }).sorted() {
        let statements = byDigest[digest, default: []]
        try body(digest, statements.sorted { ($0.coalition, $0.row.key) < ($1.coalition, $1.row.key) })
      }
      together = []
    }
    while let row = try rows.next() {
      let held = try held(row)
      if held.row.key.digest?.prefix != prefix { try giveOut() }
      prefix = held.row.key.digest?.prefix
      together.append(held)
    }
    try giveOut()
  }
}
