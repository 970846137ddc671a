import Alliance
import AllianceBench
import Signing
import Testing
import Wire

/// What one member signs, and that it is kept before anybody sees it.
@Suite struct RosterSignerTests {
  private let council: Council
  private let roster: Roster
  private let other: Roster
  private let first: RosterRound
  private let second: RosterRound

  init() throws {
    council = try Council(seed: 81)
    roster = try council.renamed("New name")
    other = try council.renamed("Another name")
    first = council.known.election.first
    second = RosterRound(number: 2, proposer: council.members[1])
  }

  private func key(_ index: Int) throws -> SigningKey { try #require(council.identities[council.members[index]]) }

  @Test func releasesWhatIsKept() throws {
    var council = council
    let ballot = try council.propose(council.members[0], roster, first)
    var signer = try council.signer(council.members[1])
    let bytes = try signer.vote(for: ballot.choice, knowing: council.known, identities: [key(1)])
    #expect(signer.pledge == Pledge() && signer.released.isEmpty, "not before it is kept")
    #expect(
      problemCode { _ = try signer.promise(second, knowing: council.known, identity: key(1)) } == "roster-keeping")
    // It dies here. One copy kept the bytes, the other did not.
    let kept = try RosterSigner(council.members[1], after: council.chain, kept: bytes)
    let lost = try RosterSigner(council.members[1], after: council.chain, kept: nil)
    #expect(lost.released.isEmpty && kept.pledge.voted == ballot.choice)
    let released = signer.kept()
    let statement = try #require(released)
    #expect(kept.released == [statement] && signer.released == [statement])
    let more = signer.kept()
    #expect(more == nil, "once")
    #expect(kept.pledge == signer.pledge)
    // The same vote again is the same bytes.
    var again = kept
    #expect(try again.vote(for: ballot.choice, knowing: council.known, identities: [key(1)]) == bytes)
  }

