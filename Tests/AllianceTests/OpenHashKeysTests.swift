import Alliance
import AllianceBench
import Testing

@Suite struct OpenHashKeysTests {
  /// A key is open until the day begins on which it closes.
  @Test func aKeyClosesWhenItsDayBegins() throws {
    var council = try Council(seed: 5)
    #expect(council.chain.newest.openHashKeys(on: 0) == [1] && council.chain.newest.openHashKeys(on: .max) == [1])
    var change = RosterChange()
    change.hashKey = council.chain.newest.hash
    change.closes = [1: 20_000]
    let roster = try council.chain.next(change, issuedAt: 5)
    #expect(roster.openHashKeys(on: 19_999) == [1, 2])
    #expect(roster.openHashKeys(on: 20_000) == [2] && roster.openHashKeys(on: 20_001) == [2])
    try council.decide(roster)
    #expect(council.chain.newest.openHashKeys(on: 20_000) == [2], "as it was read again")
  }
}
