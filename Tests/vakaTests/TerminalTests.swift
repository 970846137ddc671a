import Testing

@testable import vaka

/// What a person reads.
@Suite struct TerminalTests {
  @Test func countsAreSpacedInThousands() {
    #expect(
      [0, 999, 1_000, 1_234_567, -12_345].map { Terminal.count($0) } == ["0", "999", "1 000", "1 234 567", "-12 345"])
    #expect([0, 1, 2_000].map { Terminal.count($0, "row") } == ["0 rows", "1 row", "2 000 rows"])
    #expect(
      [0, 1, 2, 4_096].map(Terminal.changes) == [
        "no changes queued", "1 change queued", "2 changes queued", "4 096 changes queued",
      ])
  }

  @Test func progressSaysRateAndTimeLeft() {
    #expect(Progress.text("rows", 0, of: 10, after: .zero) == "0 of 10 rows")
    #expect(
      Progress.text("rows", 2_000, of: 10_000, after: .seconds(4)) == "2 000 of 10 000 rows · 500 a second · 16 s left")
    #expect(Progress.text("rows", 10_000, of: 10_000, after: .seconds(20)) == "10 000 of 10 000 rows · 500 a second")
    #expect(Progress.text("rows", 50, of: nil, after: .seconds(1)) == "50 rows · 50 a second")
    #expect(Progress.text("rows", 0, of: 10, after: .seconds(60)) == "0 of 10 rows", "no rate, no end in sight")
  }

  @Test func tablesAreAligned() {
    #expect(Terminal.table([["A", "LONG"], ["longer", ""], ["x", "y"]]) == "A       LONG\nlonger\nx       y")
  }
}
