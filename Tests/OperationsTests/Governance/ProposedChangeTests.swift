import Alliance
import AllianceBench
import Signing
import Testing
import Wire

@testable import Operations

/// From what a person writes to the roster that it makes.
@Suite struct ProposedChangeTests {
  private let alliance: FoundedAlliance
  private let stranger: FoundedAlliance
  private let se: CoalitionID

  init() throws {
    alliance = try FoundedAlliance(["no", "se", "us"], seed: 42)
    stranger = try FoundedAlliance(["de", "fi"], seed: 43)
    se = try #require(CoalitionID("se"))
  }

  private func card(_ record: MemberRecord) throws -> ProposedChange.Document {
    .init(text: try CoalitionCard(record: record).text, file: "a card")
  }

  private func resolve(
    _ change: ProposedChange, in membership: Membership? = nil, records: [MemberRecord] = []
  ) throws -> ProposedChange.Resolved {
    try change.resolve(membership ?? alliance.membership, records: records, of: se)
  }

  @Test func admitsByCard() throws {
    let newcomer = stranger.records[0]
    var change = ProposedChange()
    change.admits = [try card(newcomer)]
    let resolved = try resolve(change)
    #expect(resolved.newcomers == [newcomer] && resolved.hashKey == nil)
    let roster = try alliance.membership.rosters.next(resolved.change, issuedAt: 9)
    #expect(roster.member(newcomer.coalition)?.recordHash == newcomer.hash)
    let words = roster.differences(from: alliance.membership.roster).map(\.words)
    #expect(words.count == 1 && words[0].contains("at most 10 000 000 statements and 4 096 MiB"), "\(words)")
  }

  @Test func refusesWhoIsAMemberAndMixedFiles() throws {
    var change = ProposedChange()
    change.admits = [try card(alliance.records[0])]
    #expect(problemCode { _ = try resolve(change) } == "already-member")
    change.admits = [.init(text: RecordsFile.text(stranger.records), file: "records")]
    #expect(problemCode { _ = try resolve(change) } == "card-unreadable")
  }

  /// Who goes knows the hash key, so a removal brings the next one, which we can open before anybody votes for it.
  @Test func aRemovalBringsAHashKey() throws {
    var change = ProposedChange()
    change.removes = [try #require(CoalitionID("us"))]
    let resolved = try resolve(change)
    let key = try #require(resolved.hashKey)
    #expect(key.key.recipient == se && key.key.keyEpoch == 2)
    let roster = try alliance.membership.rosters.next(resolved.change, issuedAt: 9)
    #expect(roster.hashKeys.last?.commitment.hex == key.commitment && roster.hashKeys.count == 2)
    #expect(roster.retired.map(\.lastEpoch) == [1])
  }

  @Test func whoGoesDoesNotProposeIt() throws {
    var change = ProposedChange()
    change.removes = [se]
    #expect(problemCode { _ = try resolve(change) } == "removes-proposer")
  }

  /// It comes back with the records that were pinned, never with a first record of its own making.
  @Test func whoComesBackGoesOnWithItsRecords() throws {
    let us = try #require(alliance.records.first { $0.coalition.rawValue == "us" })
    var removal = ProposedChange()
    removal.removes = [us.coalition]
    let rosters = try alliance.membership.rosters.appending(
      alliance.decided(resolve(removal).change))
    let (without, _) = Membership.make(rosters, records: alliance.records)
    let other = try #require(
      try FoundedAlliance(["us", "fi"], seed: 44).records.first { $0.coalition == us.coalition })
    var change = ProposedChange()
    change.admits = [try card(other)]
    #expect(problemCode { _ = try resolve(change, in: without) } == "newcomer-returns")
    change.admits = [.init(text: RecordsFile.text([us]), file: "records")]
    let resolved = try resolve(change, in: without)
    let roster = try rosters.next(resolved.change, issuedAt: 9)
    #expect(roster.differences(from: without.roster).map(\.words).first?.hasPrefix("admits us (Demo us) again") == true)
    // The same with a new identity key: the old record is pinned, and the new key signs from there on.
    change.identities = [us.coalition: try card(other)]
    let renewed = try rosters.next(resolve(change, in: without).change, issuedAt: 9)
    #expect(renewed.member(us.coalition)?.identityKey == other.identityKey)
    #expect(renewed.member(us.coalition)?.recordHash == us.hash)
  }

  @Test func aNewIdentityKeyPinsTheNewestRecord() throws {
    let us = try #require(alliance.records.first { $0.coalition.rawValue == "us" })
    let identity = try #require(alliance.identities[us.coalition])
    let second = try us.next(RecordChange(endpoints: []), in: alliance.membership.alliance, identity: identity)
    var membership = alliance.membership
    _ = try membership.extend(us.coalition, with: [second])
    let other = try #require(
      try FoundedAlliance(["us", "fi"], seed: 44).records.first { $0.coalition == us.coalition })
    var change = ProposedChange()
    change.identities = [us.coalition: try card(other)]
    #expect(try resolve(change, in: membership).change.pins == [second])
    try change.addPin("us:1")
    #expect(try resolve(change, in: membership).change.pins == [us], "unless somebody says which one holds")
    change.identities = [us.coalition: try card(us)]
    #expect(problemCode { _ = try resolve(change, in: membership) } == "nothing-to-propose")
  }

  @Test func pinsOneOfTwoByItsHash() throws {
    let us = try #require(alliance.records.first { $0.coalition.rawValue == "us" })
    let identity = try #require(alliance.identities[us.coalition])
    let two = try [["a.example.org:1"], ["b.example.org:1"]].map {
      try us.next(RecordChange(endpoints: $0), in: alliance.membership.alliance, identity: identity)
    }
    var change = ProposedChange()
    try change.addPin("us:2")
    #expect(problemCode { _ = try resolve(change, records: two) } == "record-conflict")
    #expect(problemCode { _ = try resolve(change) } == "record-unknown")
    change.pins = []
    try change.addPin("us:2:\(two[1].hash.hex.prefix(12))")
    #expect(try resolve(change, records: two).change.pins == [two[1]])
  }

  @Test func readsWhatIsWritten() throws {
    var change = ProposedChange()
    try change.addQuota("se:20000000")
    try change.addQuota("no:5:8589934592")
    #expect(change.quotas[se]?.statements == 20_000_000 && change.quotas[se]?.liveBytes == nil)
    let resolved = try resolve(change)
    #expect(resolved.change.quotas[se]?.liveBytes == Roster.firstQuota.liveBytes)
    try change.addClosing("1:2027-05-31")
    #expect(change.closes == [1: try Day.parse("2027-05-31")])
    try change.addMemberName("se:A name: with a colon")
    #expect(change.memberNames[se] == "A name: with a colon")
    for (code, text) in [("bad-coalition", "Sweden:1"), ("unknown-value", "se"), ("unknown-value", "se:many")] {
      #expect(problemCode { try change.addQuota(text) } == code, "\(text)")
    }
    #expect(problemCode { try change.addClosing("1:tomorrow") } == "bad-day")
    #expect(problemCode { try change.addPin("se:0") } == "unknown-value")
  }
}
