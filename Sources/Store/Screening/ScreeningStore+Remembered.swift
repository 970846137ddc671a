internal import GRDB
public import Indicators

extension ScreeningStore {
  /// Keeps digests of what was screened, in one transaction; give many at once.
  public func remember(_ digests: [RememberedDigest]) throws {
    try change { database in
      let statement = try BoundStatement(
        database, "INSERT OR IGNORE INTO remembered (prefix, rest, screening, line, place) VALUES (?, ?, ?, ?, ?)")
      // In the order of the table, so that neighbours share a page.
      for digest in digests.sorted(by: { $0.leading < $1.leading }) {
        statement.bind(Self.ordered(digest.leading.first), at: 1)
        statement.bind(Self.ordered(digest.leading.second), at: 2)
        statement.bind(digest.place.screening, at: 3)
        statement.bind(Int64(digest.place.line), at: 4)
        statement.bind(Int64(digest.place.column), at: 5)
        try statement.run()
      }
    }
  }

  /// What is remembered of digests, by digest, without the places at which something matched before.
  public func remembered(_ digests: [IndicatorDigest], now: UInt64) throws -> [(IndicatorDigest, ScreenedPlace)] {
    let found = try places(of: digests, now: now)
    return try found.isEmpty ? [] : look { database in try found.filter { try !hasMatch(at: $0.1, in: database) } }
  }

  /// The places at which digests are remembered.
  func places(of digests: [IndicatorDigest], now: UInt64) throws -> [(IndicatorDigest, ScreenedPlace)] {
    try look { database in
      guard try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM remembered)") == true else { return [] }
      let reading = try BoundStatement(
        database,
        """
        SELECT screening, line, place FROM remembered r
        WHERE prefix = ? AND rest = ? AND EXISTS
          (SELECT 1 FROM screenings s WHERE s.id = r.screening AND s.remember_until > ?)
        """)
      var found: [(IndicatorDigest, ScreenedPlace)] = []
      for digest in digests {
        reading.bind(Self.ordered(digest.leading.first), at: 1)
        reading.bind(Self.ordered(digest.leading.second), at: 2)
        reading.bind(Int64(bitPattern: now), at: 3)
        while try reading.next() {
          let place = ScreenedPlace(
            screening: reading.integer(0), line: Int(reading.integer(1)), column: Int(reading.integer(2)))
          found.append((digest, place))
        }
      }
      return found
    }
  }

  /// The digests that are remembered, each once, ascending; of one screening, or of all.
  public func eachRemembered(of screening: Int64? = nil, _ body: (LeadingBytes) throws -> Void) throws {
    try look { database in
      let reading = try BoundStatement(
        database, "SELECT prefix, rest FROM remembered" + (screening == nil ? "" : " WHERE screening = ?"))
      if let screening { reading.bind(screening, at: 1) }
      defer { reading.end() }
      var last: LeadingBytes?
      while try reading.next() {
        let leading = LeadingBytes(first: Self.plain(reading.integer(0)), second: Self.plain(reading.integer(1)))
        if leading != last { try body(leading) }
        last = leading
      }
    }
  }

  /// How many values are remembered.
  public func rememberedCount() throws -> Int {
    try look { try Int.fetchOne($0, sql: "SELECT count(*) FROM remembered") ?? 0 }
  }

  /// SQLite's integers are signed: with the top bit turned, their order is the order of the digests.
  private static func ordered(_ bytes: UInt64) -> Int64 { Int64(bitPattern: bytes ^ 1 << 63) }
  private static func plain(_ integer: Int64) -> UInt64 { UInt64(bitPattern: integer) ^ 1 << 63 }
}
