import AllianceBench
import Seeded
import Signing
import Testing
import Wire

@testable import Alliance

/// Rosters after the first in the alliance file: what a node keeps, and what a newcomer is invited with.
@Suite struct AllianceFileLaterTests {
  private let alliance: FoundedAlliance
  private let newcomer: MemberRecord
  private let founded: AllianceFile

  init() throws {
    alliance = try FoundedAlliance(seed: 31)
    newcomer = try #require(try FoundedAlliance(["dk", "fi"], seed: 32).records.first)
    var file = alliance.unsigned
    for coalition in alliance.coalitions { file = try file.signed(by: #require(alliance.identities[coalition])) }
    founded = file
  }

  private func admitting() throws -> RosterBundle {
    var change = RosterChange()
    change.admits = [newcomer]
    return try alliance.decided(change)
  }

  private func removing(_ name: String, after chain: RosterChain) throws -> RosterBundle {
    var change = RosterChange()
    change.removes = [try #require(CoalitionID(name)): 1]
    change.hashKey = ObjectHash(sha256: [7])
    return try alliance.decided(change, after: chain)
  }

  @Test func keepsRostersAndRecordsThroughItsText() throws {
    let file = try founded.appending(admitting()).with(records: [newcomer] + alliance.records)
    #expect(file.laterRecords == [newcomer], "the founders' first records are in it already")
    let read = try AllianceFile.read(text: file.text, file: "alliance").0
    #expect(read == file)
    let membership = try Membership(read)
    #expect(membership.roster.number == 2 && membership.roster.members.count == 4)
    #expect(membership.record(of: newcomer.coalition) == newcomer)
    #expect(membership.alliance == founded.alliance, "the alliance stays what it was")
  }

  /// What was verified is not verified again, and is worth nothing as soon as the rosters are others.
  @Test func carriesTheChainThatItVerified() throws {
    let file = try founded.appending(admitting()).with(records: [newcomer])
    let read = try AllianceFile.read(text: file.text, file: "alliance").0
    #expect(try read.verified.chain?.newest.number == 2 && read.chain() == file.chain())
    var unverified = read
    unverified.verified = VerifiedChain()
    #expect(unverified == read && Set([unverified, read]).count == 1, "it is the same file")
    #expect(try unverified.chain() == read.chain())
    var changed = read
    changed.later = [RosterBundle(roster: try admitting().roster, votes: [])]
    #expect(problemCode { _ = try changed.chain() } == "roster-not-in-force")
    let first = try AllianceFile.read(text: founded.text, file: "alliance").0
    #expect(first.verified.chain != nil)
    let longer = try first.merging(read)
    #expect(try longer.chain().newest.number == 2)
    #expect(try AllianceFile.read(text: alliance.unsigned.text, file: "alliance").0.verified.chain == nil)
  }

  @Test func refusesRostersThatNobodyDecided() throws {
    let good = try admitting()
    let few = RosterBundle(roster: good.roster, votes: Array(good.votes.prefix(1)))
    #expect(problemCode { _ = try founded.appending(few) } == "roster-not-in-force")
    var wire = try WireAllianceFile(serializedBytes: founded.appending(good).bytes)
    wire.later = [few.wire]
    let text = Armour.alliance.wrap(try wire.serializedBytes())
    #expect(problemCode { _ = try AllianceFile.read(text: text, file: "x") } == "roster-not-in-force")
    wire.later = [good.wire, good.wire]
    let twice = Armour.alliance.wrap(try wire.serializedBytes())
    #expect(problemCode { _ = try AllianceFile.read(text: twice, file: "x") } == "roster-order")
  }

  @Test func aMemberWithoutItsRecordHasNoChainAndNobodyElseSuffers() throws {
    let file = try founded.appending(admitting())
    let (membership, problems) = try Membership.make(file, besides: [])
    #expect(membership.record(of: newcomer.coalition) == nil)
    #expect(problems.mapValues(\.code) == [newcomer.coalition: "record-unknown"])
    #expect(membership.chains.count == 3)
    #expect(try Membership(file, besides: [newcomer]).record(of: newcomer.coalition) == newcomer)
  }

  @Test func mergesToTheLongerChain() throws {
    let longer = try founded.appending(admitting()).with(records: [newcomer])
    #expect(try founded.merging(longer) == longer)
    #expect(try longer.merging(founded) == longer)
  }

  @Test func whoWasRemovedKeepsItsRecordsAndLosesItsPlace() throws {
    let first = try founded.appending(admitting()).with(records: [newcomer])
    let file = try first.appending(removing("us", after: first.chain()))
    let membership = try Membership(file)
    let us = try #require(CoalitionID("us"))
    #expect(membership.roster.member(us) == nil)
    #expect(membership.record(of: us)?.number == 1, "it may come back, and goes on from its records")
    #expect(membership.roster.retiredEpoch(of: us) == 1)
  }

  @Test func newcomersAreKnownByWhatProposalsPin() throws {
    var change = RosterChange()
    change.admits = [newcomer]
    let known = try alliance.deliberation(on: change)
    #expect(known.candidatePins == [newcomer.coalition: [newcomer.hash]])
    let other = try #require(try FoundedAlliance(["dk", "fi"], seed: 33).records.first)
    #expect(known.candidates(among: [other]).isEmpty, "another card of the same name")
    #expect(known.candidates(among: [other, newcomer]) == [newcomer.coalition: [newcomer]])
    #expect(Deliberation(after: alliance.membership.rosters).candidates(among: [newcomer]).isEmpty)
  }
}
