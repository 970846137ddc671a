import Alliance
import AllianceBench
import Signing
import Testing
import Wire

/// Which statements of one member prove that it is not honest: exactly those that no honest signer makes.
@Suite struct RosterContradictionTests {
  private let council: Council
  private let member: CoalitionID
  private let key: SigningKey
  private let rounds: [RosterRound]

  init() throws {
    council = try Council(["aa", "bb", "cc", "dd"], seed: 91)
    member = council.members[2]
    key = try #require(council.identities[member])
    let proposer = council.members[0]
    rounds = (1...3).map { RosterRound(number: $0, proposer: proposer) }
  }

  private func vote(_ bit: Int) throws -> RosterStatement {
    .vote(try RosterVote.make(Exploration.choice(bit, rounds), of: member, in: council.known.election, keys: [key]))
  }

  private func promise(_ round: Int, _ claim: Int) throws -> RosterStatement {
    let latest = claim == 0 ? nil : Exploration.choice(claim - 1, rounds)
    return .promise(
      try RosterPromise.make(
        .init(member: member, round: rounds[round], latest: latest), in: council.known.election, key: key))
  }

  /// All 16,384 sets of what a member can say in three rounds about two rosters.
  @Test func provesWhatNoHonestSignerSigns() throws {
    let statements =
      try (0..<6).map(vote) + (0..<3).map { try promise(1, $0) } + (0..<5).map { try promise(2, $0) }
    var exploration = Exploration()
    var honest = [Bool](repeating: false, count: 1 << 14)
    for history in exploration.histories() {
      let all = Int(history.votes) | Int(history.promises[0]) << 6 | Int(history.promises[1]) << 9
      for part in honest.indices where part & all == part { honest[part] = true }
    }
    var exposed = 0
    for set in 0..<1 << 14 {
      let said = statements.indices.filter { set >> $0 & 1 == 1 }.map { statements[$0] }
      let proof = RosterContradiction(in: said)
      #expect((proof == nil) == honest[set], "\(set)")
      if proof != nil { exposed += 1 }
    }
    print("\(exposed) of 16384 sets of statements prove a lie")
    #expect(exposed > 10_000)
  }

  @Test func isKeptAndShown() throws {
    let election = council.known.election
    let pairs = [
      (try vote(0), try vote(1), "cc voted twice in round 1 of aa"),
      (try promise(1, 0), try promise(1, 1), "cc told of its votes in two ways"),
      (try promise(1, 0), try vote(0), "and its promise of round 2 of aa denies it"),
    ]
    for (one, other, words) in pairs {
      let proof = try #require(RosterContradiction(one, other))
      #expect(proof == RosterContradiction(other, one), "whichever was heard first")
      #expect(proof.isValid(in: election) && proof.coalition == member)
      #expect(proof.description.contains(words), "\(proof.description)")
      #expect(try RosterContradiction(bytes: proof.bytes) == proof)
      #expect(!proof.isValid(in: try Council(seed: 92).known.election))
    }
    #expect(RosterContradiction(try vote(0), try promise(1, 1)) == nil)
    #expect(RosterContradiction(try vote(0), try vote(0)) == nil)
    // Somebody else's signature proves nothing about this member.
    let stranger = try #require(council.identities[council.members[0]])
    let forged = try RosterVote.make(Exploration.choice(1, rounds), of: member, in: election, keys: [stranger])
    let unproven = RosterContradiction(try vote(0), .vote(forged))
    #expect(unproven?.isValid(in: election) == false)
    let proof = try #require(RosterContradiction(pairs[0].0, pairs[0].1))
    for bytes in [[], [0xff], Array(proof.bytes.dropLast(3))] {
      #expect(problemCode { _ = try RosterContradiction(bytes: bytes) } == "roster-contradiction-unreadable")
    }
  }

  /// A proposer that proposes two rosters in its round is shown, and with four members the others still decide one.
  @Test func aProposerThatProposesTwiceStopsNobody() throws {
    var council = council
    let liar = council.members[0]
    let (left, right) = (try council.renamed("Left"), try council.renamed("Right"))
    let first = council.known.election.first
    #expect(first.proposer == liar)
    var kept = council.known
    for roster in [left, right] {
      let vote = try RosterVote.make(
        .init(round: first, proposal: roster.hash), of: liar, in: kept.election,
        keys: [#require(council.identities[liar])])
      try kept.add(Ballot(vote: vote, proposerVote: vote, roster: roster, in: council.chain))
    }
    council.known = kept
    try council.vote(council.members[1], .init(round: first, proposal: left.hash))
    try council.vote(council.members[2], .init(round: first, proposal: left.hash))
    try council.vote(council.members[3], .init(round: first, proposal: right.hash))
    #expect(council.known.contradictions.map(\.coalition) == [liar])
    #expect(council.known.decided?.roster == left, "with the liar's own vote")
    let second = RosterRound(number: 2, proposer: council.members[1])
    for member in council.members.dropFirst() { try council.promise(member, second) }
    #expect(council.known.justification.answer(for: second) == Justification.Answer(repeats: [left.hash]))
    #expect(throws: Problem.self) { try council.propose(council.members[1], right, second) }
    let ballot = try council.propose(council.members[1], left, second)
    for member in council.members.dropFirst(2) { try council.vote(member, ballot.choice) }
    #expect(council.known.decided?.roster == left)
  }
}
