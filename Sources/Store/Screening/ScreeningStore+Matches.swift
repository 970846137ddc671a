internal import FoundationEssentials
internal import GRDB
internal import Indicators
internal import Wire

extension ScreeningStore {
  /// Keeps hits; one that stands at a place already stays as it is.
  /// - Returns: how many are new.
  @discardableResult
  public func save(_ matches: [MatchRecord]) throws -> Int {
    try matches.isEmpty ? 0 : change { try Self.save(matches, in: $0) }
  }

  static func save(_ matches: [MatchRecord], in database: Database) throws -> Int {
    let before = database.totalChangesCount
    let statement = try BoundStatement(
      database,
      """
      INSERT OR IGNORE INTO matches (screening, line, place, digest, found_at, verdict, ceiling, late, seen)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for match in matches {
      try match.digest.bytes.withUnsafeBytes { digest in
        statement.bind(match.place.screening, at: 1)
        statement.bind(Int64(match.place.line), at: 2)
        statement.bind(Int64(match.place.column), at: 3)
        statement.bind(digest, at: 4)
        statement.bind(Int64(bitPattern: match.foundAt), at: 5)
        statement.bind(match.verdict, at: 6)
        statement.bind(match.ceiling, at: 7)
        statement.bind(match.isLate ? 1 : 0, at: 8)
        statement.bind(match.isSeen ? 1 : 0, at: 9)
        try statement.run()
      }
    }
    return database.totalChangesCount - before
  }

  /// Newest first.
  /// - Parameters:
  ///   - since: found at that moment or later, milliseconds since 1970.
  ///   - lateOnly: only those whose listing came after the value was screened.
  ///   - unseenOnly: only those that nobody has looked at.
  public func matches(
    since: UInt64 = 0, lateOnly: Bool = false, unseenOnly: Bool = false, limit: Int
  ) throws -> (shown: [MatchRecord], all: Int) {
    let condition = "found_at >= ?" + (lateOnly ? " AND late" : "") + (unseenOnly ? " AND NOT seen" : "")
    let since = Int64(bitPattern: since)
    return try look { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM matches WHERE \(condition) ORDER BY id DESC LIMIT ?",
        arguments: [since, max(0, limit)])
      let all = try Int.fetchOne(database, sql: "SELECT count(*) FROM matches WHERE \(condition)", arguments: [since])
      return (try rows.map(Self.match), all ?? 0)
    }
  }

  /// Late hits that nobody has looked at.
  public func unseenLateMatches() throws -> Int {
    try look { try Int.fetchOne($0, sql: "SELECT count(*) FROM matches WHERE late AND NOT seen") ?? 0 }
  }

  /// Notes that a person has looked at all late hits up to now.
  /// - Returns: how many were new to the person.
  public func markLateMatchesSeen() throws -> Int {
    try change { database in
      try database.execute(sql: "UPDATE matches SET seen = 1 WHERE late AND NOT seen")
      return database.changesCount
    }
  }

  /// Whether something at this place has matched before.
  func hasMatch(at place: ScreenedPlace, in database: Database) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: "SELECT EXISTS (SELECT 1 FROM matches WHERE screening = ? AND line = ? AND place = ?)")
    return try Bool.fetchOne(statement, arguments: [place.screening, place.line, place.column]) ?? false
  }

  static func match(_ row: Row) throws -> MatchRecord {
    guard let digest = IndicatorDigest(row["digest"] as Data) else {
      throw Problem("store-damaged", "a match cannot be read from the screening log")
    }
    return MatchRecord(
      place: ScreenedPlace(screening: row["screening"], line: row["line"], column: row["place"]), digest: digest,
      foundAt: UInt64(bitPattern: row["found_at"]), verdict: row["verdict"], ceiling: row["ceiling"],
      isLate: row["late"], isSeen: row["seen"])
  }
}
