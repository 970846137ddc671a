internal import FoundationEssentials
internal import GRDB
public import Indicators
internal import Wire

extension ScreeningStore {
  /// How many rows of tables each indicator matched since a moment, if at least so many, and how many identifiers they held. Single
  /// values do not count, because those that do not match leave nothing behind.
  public func matchCounts(
    since: UInt64, atLeast fewest: Int
  ) throws -> (rows: [IndicatorDigest: UInt64], screened: UInt64) {
    let since = Int64(bitPattern: since)
    return try look { database in
      var counts: [IndicatorDigest: UInt64] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT digest, count(*) AS n FROM matches
          WHERE found_at >= ? AND screening IN (SELECT id FROM screenings WHERE source <> '')
          GROUP BY digest HAVING n >= ?
          """,
        arguments: [since, fewest])
      while let row = try rows.next() {
        if let digest = IndicatorDigest(row["digest"] as Data) { counts[digest] = UInt64(clamping: row["n"] as Int64) }
      }
      let screened = try Int64.fetchOne(
        database, sql: "SELECT sum(identifiers) FROM screenings WHERE started_at >= ? AND source <> ''",
        arguments: [since])
      return (counts, UInt64(clamping: screened ?? 0))
    }
  }

  /// At how many places a digest is remembered.
  public func timesRemembered(_ digest: IndicatorDigest, now: UInt64) throws -> UInt64 {
    UInt64(try places(of: [digest], now: now).count)
  }

  /// How many identifiers the screenings held that are remembered.
  public func identifiersRemembered(now: UInt64) throws -> UInt64 {
    try look { database in
      let sum = try Int64.fetchOne(
        database, sql: "SELECT sum(identifiers) FROM screenings WHERE remember_until > ?",
        arguments: [Int64(bitPattern: now)])
      return UInt64(clamping: sum ?? 0)
    }
  }

  /// Holds indicators; those that are held or were released stay as they are.
  /// - Returns: how many are held anew.
  @discardableResult
  public func hold(_ indicators: [(digest: IndicatorDigest, rows: UInt64, screened: UInt64)], at now: UInt64) throws
    -> Int
  {
    guard !indicators.isEmpty else { return 0 }
    return try change { database in
      let before = database.totalChangesCount
      for one in indicators {
        try database.execute(
          sql: "INSERT OR IGNORE INTO holds (digest, rows, screened, since) VALUES (?, ?, ?, ?)",
          arguments: [
            Data(one.digest.bytes), Int64(clamping: one.rows), Int64(clamping: one.screened), Int64(bitPattern: now),
          ])
      }
      return database.totalChangesCount - before
    }
  }

  /// Lets a hold, or its release, follow an indicator to its digest under another hash key; what stands there already stays.
  public func copyHold(from digest: IndicatorDigest, to other: IndicatorDigest) throws {
    try change { database in
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO holds (digest, rows, screened, since, released_at)
          SELECT ?, rows, screened, since, released_at FROM holds WHERE digest = ?
          """, arguments: [Data(other.bytes), Data(digest.bytes)])
    }
  }

  /// Held and released indicators, newest first.
  public func holds() throws -> [HeldIndicator] {
    try look { database in
      try Row.fetchAll(database, sql: "SELECT * FROM holds ORDER BY since DESC, digest").map { row in
        guard let digest = IndicatorDigest(row["digest"] as Data) else {
          throw Problem("store-damaged", "a held indicator cannot be read from the screening log")
        }
        return HeldIndicator(
          digest: digest, rows: UInt64(clamping: row["rows"] as Int64),
          screened: UInt64(clamping: row["screened"] as Int64),
          since: UInt64(bitPattern: row["since"]),
          releasedAt: (row["released_at"] as Int64?).map { UInt64(bitPattern: $0) })
      }
    }
  }

  /// Lets an indicator count again, however much it matches.
  /// - Returns: whether it was held.
  public func release(_ digest: IndicatorDigest, at now: UInt64) throws -> Bool {
    try change { database in
      try database.execute(
        sql: "UPDATE holds SET released_at = ? WHERE digest = ? AND released_at IS NULL",
        arguments: [Int64(bitPattern: now), Data(digest.bytes)])
      return database.changesCount > 0
    }
  }
}
