internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// People with identity keys: they vote for what may be voted for, promise what others open, propose what they wish, and open a round
/// where nothing moves.
extension CouncilSimulation {
  private static let patience: UInt64 = 1_800_000

  func visit(_ node: CouncilNode) throws {
    guard node.isUp, !node.isAway, node.isMember, let known = node.known else { return }
    if node.isLiar, isTroubled, try lie(node, known) { return }
    guard var signer = signer(of: node) else { return }
    for statement in signer.released { try release(statement, node) }
    guard let known = node.known, known.election == signer.election else { return }
    if node.wish == nil, isTroubled, random.happens(oneIn: 4) { node.wish = try wish(of: node) }
    guard let act = try act(of: node, known) else { return }
    // Whoever dies here has said nothing.
    let (diesUnkept, diesUnsaid) = (isTroubled && random.happens(oneIn: 12), isTroubled && random.happens(oneIn: 12))
    let bytes: [UInt8]
    do throws(Problem) {
      bytes =
        switch act {
        case .vote(let choice): try signer.vote(for: choice, knowing: known, identities: [node.identity])
        case .promise(let round): try signer.promise(round, knowing: known, identity: node.identity)
        case .propose(let roster, let round):
          try signer.propose(roster, in: round, knowing: known, identities: [node.identity])
        }
    } catch {
      return trace.note("\(node.coalition) cannot sign: \(error.code)", at: now)
    }
    if diesUnkept { return crash(node) }
    node.pledge = bytes
    if diesUnsaid { return crash(node) }
    guard let statement = signer.kept() else { return }
    outcome.statements += 1
    node.movedAt = now
    try release(statement, node)
  }

  /// What was signed so far, from beside the key; if that is lost, only once a quorum has shown what it knows.
  private func signer(of node: CouncilNode) -> RosterSigner? {
    if let pledge = node.pledge { return try? RosterSigner(node.coalition, after: node.disk.chain, kept: pledge) }
    let heard = node.process?.puller.deliberationHeard.count ?? 0
    guard heard >= node.disk.chain.election.quorum.size - 1 else { return nil }
    return try? RosterSigner(node.coalition, after: node.disk.chain, kept: nil)
  }

  private func release(_ statement: RosterSigner.Statement, _ node: CouncilNode) throws {
    guard node.isUp else { return }
    var said = Deliberation(after: node.disk.chain)
    switch statement {
    case .promise(let promise): try? said.add(promise)
    case .vote(let ballot): try? said.add(ballot)
    }
    try unite(said, at: node)
  }

  private enum Act {
    case vote(RosterChoice)
    case promise(RosterRound)
    case propose(Roster, RosterRound)
  }

  private func act(of node: CouncilNode, _ known: Deliberation) throws -> Act? {
    let justification = known.justification
    let voted = Dictionary(
      known.ballots.filter { $0.coalition == node.coalition }.map { ($0.choice.round, $0.choice.proposal) }
    ) { first, _ in first }
    let promised = known.promises.filter { $0.coalition == node.coalition }.map(\.round)
    let pledged = (promised + voted.keys).max()
    let choices = known.proposals.filter { choice in
      justification.allows(choice) && voted[choice.round] == nil && (pledged.map { $0 <= choice.round } ?? true)
        && hasNewcomers(of: choice, node, known)
    }
    if let choice = choices.max() { return .vote(choice) }
    let opened = Set(known.promises.map(\.round)).filter {
      $0.number <= known.highestOpen && (pledged ?? known.election.first) < $0
    }
    if let round = opened.max() { return .promise(round) }
    if let own = pledged, own.proposer == node.coalition, own != known.election.first, voted[own] == nil {
      let answer = justification.answer(for: own)
      if let hash = answer.repeats.sorted().first, let roster = known.roster(hash) { return .propose(roster, own) }
      if answer.isFree { return .propose(try roster(wishedBy: node), own) }
    }
    if known.election.first.proposer == node.coalition, pledged == nil, node.wish != nil {
      return .propose(try roster(wishedBy: node), known.election.first)
    }
    let isStuck = !known.proposals.isEmpty && now > max(node.movedAt, changedAt) + Self.patience
    guard isStuck || (node.wish != nil && known.isEmpty) else { return nil }
    return .promise(known.nextRound(of: node.coalition))
  }

  /// Nobody votes for somebody whose records are not here.
  private func hasNewcomers(of choice: RosterChoice, _ node: CouncilNode, _ known: Deliberation) -> Bool {
    guard let roster = known.roster(choice.proposal), let next = node.process?.next else { return false }
    return roster.coalitions.allSatisfy {
      node.disk.chain.newest.member($0) != nil || next.candidates[$0] != nil
    }
  }

  private func roster(wishedBy node: CouncilNode) throws -> Roster {
    var change = RosterChange()
    change.allianceName = "Alliance \(random.below(1_000))"
    if let wished = node.wish, let roster = try? node.disk.chain.next(wished, issuedAt: 5) { return roster }
    return try node.disk.chain.next(change, issuedAt: 5)
  }

  private func wish(of node: CouncilNode) throws -> RosterChange {
    var change = RosterChange()
    let members = node.disk.chain.newest.coalitions
    let outside = nodes.filter { !members.contains($0.coalition) }
    switch random.below(4) {
    case 0 where !outside.isEmpty:
      let newcomer = outside[Int(random.below(UInt64(outside.count)))]
      change.admits = [newcomer.record]
      // Whoever proposes it was sent its card.
      node.disk.records += [newcomer.record]
    case 1 where members.count > 4:
      change.removes = [members[Int(random.below(UInt64(members.count)))]: 1]
      change.hashKey = ObjectHash(sha256: random.bytes(32))
    default: change.allianceName = "Alliance \(random.below(1_000))"
    }
    return change
  }

  // MARK: one who lies

  /// Votes for everything in a round, denies it in promises, and proposes two rosters, each to somebody else.
  private func lie(_ node: CouncilNode, _ known: Deliberation) throws -> Bool {
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
        .init(member: node.coalition, round: round, latest: nil), in: election, key: node.identity)
      var said = Deliberation(after: node.disk.chain)
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
    let vote = try RosterVote.make(
      choice, of: node.coalition, in: node.disk.chain.election, keys: [node.identity])
    guard let roster,
      let ballot = try? Ballot(vote: vote, proposerVote: proposal ?? vote, roster: roster, in: node.disk.chain)
    else { return }
    var said = Deliberation(after: node.disk.chain)
    try? said.add(ballot)
    try unite(said, at: listener)
  }
}
