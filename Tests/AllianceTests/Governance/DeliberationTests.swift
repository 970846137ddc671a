import Alliance
import AllianceBench
import Seeded
import Signing
import Testing
import Wire

/// What was said is a union: whatever order, copies and parts it comes in.
@Suite struct DeliberationTests {
  /// An election with three rounds, a liar who says more than is kept, and a newcomer.
  private static func crowded(seed: UInt64) throws -> (council: Council, statements: [Deliberation]) {
    var council = try Council(seed: seed)
    let rosters = try [council.admitting("fi")] + ["One", "Two", "Three"].map { try council.renamed($0) }
    let first = council.known.election.first
    let ballot = try council.propose(first.proposer, rosters[0], first)
    for member in [council.members[1], try #require(CoalitionID("fi"))] { try council.vote(member, ballot.choice) }
    let second = RosterRound(number: 2, proposer: council.members[2])
    for member in council.members.dropLast() { try council.promise(member, second) }
    try council.propose(council.members[2], rosters[0], second)
    let liar = council.members[3]
    let key = try #require(council.identities[liar])
    let election = council.known.election
    var statements = Self.parts(of: council.known)
    func lay(_ work: (inout Deliberation) throws -> Void) throws {
      var one = Deliberation(after: council.chain)
      try work(&one)
      statements.append(one)
    }
    let round = RosterRound(number: 3, proposer: liar)
    for roster in rosters {
      let vote = try RosterVote.make(.init(round: round, proposal: roster.hash), of: liar, in: election, keys: [key])
      try lay { try $0.add(Ballot(vote: vote, proposerVote: vote, roster: roster, in: council.chain)) }
      // The same said in other bytes.
      let longer = SignedObject(
        type: .rosterVote, body: vote.signed.body + [0x9a, 0x06, 0x00],
        signatures: [try key.sign(.rosterVote, body: vote.signed.body + [0x9a, 0x06, 0x00])])
      let variant = try RosterVote(longer)
      try lay { try $0.add(Ballot(vote: variant, proposerVote: variant, roster: roster, in: council.chain)) }
      let claim = Justification.Promise(
        member: liar, round: RosterRound(number: 4, proposer: council.members[0]),
        latest: .init(round: round, proposal: roster.hash))
      try lay { try $0.add(RosterPromise.make(claim, in: election, key: key)) }
    }
    let none = Justification.Promise(
      member: liar, round: RosterRound(number: 4, proposer: council.members[0]), latest: nil)
    try lay { try $0.add(RosterPromise.make(none, in: election, key: key)) }
    return (council, statements)
  }

  private static func parts(of whole: Deliberation) -> [Deliberation] {
    whole.parts(of: 1).compactMap { try? Deliberation.read(bytes: $0, after: whole.chain).deliberation }
  }

  @Test(arguments: [101, 102, 103] as [UInt64]) func mergesToTheSameFromAnyOrder(_ seed: UInt64) throws {
    let (council, statements) = try Self.crowded(seed: seed)
    var random = SeededRandom(seed: seed)
    var whole = Deliberation(after: council.chain)
    for statement in statements { whole = try whole.merging(statement) }
    #expect(whole.contradictions.map(\.coalition) == [council.members[3]])
    for run in 0..<40 {
      // Shuffled, with repetitions, merged in groups as a tree.
      var heap = (statements + (0..<5).map { _ in statements[Int(random.below(UInt64(statements.count)))] })
        .shuffled(using: &random)
      while heap.count > 1 {
        let (one, other) = (heap.remove(at: Int(random.below(UInt64(heap.count)))), heap.removeLast())
        heap.append(try one.merging(other))
        if run.isMultiple(of: 3) {
          let last = heap.removeLast()
          heap.append(try Deliberation.read(bytes: last.bytes, after: council.chain).deliberation)
        }
      }
      #expect(heap[0].bytes == whole.bytes, "seed \(seed), run \(run)")
    }
    #expect(try whole.merging(whole).bytes == whole.bytes)
  }

  @Test func isBoundedAndLosesNobodyHonest() throws {
    let (council, statements) = try Self.crowded(seed: 104)
    var whole = Deliberation(after: council.chain)
    for statement in statements { whole = try whole.merging(statement) }
    let liar = council.members[3]
    #expect(whole.ballots.count { $0.coalition == liar } == 2, "of four that it cast in one round")
    #expect(whole.promises.count { $0.coalition == liar } == 2, "of five that it made of one round")
    for ballot in council.known.ballots { #expect(whole.ballots.contains(ballot)) }
    for promise in council.known.promises { #expect(whole.promises.contains(promise)) }
  }

  @Test func isReadWholeOrInParts() throws {
    let (council, _) = try Self.crowded(seed: 105)
    let whole = council.known
    let (read, refused) = try Deliberation.read(bytes: whole.bytes, after: council.chain)
    #expect(read.bytes == whole.bytes && refused.isEmpty)
    #expect(read.proposals == whole.proposals && read.justification.allowed == whole.justification.allowed)
    for most in [1, 700, 2_000, 5_000, 1 << 20] {
      let parts = whole.parts(of: most)
      var together = Deliberation(after: council.chain)
      for part in parts {
        together = try together.merging(Deliberation.read(bytes: part, after: council.chain).deliberation)
      }
      #expect(together.bytes == whole.bytes, "\(most)")
      #expect(most < 1 << 20 || parts.count == 1)
    }
    #expect(Deliberation(after: council.chain).parts(of: 10).isEmpty)
  }

  @Test func oneBadStatementHoldsUpNoOther() throws {
    let (council, _) = try Self.crowded(seed: 106)
    var wire = try WireRosterDeliberation(serializedBytes: council.known.bytes)
    let stranger = try Council(seed: 107)
    wire.promises[0].signatures = []
    wire.promises.append(WireSigned())
    wire.ballots[0].vote.body = .init([0xff])
    wire.ballots[1].proposerVote = WireSigned()
    wire.rosters.append(try stranger.renamed("Elsewhere").signed.wire)
    let bytes: [UInt8] = try wire.serializedBytes()
    let (read, refused) = try Deliberation.read(bytes: bytes, after: council.chain)
    #expect(read.promises.count == council.known.promises.count - 1)
    #expect(read.ballots.count == council.known.ballots.count - 2)
    #expect(
      refused.map(\.code).sorted() == [
        "roster-order", "roster-promise-unreadable", "roster-statement-signature", "roster-vote-unreadable",
        "roster-vote-unreadable",
      ])
    let (elsewhere, all) = try Deliberation.read(bytes: council.known.bytes, after: stranger.chain)
    #expect(
      elsewhere.isEmpty
        && all.count == council.known.promises.count + council.known.ballots.count + council.known.rosterCount)
    #expect(
      problemCode { _ = try Deliberation.read(bytes: [0xff], after: council.chain) } == "roster-deliberation-unreadable"
    )
    #expect(problemCode { _ = try council.known.merging(stranger.known) } == "roster-statement-misplaced")
  }

