import Seeded
import Testing
import Verdicts
import Wire

/// What holds of every verdict, whatever was said. A failure prints its seed.
@Suite struct VerdictPropertyTests {
  private static let policies = [Policy.eu, .strict]

  @Test(arguments: 0..<200 as Range<UInt64>)
  func orderAndRepetitionChangeNothing(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let sources = try Statements.random(&random)
    for policy in Self.policies {
      let verdict = Verdict.fold(sources, today: Statements.today, policy: policy)
      for _ in 0..<4 {
        let again = (sources + sources.filter { _ in random.happens(oneIn: 2) }).shuffled(using: &random)
        #expect(Verdict.fold(again, today: Statements.today, policy: policy) == verdict, "seed \(seed)")
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