  @Test func neverGoesBack() throws {
    var council = council
    let ballot = try council.propose(council.members[0], roster, first)
    let promise = try council.promise(council.members[1], second)
    #expect(promise.latest == nil)
    #expect(throws: Problem.self) { try council.vote(council.members[1], ballot.choice) }
    #expect(problemCode { try council.vote(council.members[1], ballot.choice) } == "roster-promised")
    #expect(problemCode { try council.promise(council.members[1], second) } == "roster-promised")
    #expect(problemCode { try council.promise(council.members[1], first) } == "roster-round", "round 1 needs none")
    #expect(problemCode { try council.propose(council.members[0], other, first) } == "roster-voted")
    #expect(problemCode { try council.propose(council.members[1], other, first) } == "roster-round", "another's round")
    let named = try council.promise(council.members[0], second)
    #expect(named.latest == ballot.choice)
    try council.vote(council.members[2], ballot.choice)
    #expect(
      problemCode { try council.vote(council.members[2], .init(round: second, proposal: roster.hash)) }
        == "roster-not-proposed")
  }

  @Test func laterRoundsNeedAQuorumAndRepeatTheHighestVote() throws {
    var council = council
    try council.propose(council.members[0], roster, first)
    try council.promise(council.members[1], second)
    try council.promise(council.members[2], second)
    #expect(problemCode { try council.propose(council.members[1], other, second) } == "roster-not-justified")
    var free = council
    try free.promise(free.members[3], second)
    try free.propose(free.members[1], other, second)
    try council.promise(council.members[0], second)
    #expect(problemCode { try council.propose(council.members[1], other, second) } == "roster-not-justified")
    let ballot = try council.propose(council.members[1], roster, second)
    for member in council.members where member != ballot.coalition { try council.vote(member, ballot.choice) }
    #expect(council.known.decided?.roster == roster)
    try council.install()
    // What was said about roster 2 binds nobody about roster 3.
    let signer = try council.signer(council.members[1])
    #expect(signer.pledge == Pledge() && signer.released.isEmpty)
  }

  /// A lying proposer proposes without the promises; nobody votes for that.
  @Test func votesForNothingUnjustified() throws {
    var council = council
    let choice = RosterChoice(round: second, proposal: other.hash)
    let vote = try RosterVote.make(choice, of: council.members[1], in: council.known.election, keys: [key(1)])
    try council.known.add(Ballot(vote: vote, proposerVote: vote, roster: other, in: council.chain))
    #expect(problemCode { try council.vote(council.members[2], choice) } == "roster-not-justified")
    #expect(council.known.contradictions.isEmpty, "a lie, but not one that two signatures show")
  }

  @Test func aRestoredCopyLearnsWhatItSaid() throws {
    var council = council
    let ballot = try council.propose(council.members[0], roster, first)
    try council.vote(council.members[1], ballot.choice)
    council.kept[council.members[1]] = nil
    let promise = try council.promise(council.members[1], second)
    #expect(promise.latest == ballot.choice, "as it stands on the table")
    council.kept[council.members[1]] = nil
    #expect(problemCode { try council.promise(council.members[1], second) } == "roster-promised")
    #expect(council.known.contradictions.isEmpty)
  }

  @Test func nobodyUsesUpTheNumbers() throws {
    var council = council
    #expect(council.known.nextRound(of: council.members[3]) == RosterRound(number: 2, proposer: council.members[3]))
    let far = RosterRound(number: 64, proposer: council.members[3])
    #expect(problemCode { try council.promise(council.members[3], far) } == "roster-round")
    // One that does not keep to the rules gets nowhere with it.
    let claim = Justification.Promise(member: council.members[3], round: far, latest: nil)
    try council.known.add(RosterPromise.make(claim, in: council.known.election, key: key(3)))
    #expect(council.known.highestOpen == 2)
    #expect(problemCode { try council.promise(council.members[0], far) } == "roster-round")
    for round in UInt32(2)...5 {
      for member in council.members.prefix(3) {
        try council.promise(member, RosterRound(number: round, proposer: council.members[0]))
      }
    }
    #expect(council.known.highestOpen == 6)
  }

  /// The disk is lost with a roster that only this node had heard of, and the pledge beside the key is about the one after.
  @Test func saysSoWhereARosterIsMissing() throws {
    var council = council
    let (member, before) = (council.members[1], council.chain)
    try council.decide(roster)
    func code() throws -> String? {
      let bytes = try #require(council.kept[member])
      return problemCode { _ = try RosterSigner(member, after: before, kept: bytes) }
    }
    #expect(try code() == nil, "about the next one")
    let ballot = try council.propose(
      council.known.election.first.proposer, council.renamed("Later"), council.known.election.first)
    if ballot.coalition != member { try council.vote(member, ballot.choice) }
    #expect(try code() == "roster-pledge-ahead", "a vote")
    council.kept[member] = nil
    try council.promise(member, RosterRound(number: 2, proposer: member))
    #expect(try code() == "roster-pledge-ahead", "a promise")
  }

  @Test func refusesWhatWasNotKeptByIt() throws {
    var council = council
    let ballot = try council.propose(council.members[0], roster, first)
    try council.vote(council.members[1], ballot.choice)
    let bytes = try #require(council.kept[council.members[1]])
    func code(_ member: CoalitionID, _ bytes: [UInt8]) -> String? {
      problemCode { _ = try RosterSigner(member, after: council.chain, kept: bytes) }
    }
    #expect(code(council.members[1], bytes) == nil && code(council.members[1], []) == nil)
    #expect(code(council.members[2], bytes) == "roster-pledge-unreadable")
    #expect(code(council.members[1], [0xff]) == "roster-pledge-unreadable")
    #expect(code(council.members[1], Array(bytes.dropLast(3))) == "roster-pledge-unreadable")
    let stranger = try Council(seed: 82)
    #expect(
      problemCode { _ = try RosterSigner(council.members[1], after: stranger.chain, kept: bytes) }
        == "roster-pledge-unreadable")
    // The wrong key signs nothing that counts.
    var signer = try council.signer(council.members[2])
    #expect(
      problemCode { _ = try signer.vote(for: ballot.choice, knowing: council.known, identities: [key(1)]) }
        == "roster-statement-signature")
    #expect(
      problemCode { _ = try signer.promise(second, knowing: council.known, identity: key(1)) }
        == "roster-statement-signature")
    #expect(
      problemCode { _ = try signer.promise(second, knowing: stranger.known, identity: key(2)) }
        == "roster-statement-misplaced")
    let nothing = signer.kept()
    #expect(nothing == nil)
  }
}
