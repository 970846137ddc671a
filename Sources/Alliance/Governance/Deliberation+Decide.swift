internal import Signing
public import Wire

extension Deliberation {
  /// Which proposals may be voted for.
  public var justification: Justification {
    Justification(
      quorum: election.quorum, first: election.first, promises: promisesByPlace.values.joined().map(\.claim),
      proposals: proposals)
  }

  /// The roster that comes next, with the votes of the lowest round that decided it; nil while it is open.
  public var decided: RosterBundle? {
    let byChoice = Dictionary(grouping: ballotsByPlace.values.joined(), by: \.choice)
    for (_, ballots) in byChoice.sorted(by: { $0.key < $1.key }) {
      guard let roster = ballots.first?.roster else { continue }
      let votes = ballots.map(\.vote).sorted { $0.coalition < $1.coalition }
      if election.isDecided(roster, by: votes) { return RosterBundle(roster: roster, votes: votes) }
    }
    return nil
  }

  /// One proof for each member that signed what no honest signer signs, sorted by coalition.
  public var contradictions: [RosterContradiction] {
    var statements: [CoalitionID: [RosterStatement]] = [:]
    for promise in promises { statements[promise.coalition, default: []].append(.promise(promise)) }
    for ballot in ballots {
      for vote in [ballot.vote, ballot.proposerVote] {
        // A newcomer's key, or a member's next one, decides nothing that could be contradicted.
        guard let key = election.electors[vote.coalition], vote.signed.isSigned(by: key) else { continue }
        statements[vote.coalition, default: []].append(.vote(vote))
      }
    }
    return statements.sorted { $0.key < $1.key }.compactMap { RosterContradiction(in: $0.value) }
  }

  /// The highest number that a new round may have: one more than what the lower members of a quorum have got to. A few who
  /// run ahead cannot use up the numbers.
  public var highestOpen: UInt32 {
    var reached: [CoalitionID: UInt32] = [:]
    for member in election.electors.keys { reached[member] = 1 }
    for place in Array(promisesByPlace.keys) + Array(ballotsByPlace.keys) where reached[place.member] != nil {
      reached[place.member] = max(reached[place.member] ?? 1, place.round.number)
    }
    let sorted = reached.values.sorted()
    return min(RosterRound.last, sorted[min(election.quorum.size, sorted.count) - 1] + 1)
  }

  /// The round that a member may open now.
  public func nextRound(of proposer: CoalitionID) -> RosterRound {
    RosterRound(number: highestOpen, proposer: proposer)
  }
}
