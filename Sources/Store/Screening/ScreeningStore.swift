internal import FoundationEssentials
internal import GRDB
public import Indicators
internal import Wire

/// The screening log of a node or a member: SQLite, written by every command that screens and by the node, one after the other.
///
/// - `ScreeningStore+Matches`: hits, and who has seen them
/// - `ScreeningStore+Remembered`: digests of what passed, for listings that come later
/// - `ScreeningStore+Holds`: indicators that match too much
/// - `ScreeningStore+Exports`: lists made for members
public final class ScreeningStore: Sendable {
  private let log: SharedLog

  private init(_ log: SharedLog) { self.log = log }

  /// Opens it for writing and makes it if there is none.
  /// - Throws: `Problem` as `LedgerStore.open`, without `store-missing`.
  public static func open(_ path: String) throws -> ScreeningStore {
    ScreeningStore(try SharedLog(writing: path, .screening))
  }

  /// Opens it for looking only; nil if nothing was ever screened here.
  public static func openReadOnly(_ path: String) throws -> ScreeningStore? {
    try SharedLog(reading: path, .screening).map { ScreeningStore($0) }
  }

  public func close() throws { try log.close() }

  func look<Result>(_ body: (Database) throws -> Result) throws -> Result { try log.look(body) }

  /// One durable transaction.
  func change<Result>(_ body: (Database) throws -> Result) throws -> Result { try log.change(body) }
}

extension ScreeningStore {
  /// Notes that a screening begins.
  /// - Returns: its number.
  public func begin(
    source: String, columns: [ScreeningRun.Column], at now: UInt64, rememberUntil: UInt64?
  ) throws -> Int64 {
    let json = try Self.json(columns)
    return try change { try Self.begin(source: source, columns: json, at: now, rememberUntil: rememberUntil, in: $0) }
  }

  /// Notes a single value that was a hit, as a screening of its own, with one wait for the disk.
  public func save(
    valueIn column: ScreeningRun.Column, on digest: IndicatorDigest, verdict: String, ceiling: String, at now: UInt64
  ) throws {
    let json = try Self.json([column])
    try change { database in
      let number = try Self.begin(source: "", columns: json, at: now, rememberUntil: nil, in: database)
      let place = ScreenedPlace(screening: number, line: 1, column: 0)
      _ = try Self.save(
        [MatchRecord(place: place, digest: digest, foundAt: now, verdict: verdict, ceiling: ceiling)], in: database)
    }
  }

  private static func json(_ columns: [ScreeningRun.Column]) throws -> String {
    String(decoding: try JSONEncoder().encode(columns), as: UTF8.self)
  }

  private static func begin(
    source: String, columns: String, at now: UInt64, rememberUntil: UInt64?, in database: Database
  ) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO screenings (started_at, source, columns, remember_until) VALUES (?, ?, ?, ?)")
    try statement.execute(arguments: [
      Int64(bitPattern: now), source, columns, rememberUntil.map { Int64(bitPattern: $0) },
    ])
    return database.lastInsertedRowID
  }

  /// Notes how many identifiers it held.
  public func finish(_ screening: Int64, identifiers: Int) throws {
    try change { database in
      try database.execute(
        sql: "UPDATE screenings SET identifiers = ? WHERE id = ?", arguments: [identifiers, screening])
    }
  }

  /// The screenings with these numbers.
  public func runs(_ numbers: Set<Int64>) throws -> [Int64: ScreeningRun] {
    try look { database in
      var runs: [Int64: ScreeningRun] = [:]
      let statement = try database.cachedStatement(sql: "SELECT * FROM screenings WHERE id = ?")
      for number in numbers {
        guard let row = try Row.fetchOne(statement, arguments: [number]) else { continue }
        runs[number] = try Self.run(row)
      }
      return runs
    }
  }

  private static func run(_ row: Row) throws -> ScreeningRun {
    ScreeningRun(
      id: row["id"], startedAt: UInt64(bitPattern: row["started_at"]), source: row["source"],
      columns: try JSONDecoder().decode([ScreeningRun.Column].self, from: Data((row["columns"] as String).utf8)),
      identifiers: row["identifiers"],
      rememberUntil: (row["remember_until"] as Int64?).map { UInt64(bitPattern: $0) })
  }

  /// Forgets what need not be kept any longer: digests whose time is over, and matches found before a moment.
  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - oldest: matches found before are forgotten, with their screenings.
  public func forget(now: UInt64, matchesBefore oldest: UInt64) throws {
    let (now, oldest) = (Int64(bitPattern: now), Int64(bitPattern: oldest))
    let isDue = try look { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM screenings WHERE remember_until <= ?)
            OR EXISTS (SELECT 1 FROM screenings WHERE started_at < ? AND remember_until IS NULL)
          """, arguments: [now, oldest]) ?? false
    }
    guard isDue else { return }
    try change { database in
      try database.execute(sql: "DELETE FROM matches WHERE found_at < ?", arguments: [oldest])
      let over = try Int64.fetchAll(
        database, sql: "SELECT id FROM screenings WHERE remember_until <= ?", arguments: [now])
      if !over.isEmpty {
        try database.execute(
          sql: "DELETE FROM remembered WHERE screening IN (SELECT id FROM screenings WHERE remember_until <= ?)",
          arguments: [now])
        try database.execute(
          sql: "UPDATE screenings SET remember_until = NULL WHERE remember_until <= ?", arguments: [now])
      }
      try database.execute(
        sql: """
          DELETE FROM screenings WHERE started_at < ? AND remember_until IS NULL
            AND id NOT IN (SELECT screening FROM matches)
          """, arguments: [oldest])
    }
  }

  /// A small value kept under a name, such as how far something was looked through.
  public func mark(_ name: String) throws -> [UInt8]? {
    try look { try Data.fetchOne($0, sql: "SELECT value FROM marks WHERE name = ?", arguments: [name]) }
      .map { Array($0) }
  }

  public func setMark(_ name: String, _ value: [UInt8]) throws {
    try change {
      try $0.execute(sql: "INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)", arguments: [name, Data(value)])
    }
  }
}
