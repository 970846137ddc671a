import Seeded
import Testing
import Verdicts

@Suite struct HitRateGuardTests {
  private let standard = HitRateGuard.standard

  @Test(arguments: [
    (99 as UInt64, 1_000 as UInt64, false), (100, 1_000, true), (100, 99_999, true), (100, 100_000, false),
    (101, 100_000, true), (101, 100_999, true), (101, 101_000, false), (100, 0, true), (0, 0, false),
    (.max, .max, true), (1, .max, false),
  ])
  func bothConditionsMustBeMet(_ rows: UInt64, _ screened: UInt64, isHeld: Bool) {
    #expect(standard.holds(rows: rows, screened: screened) == isHeld)
    #expect((standard.finding(rows: rows, screened: screened) == .hitRate(rows: rows, screened: screened)) == isHeld)
  }

  /// More matches never release an indicator, more screening never holds one, and no number traps.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func followsTheCounts(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    func number() -> UInt64 { random.next() >> random.below(64) }
    let rule = HitRateGuard(leastRows: number(), oneIn: number(), windowDays: 30)
    let (rows, screened) = (number(), number())
    let more = number()
    let (moreRows, moreScreened) = (rows &+ min(more, .max - rows), screened &+ min(more, .max - screened))
    if rule.holds(rows: rows, screened: screened) {
      #expect(rule.holds(rows: moreRows, screened: screened), "seed \(seed)")
      #expect(rows >= rule.leastRows, "seed \(seed)")
      #expect(rows.multipliedFullWidth(by: max(rule.oneIn, 1)) > (0, screened), "seed \(seed)")
    } else {
      #expect(!rule.holds(rows: rows, screened: moreScreened), "seed \(seed)")
      #expect(
        rows < rule.leastRows || rows.multipliedFullWidth(by: max(rule.oneIn, 1)) <= (0, screened), "seed \(seed)")
    }
  }
}
