internal import FoundationEssentials
internal import GRDB
internal import Ledger

/// Steps of the ledger's form that are more than SQL.
enum LedgerSchema {
  /// Finds statements by the digest that they had under the hash key before, and counts listings by hash key.
  static func addHashKeys(to database: Database) throws {
    try database.execute(
      sql: """
        -- The first 8 bytes of the digest that the same indicator has under the hash key before; NULL for nearly all.
        ALTER TABLE statements ADD COLUMN previous INTEGER;
        CREATE INDEX statements_by_previous ON statements (previous, rowset) WHERE previous IS NOT NULL;
        CREATE TABLE key_counts (
          rowset INTEGER NOT NULL, key_epoch INTEGER NOT NULL, listings INTEGER NOT NULL,
          PRIMARY KEY (rowset, key_epoch)
        ) STRICT, WITHOUT ROWID;
        """)
    var counts = KeyCounts()
    var linked: [(id: Int64, previous: Int64)] = []
    var reader = StatementReader(rules: .current)
    let rows = try BoundStatement(database, "SELECT id, rowset, key, statement FROM statements")
    while try rows.next() {
      guard let key = StatementKey(rows.bytes(2)) else { continue }
      let reading = reader.read(Row(key: key, salt: [], statement: rows.bytes(3)))
      counts.add(1, key, reading, in: rows.integer(1))
      if let previous = reading.previous {
        linked.append((rows.integer(0), LedgerView.prefix(of: StatementKey(.listing, previous.digest))))
      }
    }
    for (id, previous) in linked {
      try database.execute(sql: "UPDATE statements SET previous = ? WHERE id = ?", arguments: [previous, id])
    }
    try counts.save(in: database)
  }
}

/// How many listings more or fewer there are of each hash key, in each set of rows, to be written once.
struct KeyCounts {
  private struct Place: Hashable {
    let rowset: Int64
    let keyEpoch: UInt32
  }

  private var changes: [Place: Int64] = [:]

  mutating func add(_ number: Int64, _ key: StatementKey, _ reading: StatementReading, in rowset: Int64) {
    guard key.facet?.lists == true, reading.keyEpoch > 0 else { return }
    changes[Place(rowset: rowset, keyEpoch: reading.keyEpoch), default: 0] += number
  }

  func save(in database: Database) throws {
    let statement = try BoundStatement(
      database,
      """
      INSERT INTO key_counts (rowset, key_epoch, listings) VALUES (?, ?, ?)
      ON CONFLICT (rowset, key_epoch) DO UPDATE SET listings = listings + excluded.listings
      """)
    for (place, number) in changes where number != 0 {
      statement.bind(place.rowset, at: 1)
      statement.bind(Int64(place.keyEpoch), at: 2)
      statement.bind(number, at: 3)
      try statement.run()
    }
  }
}

/// Reads statements one after the other: those of one import say the same, so the last answer is kept.
struct StatementReader {
  let rules: ContentRules
  private var last: (facet: UInt8, statement: [UInt8], reading: StatementReading)?

  init(rules: ContentRules) { self.rules = rules }

  mutating func read(_ row: Ledger.Row) -> StatementReading {
    let facet = row.key.bytes[0]
    if let last, last.facet == facet, last.statement == row.statement { return last.reading }
    let reading = ContentRule.read(row, by: rules)
    last = (facet, row.statement, reading)
    return reading
  }
}
