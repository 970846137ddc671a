internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// People with identity keys: they vote for what may be voted for, promise what others open, propose what they wish, and open a round
/// where nothing moves.
extension CouncilSimulation {
  /// For which nothing moves before somebody opens another round.
  private static let patience: UInt64 = 1_200_000

  func visit(_ node: CouncilNode) throws {
    guard node.isUp, !node.isAway else { return }
    try operate(node)
    if node.isUp { try releaseRecords(at: node) }
    guard node.isUp, node.isMember, let known = node.known else { return }
    try handAgain(to: node)
    if node.isLiar, isTroubled, try lie(node, known) { return }
    guard let identity = node.elector else {
      return trace.note("\(node.coalition) has not the identity key of roster \(node.roster.number)", at: now)
    }
    guard var signer = signer(of: node) else { return }
    for statement in signer.released { try release(statement, node) }
    guard let known = node.known, known.election == signer.election else { return }
    if node.wish == nil { node.wish = try wish(of: node) }
    guard let act = try act(of: node, known) else { return }
    // Whoever dies here has said nothing.
    let (diesUnkept, diesUnsaid) = (isTroubled && random.happens(oneIn: 12), isTroubled && random.happens(oneIn: 12))
    let bytes: [UInt8]
    do throws(Problem) {
      bytes =
        switch act {
        case .vote(let choice): try signer.vote(for: choice, knowing: known, identities: [identity])
        case .promise(let round): try signer.promise(round, knowing: known, identity: identity)
        case .propose(let roster, let round):
          try signer.propose(roster, in: round, knowing: known, identities: [identity])
        }
    } catch {
      return trace.note("\(node.coalition) cannot sign: \(error.code)", at: now)
    }
    trace.note("\(node.coalition) signs: \(act) for roster \(known.election.number)", at: now)
    if diesUnkept { return try crash(node) }
    (node.olderPledge, node.pledge) = (node.pledge, bytes)
    if diesUnsaid { return try crash(node) }
    guard let statement = signer.kept() else { return }
    outcome.statements += 1
    node.movedAt = now
    if isTroubled, case .vote = statement, random.happens(oneIn: 12) { try begin(.cutOff(node.index)) }
    try release(statement, node)
  }

  /// What was signed so far, from beside the key; if that is lost, only once a quorum has shown what it knows.
  private func signer(of node: CouncilNode) -> RosterSigner? {
    if let pledge = node.pledge {
      do {
        return try RosterSigner(node.coalition, after: node.chain, kept: pledge)
      } catch {
        trace.note("\(node.coalition) cannot sign: \(error)", at: now)
        return nil
      }
    }
    let heard = node.machine.process?.puller.deliberationHeard.count ?? 0
    guard heard >= node.chain.election.quorum.size - 1 else {
      trace.note("\(node.coalition) has lost what it signed, and hears \(heard) others", at: now)
      return nil
    }
    return try? RosterSigner(node.coalition, after: node.chain, kept: nil)
  }

  private func release(_ statement: RosterSigner.Statement, _ node: CouncilNode) throws {
    guard node.isUp else { return }
    var said = Deliberation(after: node.chain)
    switch statement {
    case .promise(let promise): try? said.add(promise)
    case .vote(let ballot): try? said.add(ballot)
    }
    try unite(said, at: node)
  }

  private enum Act: CustomStringConvertible {
    case vote(RosterChoice)
    case promise(RosterRound)
    case propose(Roster, RosterRound)

    var description: String {
      switch self {
      case .vote(let choice): "vote \(choice)"
      case .promise(let round): "promise \(round)"
      case .propose(let roster, let round): "propose \(roster.hash.hex.prefix(12)) in \(round)"
      }
    }
  }

  private func act(of node: CouncilNode, _ known: Deliberation) throws -> Act? {
    let justification = known.justification
    let voted = Dictionary(
      known.ballots.filter { $0.coalition == node.coalition }.map { ($0.choice.round, $0.choice.proposal) }
    ) { first, _ in first }
    let promised = known.promises.filter { $0.coalition == node.coalition }.map(\.round)
    let pledged = (promised + voted.keys).max()
    let choices = known.proposals.filter { choice in
      // The signer has the last word; who signs here does not ask for what it refuses.
      let isAbove = pledged.map { $0 <= choice.round } ?? true
      // Who goes would know the hash key that comes with its own proposal.
      let stays = known.roster(choice.proposal)?.member(choice.round.proposer) != nil || planted(.removedMakesKey)
      return stays && justification.allows(choice) && voted[choice.round] == nil
        && (isAbove || planted(.votesBelowPromise))
        && hasNewcomers(of: choice, node, known)
    }
    if let choice = choices.max() { return .vote(choice) }
    let opened = Set(known.promises.map(\.round)).filter {
      $0.number <= known.highestOpen && (pledged ?? known.election.first) < $0
    }
    if let round = opened.max() { return .promise(round) }
    if let own = pledged, own.proposer == node.coalition, own != known.election.first, voted[own] == nil {
      let answer = justification.answer(for: own)
      if answer.isFree { return .propose(try roster(wishedBy: node), own) }
      if let hash = answer.repeats.sorted().first, let roster = known.roster(hash),
        roster.member(node.coalition) != nil || planted(.removedMakesKey)
      {
        return .propose(roster, own)
      }
    }
    if known.election.first.proposer == node.coalition, pledged == nil, node.wish != nil {
      return .propose(try roster(wishedBy: node), known.election.first)
    }
    let isWaiting = !known.proposals.isEmpty || (node.wish != nil && !known.isEmpty)
    // Each by what it sees: who is cut off moves on by itself.
    let isStuck = isWaiting && now > node.movedAt + Self.patience
    guard isStuck || (node.wish != nil && known.isEmpty) else { return nil }
    return .promise(known.nextRound(of: node.coalition))
  }

  /// Nobody votes for somebody whose records are not here.
  private func hasNewcomers(of choice: RosterChoice, _ node: CouncilNode, _ known: Deliberation) -> Bool {
    guard let roster = known.roster(choice.proposal), let next = node.next else { return false }
    return roster.coalitions.allSatisfy {
      node.chain.newest.member($0) != nil || next.candidates[$0] != nil
    }
  }

  func roster(wishedBy node: CouncilNode) throws -> Roster {
    var change = RosterChange()
    change.allianceName = "Alliance \(random.below(1_000))"
    if let wished = node.wish, let roster = try? node.chain.next(wished, issuedAt: 5) { return roster }
    return try node.chain.next(change, issuedAt: 5)
  }
}
