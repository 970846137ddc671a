internal import Alliance
internal import Replication
internal import Signing
internal import Wire

extension CouncilSimulation {
  // MARK: whenever it happens

  func checkInForce(_ bundle: RosterBundle, after before: Roster, at node: CouncilNode) throws {
    let roster = bundle.roster
    outcome.rosters = max(outcome.rosters, roster.number)
    if let known = inForce[roster.number], known != roster.hash {
      throw Report.Violation(
        check: .oneRoster, what: "\(node.coalition) puts another roster \(roster.number) in force than somebody else")
    }
    inForce[roster.number] = roster.hash
    // Counted by itself: of the members before, and of those it names.
    let rounds = Dictionary(grouping: bundle.votes.filter { $0.choice.proposal == roster.hash }, by: \.choice.round)
    let isQuorum = rounds.values.contains { votes in
      [before, roster].allSatisfy { electorate in
        let counted = electorate.members.filter { member in
          votes.contains { $0.coalition == member.coalition && $0.signed.isSigned(by: member.identityKey) }
        }
        let faults = (electorate.members.count - 1) / 3
        return 2 * counted.count >= electorate.members.count + faults + 1
      }
    }
    guard isQuorum else {
      throw Report.Violation(
        check: .rosterHasQuorum,
        what: "\(node.coalition) puts roster \(roster.number) in force by \(bundle.votes.count) votes")
    }
  }

  func checkKnown(_ known: Deliberation, at node: CouncilNode) throws {
    let number = known.election.number
    for proof in known.contradictions {
      outcome.contradictions += 1
      guard
        numbers[proof.coalition].map({ nodes[$0].isLiar }) ?? false
          || forgetful[number, default: []].contains(proof.coalition)
      else {
        throw Report.Violation(
          check: .honestIsConsistent, what: "\(node.coalition) sees a contradiction of an honest member: \(proof)")
      }
    }
    for promise in known.promises {
      outcome.highestRound = max(outcome.highestRound, promise.round.number)
      guard known.chain.newest.member(promise.coalition) != nil else {
        throw Report.Violation(
          check: .onlyMembersCount, what: "\(node.coalition) counts a promise of \(promise.coalition)")
      }
    }
    for ballot in known.ballots where known.chain.newest.member(ballot.coalition) == nil {
      guard ballot.roster.member(ballot.coalition) != nil else {
        throw Report.Violation(check: .onlyMembersCount, what: "\(node.coalition) counts a vote of \(ballot.coalition)")
      }
    }
  }

  // MARK: now and then

  func audit() throws {
    keepImage()
    guard !isTroubled else { return }
    if now < settings.troubledUntil + 120_000 {
      network.heal()
      for node in nodes { node.isAway = false }
    }
    let members = nodes.filter { $0.isUp && $0.disk.chain.newest.number == newest && $0.isMember }
    if now > settings.troubledUntil + 600_000, now > changedAt + 300_000 {
      guard let first = members.first else { return }
      for node in members where node.process?.next.digest != first.process?.next.digest {
        throw Report.Violation(
          check: .allKnowTheSame,
          what: "\(node.coalition) knows other things of the next roster than \(first.coalition)")
      }
    }
    isSettled = openText().isEmpty
  }

  private var newest: UInt32 { nodes.filter(\.isUp).map(\.disk.chain.newest.number).max() ?? 1 }

  /// What is not at an end; empty: nothing.
  func openText() -> String {
    guard let roster = nodes.first(where: { $0.isUp && $0.disk.chain.newest.number == newest })?.disk.chain.newest
    else {
      return "nobody is up"
    }
    for coalition in roster.coalitions {
      guard let number = numbers[coalition], nodes[number].isUp else { return "\(coalition) is down" }
      let node = nodes[number]
      guard node.disk.chain.newest.number == newest else {
        return "\(coalition) has roster \(node.disk.chain.newest.number), others \(newest)"
      }
      if let known = node.known, !known.proposals.isEmpty {
        return
          "roster \(newest + 1) is proposed and not decided: \(known.ballots.map { "\($0.coalition) \($0.choice)" })"
      }
    }
    return ""
  }
}
