import AllianceBench
import CertificateBench
import Indicators
import Seeded
import Store
import Testing

/// Hits stay until they are forgotten, digests of what passed are found again, and several commands write at once.
@Suite struct ScreeningStoreTests {
  private let folder: TemporaryFolder
  private let path: String
  private let store: ScreeningStore
  private let columns = [ScreeningRun.Column(type: "iban", name: "creditor"), .init(type: "domain", name: "site")]

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("screening.sqlite")
    store = try ScreeningStore.open(path)
  }

  private func digest(_ random: inout SeededRandom) throws -> IndicatorDigest {
    try #require(IndicatorDigest(random.bytes(32)))
  }

  private func match(
    _ screening: Int64, _ line: Int, _ digest: IndicatorDigest, at time: UInt64, late: Bool = false
  ) -> MatchRecord {
    MatchRecord(
      place: ScreenedPlace(screening: screening, line: line, column: 0), digest: digest, foundAt: time,
      verdict: "single-source", ceiling: "monitor", isLate: late)
  }

  @Test func isMadeWhenItIsFirstNeeded() throws {
    #expect(try ScreeningStore.openReadOnly(folder.path("another.sqlite")) == nil)
    #expect(try folder.permissions("screening.sqlite") == 0o600)
    #expect(try ScreeningStore.openReadOnly(path)?.matches(limit: 5).all == 0)
  }

  @Test func keepsAHitOncePerPlace() throws {
    var random = SeededRandom(seed: 1)
    let first = try store.begin(source: "payments.csv", columns: columns, at: 1_000, rememberUntil: nil)
    let (one, other) = (try digest(&random), try digest(&random))
    #expect(try store.save([match(first, 2, one, at: 1_000), match(first, 3, one, at: 1_000)]) == 2)
    #expect(try store.save([match(first, 2, other, at: 2_000, late: true)]) == 0, "it has matched there before")
    try store.finish(first, identifiers: 77)
    let second = try store.begin(source: "-", columns: columns, at: 2_000, rememberUntil: nil)
    #expect(try store.save([match(second, 2, one, at: 2_000, late: true)]) == 1)

    let all = try store.matches(limit: 2)
    #expect(
      all.all == 3 && all.shown.map(\.place.line) == [2, 3] && all.shown.map(\.place.screening) == [second, first])
    #expect(try store.matches(since: 1_500, limit: 9).all == 1)
    #expect(try store.matches(lateOnly: true, limit: 9).shown.map(\.isLate) == [true])
    #expect(try store.unseenLateMatches() == 1)
    #expect(try store.markLateMatchesSeen() == 1 && store.markLateMatchesSeen() == 0)
    #expect(try store.unseenLateMatches() == 0 && store.matches(unseenOnly: true, limit: 9).all == 2)
    let run = try #require(try store.runs([first, 99])[first])
    #expect(run.columns == columns && run.identifiers == 77 && run.source == "payments.csv")
  }

  @Test(arguments: 1...5)
  func findsAgainWhatIsRemembered(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let screening = try store.begin(source: "a", columns: columns, at: 0, rememberUntil: 10_000)
    var remembered: [RememberedDigest] = []
    var places: [IndicatorDigest: Set<Int>] = [:]
    let digests = try (0..<300).map { _ in try digest(&random) }
    for line in 2..<2_000 {
      let digest = digests[Int(random.below(200))]
      remembered.append(
        RememberedDigest(leading: digest.leading, place: ScreenedPlace(screening: screening, line: line, column: 1)))
      places[digest, default: []].insert(line)
    }
    try store.remember(remembered)
    try store.remember(Array(remembered.prefix(50)))
    #expect(try store.rememberedCount() == remembered.count, "a place is remembered once")
    for digest in digests {
      let found = try store.remembered([digest], now: 9_999)
      #expect(Set(found.map(\.1.line)) == places[digest, default: []] && found.allSatisfy { $0.0 == digest })
    }
    var swept: [LeadingBytes] = []
    try store.eachRemembered { swept.append($0) }
    #expect(swept == places.keys.map(\.leading).sorted())

    let (matched, line) = try #require(places.sorted { $0.key < $1.key }.first.map { ($0.key, $0.value.min() ?? 0) })
    try store.save([
      MatchRecord(
        place: ScreenedPlace(screening: screening, line: line, column: 1), digest: matched, foundAt: 5,
        verdict: "disputed", ceiling: "monitor")
    ])
    #expect(!(try store.remembered([matched], now: 5)).contains { $0.1.line == line }, "what matched is no news")
    #expect(try store.remembered(digests, now: 10_000).isEmpty, "its time is over")
    try store.forget(now: 10_000, matchesBefore: 0)
    #expect(try store.rememberedCount() == 0)
  }

  @Test func forgetsOldMatchesWithTheirScreenings() throws {
    var random = SeededRandom(seed: 3)
    let old = try store.begin(source: "old", columns: columns, at: 10, rememberUntil: nil)
    let empty = try store.begin(source: "empty", columns: columns, at: 10, rememberUntil: nil)
    let new = try store.begin(source: "new", columns: columns, at: 100, rememberUntil: nil)
    try store.save([match(old, 2, digest(&random), at: 10), match(new, 2, digest(&random), at: 100)])
    try store.forget(now: 100, matchesBefore: 50)
    #expect(try store.matches(limit: 9).shown.map(\.place.screening) == [new])
    #expect(try Set(store.runs([old, empty, new]).keys) == [new])
  }

  @Test func countsHoldsAndReleases() throws {
    var random = SeededRandom(seed: 4)
    let (often, seldom) = (try digest(&random), try digest(&random))
    let screening = try store.begin(source: "a", columns: columns, at: 100, rememberUntil: nil)
    try store.save((2..<12).map { match(screening, $0, often, at: 100) } + [match(screening, 50, seldom, at: 100)])
    try store.finish(screening, identifiers: 1_000)
    let counts = try store.matchCounts(since: 100, atLeast: 10)
    #expect(counts.rows == [often: 10] && counts.screened == 1_000)
    #expect(try store.matchCounts(since: 101, atLeast: 1).rows.isEmpty)
    #expect(try store.hold([(often, 10, 1_000)], at: 200) == 1 && store.hold([(often, 90, 1_000)], at: 300) == 0)
    #expect(try store.holds().map(\.rows) == [10])
    #expect(try store.release(often, at: 400) && !store.release(often, at: 500) && !store.release(seldom, at: 500))
    #expect(try store.hold([(often, 99, 1_000)], at: 600) == 0, "what was released is not held again")
    #expect(try store.holds().map(\.releasedAt) == [400])
  }

  @Test func recordsExportsAndMarks() throws {
    let exports = (1...3).map { ListExport(madeAt: $0, member: "bank-\($0)", card: "A-B", entries: 7, hash: "ff") }
    for export in exports { try store.record(export) }
    #expect(try store.exports(limit: 2) == [exports[2], exports[1]])
    #expect(try store.mark("far") == nil)
    try store.setMark("far", [1])
    try store.setMark("far", [2, 3])
    #expect(try store.mark("far") == [2, 3])
  }

  @Test func severalWriteAtOnce() async throws {
    let path = path
    try await withThrowingTaskGroup { tasks in
      for writer in 0..<4 {
        tasks.addTask {
          let store = try ScreeningStore.open(path)
          var random = SeededRandom(seed: UInt64(writer))
          for round in 0..<20 {
            let screening = try store.begin(source: "\(writer)", columns: [], at: 1, rememberUntil: 100)
            let digest = try #require(IndicatorDigest(random.bytes(32)))
            let place = ScreenedPlace(screening: screening, line: round, column: 0)
            try store.remember([RememberedDigest(leading: digest.leading, place: place)])
            try store.save([
              MatchRecord(place: place, digest: digest, foundAt: 1, verdict: "disputed", ceiling: "monitor")
            ])
          }
          try store.close()
        }
      }
      try await tasks.waitForAll()
    }
    #expect(try store.matches(limit: 0).all == 80 && store.rememberedCount() == 80)
  }

  /// What is left in a log must be read again by the next who opens the store.
  @Test func closingLeavesNoLogBehind() throws {
    _ = try store.begin(source: "a", columns: columns, at: 1, rememberUntil: nil)
    _ = try store.matches(limit: 1)
    try store.close()
    #expect(try !folder.names().contains("screening.sqlite-wal") || folder.bytes("screening.sqlite-wal").isEmpty)
    #expect(try ScreeningStore.openReadOnly(path)?.runs([1]).count == 1)
  }
}
