import Alliance
import AllianceBench
import Testing
import Wire

@testable import Operations

@Suite struct AllianceLogTests {
  @Test func tellsWhoChangedWhatAndWhoVoted() throws {
    let alliance = try FoundedAlliance(["no", "se", "us"], seed: 46)
    let newcomer = try #require(try FoundedAlliance(["de", "fi"], seed: 47).records.first)
    var change = RosterChange()
    change.admits = [newcomer]
    let chain = alliance.membership.rosters
    let log = AllianceLog(try chain.appending(alliance.decided(change)))
    #expect(log.entries.map(\.roster) == [1, 2] && log.entries.map(\.members) == [3, 4])
    #expect(log.entries[0].signedBy == alliance.coalitions && log.entries[0].proposedBy == nil)
    let second = log.entries[1]
    #expect(second.proposedBy == chain.election.first.proposer && second.round == 1)
    #expect(second.signedBy == alliance.coalitions && second.votesThen == alliance.coalitions)
    #expect(second.changes.count == 1 && second.changes[0].hasPrefix("admits de (Demo de)"))
  }
}
