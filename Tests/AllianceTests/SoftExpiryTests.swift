import Alliance
import AllianceBench
import Testing

/// Warnings at half, three quarters and nine tenths of the time, and after it.
@Suite struct SoftExpiryTests {
  @Test(
    arguments: [
      (100, nil), (149, nil), (150, SoftExpiry.half), (174, .half), (175, .threeQuarters), (189, .threeQuarters),
      (190, .nineTenths),
      (200, .nineTenths), (201, .past), (9_999, .past),
    ] as [(UInt32, SoftExpiry?)]) func tellsByWhatIsOver(today: UInt32, age: SoftExpiry?)
  {
    #expect(SoftExpiry(issued: 100, last: 200, today: today) == age)
    #expect(SoftExpiry(issued: 100, last: 0, today: today) == nil, "never")
  }

  @Test(
    arguments: [
      (0, nil), (170, nil), (171, SoftExpiry.threeQuarters), (193, .threeQuarters), (194, .nineTenths),
      (200, .nineTenths), (201, .past),
    ] as [(UInt32, SoftExpiry?)])
  func withoutADayOfIssueTheLastDaysTell(today: UInt32, age: SoftExpiry?) {
    #expect(SoftExpiry(issued: nil, last: 200, today: today) == age)
  }

  @Test func aRosterThatIsPastStillCounts() throws {
    let alliance = try FoundedAlliance(seed: 71)
    #expect(alliance.membership.aging(on: 20_000).isEmpty)
    var change = RosterChange()
    change.expires = 20_000
    let chain = try alliance.membership.rosters.appending(alliance.decided(change))
    let (membership, _) = Membership.make(chain, records: alliance.records)
    #expect(membership.aging(on: 20_001).map(\.age) == [.past])
    #expect(membership.aging(on: 1).isEmpty)
    #expect(membership.roster.number == 2 && membership.chains.count == 3, "and nothing ends by it")
  }
}