  @Test func readsStatementsWithinLimits() throws {
    let (council, _) = try Self.crowded(seed: 108)
    let promise = try #require(council.known.promises.first)
    let vote = try #require(council.known.ballots.first?.vote)
    func promiseCode(_ change: (inout WireRosterPromise) -> Void) throws -> String? {
      var wire = try WireRosterPromise(serializedBytes: promise.signed.body)
      change(&wire)
      let body: [UInt8] = try wire.serializedBytes()
      return problemCode { _ = try RosterPromise(SignedObject(type: .rosterPromise, body: body, signatures: [])) }
    }
    let promises: [(String, (inout WireRosterPromise) -> Void)] = [
      ("alliance", { $0.alliance = .init([1]) }), ("roster", { $0.roster = 1 }),
      ("previous", { $0.previous = .init() }),
      ("coalition", { $0.coalition = "SE" }), ("round", { $0.clearRound() }), ("round 1", { $0.round.number = 1 }),
      ("round 65", { $0.round.number = 65 }), ("proposer", { $0.round.proposer = "" }),
      (
        "voted",
        {
          $0.voted = .init(repeating: 1, count: 32)
          $0.clearVotedRound()
        }
      ),
      (
        "voted in this round",
        {
          $0.votedRound = $0.round
          $0.voted = .init(repeating: 1, count: 32)
        }
      ),
      (
        "voted for nothing",
        {
          $0.votedRound.number = 1
          $0.votedRound.proposer = "no"
          $0.voted = .init()
        }
      ),
    ]
    #expect(try promiseCode { _ in } == nil)
    for (name, change) in promises { #expect(try promiseCode(change) == "roster-promise-unreadable", "\(name)") }
    func voteCode(_ change: (inout WireRosterVote) -> Void) throws -> String? {
      var wire = try WireRosterVote(serializedBytes: vote.signed.body)
      change(&wire)
      let body: [UInt8] = try wire.serializedBytes()
      return problemCode { _ = try RosterVote(SignedObject(type: .rosterVote, body: body, signatures: [])) }
    }
    let votes: [(String, (inout WireRosterVote) -> Void)] = [
      ("alliance", { $0.alliance = .init() }), ("roster", { $0.roster = 0 }),
      ("previous", { $0.previous = .init([1]) }),
      ("coalition", { $0.coalition = "s" }), ("round", { $0.clearRound() }), ("round 0", { $0.round.number = 0 }),
      ("proposal", { $0.proposal = .init([1]) }),
    ]
    #expect(try voteCode { _ in } == nil)
    for (name, change) in votes { #expect(try voteCode(change) == "roster-vote-unreadable", "\(name)") }
    let long = vote.signed.body + [0x9a, 0x06, 0x80, 0x40] + [UInt8](repeating: 0, count: 8_192)
    #expect(
      problemCode { _ = try RosterVote(SignedObject(type: .rosterVote, body: long, signatures: [])) }
        == "roster-vote-unreadable")
    let election = council.known.election
    let away = Justification.Promise(
      member: promise.coalition, round: .init(number: 2, proposer: try #require(CoalitionID("zz"))), latest: nil)
    let key = try #require(council.identities[promise.coalition])
    #expect(
      problemCode { _ = try election.check(RosterPromise.make(away, in: election, key: key)) }
        == "roster-statement-misplaced")
    let outsider = Justification.Promise(member: try #require(CoalitionID("fi")), round: promise.round, latest: nil)
    #expect(
      problemCode { _ = try election.check(RosterPromise.make(outsider, in: election, key: key)) } == "not-an-elector")
  }
}

extension Deliberation {
  fileprivate var rosterCount: Int { Set(ballots.map(\.roster.hash)).count }
}
