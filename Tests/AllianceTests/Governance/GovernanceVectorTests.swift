import Alliance
import AllianceBench
import RepositoryFiles
import Signing
import Testing
import Wire

/// Later rosters, promises, votes and what they allow, as another implementation worked them out.
@Suite struct GovernanceVectorTests {
  private func founded(_ text: String) throws -> RosterChain {
    try RosterChain(first: AllianceFile.read(text: text, file: "alliance").0.roster)
  }

  @Test func rosters() throws {
    struct Vectors: Decodable {
      struct Step: Decodable {
        let number: UInt32
        let hash: String
        let members: [String]
        let bundle: String
      }
      struct Case: Decodable {
        let name: String
        let after: Int
        let code: String?
        let bundle: String
      }
      let allianceFile: String
      let alliance: String
      let chain: [Step]
      let cases: [Case]
    }
    let vectors = try RepositoryFiles.vectors("roster-chain", as: Vectors.self)
    func bundle(_ hexadecimal: String) throws -> RosterBundle {
      try RosterBundle(bytes: #require(Hexadecimal.decode(hexadecimal)))
    }
    var chain = try founded(vectors.allianceFile)
    #expect(chain.alliance.hex == vectors.alliance)
    var chains = [chain]
    for step in vectors.chain {
      chain = try chain.appending(bundle(step.bundle))
      #expect(chain.newest.number == step.number && chain.newest.hash.hex == step.hash)
      #expect(chain.newest.coalitions.map(\.rawValue) == step.members)
      chains.append(chain)
    }
    for vector in vectors.cases {
      let code = problemCode { _ = try chains[vector.after].appending(bundle(vector.bundle)) }
      #expect(code == vector.code, "\(vector.name)")
    }
  }

  @Test func promisesAndVotes() throws {
    struct Vectors: Decodable {
      struct Statement: Decodable {
        let name: String
        let code: String?
        let signed: String
        let hash: String
      }
      struct Said: Decodable {
        let promise: UInt32
        let voteRound: UInt32
        let vote: String
      }
      struct Pair: Decodable {
        let first: Said
        let second: Said
        let proof: Bool
      }
      let allianceFile: String
      let roster: String
      let promises: [Statement]
      let votes: [Statement]
      let contradictions: [Pair]
    }
    let vectors = try RepositoryFiles.vectors("roster-statement", as: Vectors.self)
    let chain = try founded(vectors.allianceFile)
    let election = chain.election
    let body = try #require(Hexadecimal.decode(vectors.roster))
    let roster = try Roster(SignedObject(type: .roster, body: body, signatures: []))
    for vector in vectors.promises {
      let signed = try SignedVector.object(vector.signed, .rosterPromise)
      #expect(signed.hash.hex == vector.hash, "\(vector.name)")
      #expect(problemCode { _ = try election.check(RosterPromise(signed)) } == vector.code, "\(vector.name)")
    }
    for vector in vectors.votes {
      let signed = try SignedVector.object(vector.signed, .rosterVote)
      #expect(signed.hash.hex == vector.hash, "\(vector.name)")
      #expect(problemCode { _ = try election.check(RosterVote(signed), for: roster) } == vector.code, "\(vector.name)")
    }
    let no = try #require(CoalitionID("no"))
    let key = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    func statement(_ said: Vectors.Said) throws -> RosterStatement {
      let choice = ObjectHash(hex: said.vote).map {
        RosterChoice(round: RosterRound(number: said.voteRound, proposer: no), proposal: $0)
      }
      if said.promise > 0 {
        let round = RosterRound(number: said.promise, proposer: no)
        return .promise(try RosterPromise.make(.init(member: no, round: round, latest: choice), in: election, key: key))
      }
      return .vote(try RosterVote.make(try #require(choice), of: no, in: election, keys: [key]))
    }
    for pair in vectors.contradictions {
      let proof = RosterContradiction(try statement(pair.first), try statement(pair.second))
      #expect((proof != nil) == pair.proof, "\(pair)")
    }
  }

  @Test func decisions() throws {
    struct Vectors: Decodable {
      /// Round number, proposer, number of the roster.
      struct Choice: Decodable {
        let round: RosterRound
        let number: UInt8

        init(from decoder: any Decoder) throws {
          var values = try decoder.unkeyedContainer()
          round = RosterRound(number: try values.decode(UInt32.self), proposer: try values.decode(CoalitionID.self))
          number = values.isAtEnd ? 0 : try values.decode(UInt8.self)
        }

        var choice: RosterChoice { RosterChoice(round: round, proposal: ObjectHash(sha256: [number])) }
      }
      struct Promise: Decodable {
        let member: CoalitionID
        let round: Choice
        let latest: Choice?
      }
      struct Case: Decodable {
        let members: Int
        let promises: [Promise]
        let proposals: [Choice]
        let allowed: [Choice]
        let round: Choice
        let free: Bool
        let repeats: [UInt8]
      }
      let quorums: [String: Int]
      let cases: [Case]
    }
    let vectors = try RepositoryFiles.vectors("roster-decision", as: Vectors.self)
    for (members, size) in vectors.quorums { #expect(Quorum(of: try #require(Int(members))).size == size) }
    let first = RosterRound(number: 1, proposer: try #require(CoalitionID("aa")))
    for (number, vector) in vectors.cases.enumerated() {
      let justification = Justification(
        quorum: Quorum(of: vector.members), first: first,
        promises: vector.promises.map { .init(member: $0.member, round: $0.round.round, latest: $0.latest?.choice) },
        proposals: vector.proposals.map(\.choice))
      #expect(justification.allowed == Set(vector.allowed.map(\.choice)), "case \(number)")
      let answer = justification.answer(for: vector.round.round)
      let expected = Justification.Answer(
        isFree: vector.free, repeats: Set(vector.repeats.map { ObjectHash(sha256: [$0]) }))
      #expect(answer == expected, "case \(number)")
    }
  }
}
