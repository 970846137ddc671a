import Alliance
import AllianceBench
import Signing
import Testing
import Wire

/// From roster 1 to the newest, each in force by the votes of two quorums.
@Suite struct RosterChainTests {
  private var council: Council

  init() throws { council = try Council(seed: 71) }

  private func code(_ bundle: RosterBundle) -> String? { problemCode { _ = try council.chain.appending(bundle) } }

  @Test func isInForceByAQuorumOfOneRound() throws {
    var council = council
    let roster = try council.renamed("New name")
    let first = council.known.election.first
    #expect(first.proposer == council.members[0])
    let ballot = try council.propose(first.proposer, roster, first)
    try council.vote(council.members[1], ballot.choice)
    #expect(council.known.decided == nil)
    try council.vote(council.members[3], ballot.choice)
    let bundle = try #require(council.known.decided)
    #expect(bundle.votes.map(\.coalition) == [council.members[0], council.members[1], council.members[3]])
    #expect(code(bundle) == nil)
    #expect(code(try RosterBundle(bytes: bundle.bytes)) == nil)
    #expect(code(RosterBundle(roster: roster, votes: Array(bundle.votes.dropLast()))) == "roster-not-in-force")
    #expect(code(RosterBundle(roster: roster, votes: bundle.votes + bundle.votes)) == nil)
    let twice = [bundle.votes[0], bundle.votes[1], bundle.votes[1]]
    #expect(code(RosterBundle(roster: roster, votes: twice)) == "roster-not-in-force")
    // The third vote is of another round.
    let second = RosterRound(number: 2, proposer: council.members[1])
    for member in council.members.dropFirst() { try council.promise(member, second) }
    try council.propose(council.members[1], roster, second)
    let other = try council.vote(council.members[2], .init(round: second, proposal: roster.hash))
    #expect(
      code(RosterBundle(roster: roster, votes: Array(bundle.votes.dropLast()) + [other.vote])) == "roster-not-in-force")
    #expect(code(RosterBundle(roster: roster, votes: bundle.votes + [other.vote])) == nil)
    // Votes for another roster, or signed by somebody else, count for nothing.
    let another = try council.renamed("Another name")
    #expect(code(RosterBundle(roster: another, votes: bundle.votes)) == "roster-not-in-force")
    var forged: [RosterVote] = []
    for vote in bundle.votes {
      forged.append(
        try RosterVote.make(
          vote.choice, of: vote.coalition, in: council.known.election,
          keys: [#require(council.identities[council.members[0]])]))
    }
    #expect(code(RosterBundle(roster: roster, votes: forged)) == "roster-not-in-force")
    try council.install()
    #expect(council.chain.newest.number == 2 && council.chain.roster(2)?.name == "New name")
    #expect(
      council.chain.roster(1) == council.chain.first && council.chain.roster(3) == nil && council.chain.roster(0) == nil
    )
    #expect(problemCode { _ = try council.chain.appending(bundle) } == "roster-order", "not twice")
    #expect(council.chain.election.first.proposer == council.members[1], "the turn goes round")
  }

  /// From three to four members three must vote, of whom two must be old ones.
  @Test func newMembersVoteForWhatTheyEnter() throws {
    var council = try Council(["no", "se", "us"], seed: 72)
    let roster = try council.admitting("fi")
    let fi = try #require(CoalitionID("fi"))
    let ballot = try council.propose(council.members[0], roster, council.known.election.first)
    try council.vote(fi, ballot.choice)
    #expect(council.known.decided == nil, "one old member")
    try council.vote(council.members[1], ballot.choice)
    let bundle = try #require(council.known.decided)
    #expect(bundle.votes.count == 3)
    let without = RosterBundle(roster: roster, votes: bundle.votes.filter { $0.coalition != fi })
    #expect(problemCode { _ = try council.chain.appending(without) } == "roster-not-in-force", "two of four")
    try council.install()
    #expect(council.members.contains(fi))
    let round = RosterRound(number: 2, proposer: fi)
    #expect(throws: Never.self) { try council.promise(fi, round) }
    // Who is in neither roster has no vote.
    _ = try council.newcomer("dk")
    let next = try council.renamed("New name")
    let proposal = try council.propose(council.known.election.first.proposer, next, council.known.election.first)
    #expect(throws: Problem.self) { try council.vote(#require(CoalitionID("dk")), proposal.choice) }
  }

  @Test func aLostIdentityKeyIsReplacedByTheOthers() throws {
    var council = council
    let us = council.members[3]
    let old = try #require(council.identities[us])
    let new = try SigningKey(seed: [UInt8](repeating: 8, count: 32))
    var change = RosterChange()
    change.identityKeys = [us: new.verifyingKey]
    let roster = try council.chain.next(change, issuedAt: 3)
    let ballot = try council.propose(council.members[0], roster, council.known.election.first)
    try council.vote(council.members[1], ballot.choice)
    // The new key counts for the new roster only: two of three old members that are needed.
    try council.vote(us, ballot.choice, keys: [new])
    #expect(council.known.decided == nil)
    try council.vote(council.members[2], ballot.choice)
    #expect(council.known.decided?.votes.count == 4)
    // The thief has the old key: it counts for the old roster, and shows as the same member's vote.
    let thief = try RosterVote.make(ballot.choice, of: us, in: council.known.election, keys: [old])
    try council.known.add(Ballot(vote: thief, proposerVote: ballot.vote, roster: roster, in: council.chain))
    let both = try #require(council.known.ballots.first { $0.coalition == us })
    #expect(both.vote.signed.isSigned(by: old.verifyingKey) && both.vote.signed.isSigned(by: new.verifyingKey))
    try council.install()
    #expect(council.chain.newest.member(us)?.identityKey == new.verifyingKey)
    #expect(council.chain.tenures(of: us).map(\.from) == [1, 2])

    // Record 2 is signed by the new key; the old key's record 2 is nobody's.
    let first = try #require(council.records[us])
    func second(_ key: SigningKey) throws -> MemberRecord {
      var wire = try WireMemberRecord(serializedBytes: first.signed.body)
      wire.number = 2
      wire.alliance = .init(council.chain.alliance.bytes)
      wire.previous = .init(first.hash.bytes)
      wire.identityKey = .init(key.verifyingKey.bytes)
      return try MemberRecord(SignedObject(type: .record, body: wire.serializedBytes(), key: key))
    }
    let (good, stolen) = (try second(new), try second(old))
    let records = Array(council.records.values)
    for order in [[good, stolen], [stolen, good]] {
      let (membership, problems) = Membership.make(council.chain, records: order + records)
      #expect(membership.record(of: us) == good && problems.isEmpty)
    }
    var (membership, _) = Membership.make(council.chain, records: records)
    #expect(problemCode { _ = try membership.extend(us, with: [stolen]) } == "record-changes-identity")
    #expect(try membership.extend(us, with: [good]) == [good])
    #expect(membership.roster.number == 2 && membership.rosters == council.chain)
  }

  @Test func aPinSettlesWhichRecordsCount() throws {
    var council = council
    let us = council.members[3]
    let first = try #require(council.records[us])
    let key = try #require(council.identities[us])
    func next(_ record: MemberRecord, _ host: String) throws -> MemberRecord {
      try record.next(RecordChange(endpoints: ["\(host).example.org:7473"]), in: council.chain.alliance, identity: key)
    }
    let (left, right) = (try next(first, "left"), try next(first, "right"))
    let (afterLeft, afterRight) = (try next(left, "later"), try next(right, "later"))
    let all = Array(council.records.values) + [afterRight, left, afterLeft, right]
    var (membership, problems) = Membership.make(council.chain, records: all)
    #expect(membership.record(of: us) == first, "of two, neither counts, nor anything later")
    #expect(problems.mapValues(\.code) == [us: "record-conflict"])
    var change = RosterChange()
    change.pins = [right]
    try council.decide(council.chain.next(change, issuedAt: 4))
    (membership, problems) = Membership.make(council.chain, records: all.reversed())
    #expect(membership.record(of: us) == afterRight && problems.isEmpty)
    (membership, problems) = Membership.make(council.chain, records: all.filter { $0 != right })
    #expect(membership.record(of: us) == nil && problems.mapValues(\.code) == [us: "record-unknown"])
    #expect(membership.record(of: council.members[0]) != nil, "the others do not wait")
  }

  @Test func readsWithinLimits() throws {
    #expect(problemCode { _ = try RosterBundle(bytes: [0xff]) } == "roster-unreadable")
    #expect(problemCode { _ = try RosterBundle(bytes: []) } == "roster-malformed")
    #expect(problemCode { _ = try RosterBundle(bytes: [UInt8](repeating: 0, count: 2 << 20)) } == "roster-unreadable")
    let unsigned = try Roster(SignedObject(type: .roster, body: council.chain.first.signed.body, signatures: []))
    #expect(problemCode { _ = try RosterChain(first: unsigned) } == "roster-not-in-force")
    var council = council
    try council.decide(council.renamed("New name"))
    #expect(problemCode { _ = try RosterChain(first: council.chain.newest) } == "roster-order")
    #expect(
      problemCode { _ = try AllianceFile(roster: council.chain.newest, records: [], keys: []) } == "roster-malformed")
  }
}
