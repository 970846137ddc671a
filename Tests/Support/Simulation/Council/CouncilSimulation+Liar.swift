internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// A member that lies about rosters.
extension CouncilSimulation {
  /// Votes for everything in a round, denies it in promises, and proposes two rosters, each to somebody else.
  func lie(_ node: CouncilNode, _ known: Deliberation) throws -> Bool {
    guard let identity = node.elector else { return false }
    let election = known.election
    let rounds = Set(known.proposals.map(\.round))
    switch random.below(4) {
    case 0:
      guard let round = rounds.max() else { return false }
      for choice in known.proposals.filter({ $0.round == round }).sorted() {
        try say(
          choice, known.ballots.first { $0.choice == choice }?.proposerVote, known.roster(choice.proposal), node, node)
      }
    case 1:
      let round = known.nextRound(of: node.coalition)
      let promise = try RosterPromise.make(
        .init(member: node.coalition, round: round, latest: nil), in: election, key: identity)
      var said = Deliberation(after: node.chain)
      try? said.add(promise)
      try unite(said, at: node)
    case 2:
      let own = rounds.union([election.first]).union(known.promises.map(\.round)).filter {
        $0.proposer == node.coalition
      }
      guard let round = own.max() else { return false }
      let others = nodes.filter { $0 !== node && $0.isUp && $0.known?.election == election }
      guard !others.isEmpty else { return false }
      for listener in [node, others[Int(random.below(UInt64(others.count)))]] {
        node.wish = nil
        let roster = try roster(wishedBy: node)
        try say(RosterChoice(round: round, proposal: roster.hash), nil, roster, node, listener)
      }
    default: return false
    }
    return true
  }

  private func say(
    _ choice: RosterChoice, _ proposal: RosterVote?, _ roster: Roster?, _ node: CouncilNode, _ listener: CouncilNode
  ) throws {
    guard let identity = node.elector else { return }
    let vote = try RosterVote.make(choice, of: node.coalition, in: node.chain.election, keys: [identity])
    guard let roster,
      let ballot = try? Ballot(vote: vote, proposerVote: proposal ?? vote, roster: roster, in: node.chain)
    else { return }
    var said = Deliberation(after: node.chain)
    try? said.add(ballot)
    try unite(said, at: listener)
  }
}
