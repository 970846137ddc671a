internal import Indicators
internal import Store

/// What is kept of one screening: its hits, and, if asked for, digests of all that passed, for listings that come later. What does not
/// match is kept in no other form.
final class MatchLog {
  /// Milliseconds that hits are kept: 400 days, so that a year can be looked back on.
  static let matchesKept: UInt64 = 400 * 86_400_000
  private static let matchesAtOnce = 4_096
  /// So many rows of the table of remembered digests in one sorted transaction: 8 MiB in memory.
  private static let digestsAtOnce = 262_144

  private let store: ScreeningStore
  private let source: String
  private let now: UInt64
  /// Milliseconds since 1970; nil remembers nothing.
  private let rememberUntil: UInt64?
  private(set) var screening: Int64?
  private var matches: [MatchRecord] = []
  private var digests: [RememberedDigest] = []
  private(set) var remembered = 0

  init(_ store: ScreeningStore, source: String, now: UInt64, rememberUntil: UInt64?) {
    self.store = store
    self.source = source
    self.now = now
    self.rememberUntil = rememberUntil
  }

  var remembers: Bool { rememberUntil != nil }

  func begin(columns: [ScreeningRun.Column]) throws {
    try store.forget(now: now, matchesBefore: now - min(now, Self.matchesKept))
    screening = try store.begin(source: source, columns: columns, at: now, rememberUntil: rememberUntil)
  }

  func note(_ finding: ListFinding, on digest: IndicatorDigest, line: Int, column: Int) throws {
    guard let screening else { return }
    matches.append(
      MatchRecord(
        place: ScreenedPlace(screening: screening, line: line, column: column), digest: digest, foundAt: now,
        verdict: finding.verdict, ceiling: finding.ceiling))
    if matches.count >= Self.matchesAtOnce { try saveMatches() }
  }

  func remember(_ digest: IndicatorDigest, line: Int, column: Int) throws {
    guard let screening else { return }
    digests.append(
      RememberedDigest(
        leading: digest.leading, place: ScreenedPlace(screening: screening, line: line, column: column)))
    if digests.count >= Self.digestsAtOnce { try saveDigests() }
  }

  /// Makes durable what was noted up to now.
  func save() throws {
    try saveMatches()
    try saveDigests()
  }

  func finish(identifiers: Int) throws {
    try save()
    if let screening { try store.finish(screening, identifiers: identifiers) }
  }

  private func saveMatches() throws {
    try store.save(matches)
    matches.removeAll(keepingCapacity: true)
  }

  private func saveDigests() throws {
    guard !digests.isEmpty else { return }
    try store.remember(digests)
    remembered += digests.count
    digests.removeAll(keepingCapacity: true)
  }
}
