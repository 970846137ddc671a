import Seeded
import Testing
import Verdicts
import Wire

/// What holds of every verdict, whatever was said. A failure prints its seed.
@Suite struct VerdictPropertyTests {
  private static let policies = [Policy.eu, .strict]
  private static let findings: [GuardFinding?] = [
    nil, .neverList(category: "bank", source: "a register"), .hitRate(rows: 500, screened: 1_000),
  ]

  @Test(arguments: 0..<200 as Range<UInt64>)
  func orderAndRepetitionChangeNothing(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let sources = try Statements.random(&random)
    for (policy, finding) in Self.policies.flatMap({ policy in Self.findings.map { (policy, $0) } }) {
      let verdict = Verdict.fold(sources, today: Statements.today, policy: policy, guardedBy: finding)
      for _ in 0..<4 {
        let again = (sources + sources.filter { _ in random.happens(oneIn: 2) }).shuffled(using: &random)
        #expect(
          Verdict.fold(again, today: Statements.today, policy: policy, guardedBy: finding) == verdict, "seed \(seed)")
      }
    }
  }

  /// A guard takes away what may follow and nothing else: it never raises a ceiling, and never touches what was stated.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func aGuardOnlyLowersTheCeiling(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let sources = try Statements.random(&random)
    for policy in Self.policies {
      let free = Verdict.fold(sources, today: Statements.today, policy: policy)
      #expect(free?.finding == nil)
      for finding in Self.findings.compactMap({ $0 }) {
        let held = Verdict.fold(sources, today: Statements.today, policy: policy, guardedBy: finding)
        #expect((held == nil) == (free == nil), "seed \(seed)")
        guard let held, let free else { continue }
        #expect(held.ceiling == .monitor && held.finding == finding, "seed \(seed)")
        #expect(held.ceiling <= free.ceiling, "seed \(seed)")
        #expect((held.limit == .guarded(finding)) == (free.ceiling > .monitor), "seed \(seed)")
        #expect(held.status == free.status && held.rule == free.rule, "seed \(seed)")
        #expect(held.listings == free.listings && held.coalitions == free.coalitions, "seed \(seed)")
        #expect(held.disputedBy == free.disputedBy && held.reasons == free.reasons, "seed \(seed)")
      }
    }
  }

  /// Nodes that hold the same statements after taking them from different peers in parts agree.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func anySplitOfTheSameStatementsMergesToTheSame(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let sources = try Statements.random(&random)
    let left = sources.filter { _ in random.happens(oneIn: 2) }
    let right = sources.filter { !left.contains($0) || random.happens(oneIn: 3) }
    let whole = Verdict.fold(sources, today: Statements.today, policy: .eu)
    #expect(Verdict.fold(right + left, today: Statements.today, policy: .eu) == whole, "seed \(seed)")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func aSingleSourceNeverLeadsBeyondReview(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let sources = try Statements.random(&random)
    for policy in Self.policies {
      guard let verdict = Verdict.fold(sources, today: Statements.today, policy: policy) else { continue }
      if verdict.coalitions.count == 1 { #expect(verdict.ceiling <= .review, "seed \(seed)") }
      if verdict.status == .expired || verdict.status == .disputed {
        #expect(verdict.ceiling == .monitor, "seed \(seed)")
      }
    }
  }

  /// One more coalition that says the same can only raise the ceiling, and one more open dispute only lower it.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func theCeilingFollowsTheEvidence(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let sources = try Statements.random(&random)
    let before = Verdict.fold(sources, today: Statements.today, policy: .eu)?.ceiling ?? .monitor
    let more = try sources + [Statements.listing("pl", provenance: .court, confidence: 100)]
    #expect(try #require(Verdict.fold(more, today: Statements.today, policy: .eu)).ceiling >= before, "seed \(seed)")
    let disputed = try more + [Statements.dispute("pt")]
    #expect(Verdict.fold(disputed, today: Statements.today, policy: .eu)?.ceiling == .monitor, "seed \(seed)")
  }
}
