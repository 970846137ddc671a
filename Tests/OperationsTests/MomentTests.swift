import Operations
import Testing

@Suite struct MomentTests {
  @Test func spansAreInTheUnitThatSaysEnough() {
    #expect(
      [0, 119, 120, 7_199, 7_200, 172_799, 172_800].map { Moment.span(seconds: $0) }
        == ["0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 d"])
  }
}
