import Testing

@testable import Formats

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, true), ("2026-01-10T00:00:00.000Z", 20_463, true), ("2026-01-10", 20_463, true),
    ("2024-02-29T23:59:60Z", 19_782, false), ("2026-01-05T23:30:00.000000-02:00", 20_459, false),
    ("2026-01-06T01:00:00+01:00", 20_459, true), ("9999-12-31T00:00:00.001Z", 2_932_896, false),
  ])
  func readsTheDay(_ text: String, _ day: Int, _ isMidnight: Bool) throws {
    let found = try #require(Timestamp(text))
    #expect(found.day == day && found.isMidnight == isMidnight)
    #expect(found.lastDayBefore == (isMidnight ? max(0, day - 1) : day))
  }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2026-02-29", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "2026-01-10T24:00:00Z",
    "2026-01-10T00:00:00", "2026-01-10T00:00:00.Z", "2026-01-10T00:00:00Zx", "99999-01-01", "1767225600", "２０２６-01-01",
  ])
  func refusesWhatIsNone(_ text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func writesEveryDayThatItReads() {
    for day in stride(from: 0, through: 2_932_896, by: 97) {
      #expect(Timestamp(Timestamp.text(day: day))?.day == day)
    }
    #expect(Timestamp.text(day: 20_463) == "2026-01-10")
  }
}
