internal import Indicators
internal import Store

/// What is kept of one screening: its hits, and, if asked for, digests of all that passed, for listings that come later. What does not
/// match is kept in no other form.
///
/// It is written on another thread, because every commit waits for the disk.
final class MatchLog {
  /// Milliseconds that hits are kept: 400 days, so that a year can be looked back on.
  static let matchesKept: UInt64 = 400 * 86_400_000
  private static let matchesAtOnce = 16_384
  /// So many rows of the table of remembered digests in one sorted transaction: 8 MiB in memory.
  private static let digestsAtOnce = 262_144

  /// A hit before the number of its screening is known.
  private struct Hit {
    let finding: ListFinding
    let digest: IndicatorDigest
    let line, column: Int
  }

  private struct Passed {
    let leading: LeadingBytes
    let line, column: Int
  }

  private let store: ScreeningStore
  private let source: String
  private let now: UInt64
  /// Milliseconds since 1970; nil remembers nothing.
  private let rememberUntil: UInt64?
  /// The number of the screening.
  private var screening: Ahead<Int64>?
  private var writing: Ahead<Void>?
  private var hits: [Hit] = []
  private var passed: [Passed] = []
  private(set) var remembered = 0

  init(_ store: ScreeningStore, source: String, now: UInt64, rememberUntil: UInt64?) {
    self.store = store
    self.source = source
    self.now = now
    self.rememberUntil = rememberUntil
  }

  var remembers: Bool { rememberUntil != nil }

  func begin(columns: [ScreeningRun.Column]) {
    screening = Ahead { [store, source, now, rememberUntil] in
      try store.forget(now: now, matchesBefore: now - min(now, Self.matchesKept))
      return try store.begin(source: source, columns: columns, at: now, rememberUntil: rememberUntil)
    }
  }

  /// The number of the screening, once it is durable; nil before it has begun.
  func number() throws -> Int64? { try screening?.value() }

  func note(_ finding: ListFinding, on digest: IndicatorDigest, line: Int, column: Int) throws {
    hits.append(Hit(finding: finding, digest: digest, line: line, column: column))
    if hits.count >= Self.matchesAtOnce { try write() }
  }

  func remember(_ digest: IndicatorDigest, line: Int, column: Int) throws {
    passed.append(Passed(leading: digest.leading, line: line, column: column))
    if passed.count >= Self.digestsAtOnce { try write() }
  }

  /// Makes durable what was noted up to now.
  func save() throws {
    try write()
    try writing?.value()
  }

  func finish(identifiers: Int) throws {
    try save()
    if let number = try number() { try store.finish(number, identifiers: identifiers) }
  }

  /// Begins to write what was noted, after what was begun before.
  private func write() throws {
    guard let screening, !hits.isEmpty || !passed.isEmpty else { return }
    try writing?.value()
    writing = Ahead { [store, now, hits, passed] in
      let number = try screening.value()
      try store.save(
        hits.map { hit in
          MatchRecord(
            place: ScreenedPlace(screening: number, line: hit.line, column: hit.column), digest: hit.digest,
            foundAt: now, verdict: hit.finding.verdict, ceiling: hit.finding.ceiling)
        })
      guard !passed.isEmpty else { return }
      try store.remember(
        passed.map { one in
          RememberedDigest(
            leading: one.leading, place: ScreenedPlace(screening: number, line: one.line, column: one.column))
        })
    }
    remembered += passed.count
    hits = []
    passed = []
  }
}
