internal import Indicators
internal import Store
internal import Verdicts
internal import Wire

/// The hit-rate guard with its memory, the screening log: what matched too much of the tables that were screened here is held until the
/// operator releases it.
enum HitRate {
  /// Under this name the log keeps when all matches were looked at last, in milliseconds since 1970.
  private static let lookedMark = "hit-rate"
  /// All matches are looked at no more often than this, in milliseconds, because there may be millions in a window.
  private static let pause: UInt64 = 3_600_000

  /// Looks at what matched of late, and holds what matched too much: at once if one screening alone shows it, otherwise once an hour.
  /// - Parameters:
  ///   - most: rows that any one indicator matched just now.
  ///   - now: milliseconds since 1970.
  /// - Returns: how many indicators are held anew.
  static func update(_ log: ScreeningStore, by rule: HitRateGuard, most: UInt64, now: UInt64) throws -> Int {
    let looked = try log.mark(lookedMark).flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
    guard most >= rule.leastRows || now >= (looked ?? 0) + pause else { return 0 }
    try log.setMark(lookedMark, Array("\(now)".utf8))
    let since = now - min(now, UInt64(rule.windowDays) * 86_400_000)
    let counts = try log.matchCounts(since: since, atLeast: Int(clamping: rule.leastRows))
    let held = counts.rows.filter { rule.holds(rows: $0.value, screened: counts.screened) }.sorted { $0.key < $1.key }
    return try log.hold(held.map { ($0.key, $0.value, counts.screened) }, at: now)
  }

  /// What is held in a folder now.
  static func held(in folder: NodeFolder) throws(Problem) -> [IndicatorDigest: GuardFinding] {
    try holds(in: folder).filter { $0.releasedAt == nil }.reduce(into: [:]) { held, one in
      held[one.digest] = .hitRate(rows: one.rows, screened: one.screened)
    }
  }

  static func holds(in folder: NodeFolder) throws(Problem) -> [HeldIndicator] {
    do {
      let log = try ScreeningStore.openReadOnly(folder.screening)
      defer { try? log?.close() }
      return try log?.holds() ?? []
    } catch {
      throw error as? Problem ?? Problem("store-failed", "\(error)", object: folder.screening)
    }
  }
}

/// What is not listed yet cannot have matched; but what passed and is remembered tells how often it would have.
struct RememberedRate: Sendable {
  private let path: String
  private let log: ScreeningStore
  private let rule: HitRateGuard
  private let released: Set<IndicatorDigest>
  private let screened: UInt64
  private let now: UInt64

  /// Nil if nothing is remembered here.
  init?(_ folder: NodeFolder, by rule: HitRateGuard, now: UInt64) throws {
    guard let log = try ScreeningStore.openReadOnly(folder.screening), try log.rememberedCount() > 0 else { return nil }
    path = folder.screening
    self.log = log
    self.rule = rule
    self.now = now
    released = Set(try log.holds().filter { $0.releasedAt != nil }.map(\.digest))
    screened = try log.identifiersRemembered(now: now)
  }

  /// Holds it if it would have matched too much, so that it can be looked at and released.
  func hold(_ digest: IndicatorDigest) throws -> GuardFinding? {
    guard !released.contains(digest) else { return nil }
    let rows = try log.timesRemembered(digest, now: now)
    guard let finding = rule.finding(rows: rows, screened: screened) else { return nil }
    let log = try ScreeningStore.open(path)
    defer { try? log.close() }
    try log.hold([(digest, rows, screened)], at: now)
    return finding
  }
}
