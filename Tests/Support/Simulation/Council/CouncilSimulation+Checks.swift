internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

extension CouncilSimulation {
  // MARK: whenever it happens

  func checkInForce(_ bundle: RosterBundle, after before: Roster, at node: CouncilNode) throws {
    let roster = bundle.roster
    outcome.rosters = max(outcome.rosters, roster.number)
    if let known = rosters[roster.number], known.hash != roster.hash {
      throw Report.Violation(
        check: .oneRoster, what: "\(node.coalition) puts another roster \(roster.number) in force than somebody else")
    }
    if rosters[roster.number] == nil { noteFirst(roster, after: before) }
    try checkHashKeys(of: node)
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

  /// For the report.
  private func noteFirst(_ roster: Roster, after before: Roster) {
    rosters[roster.number] = roster
    outcome.hashKeys = roster.hashKeys.count
    outcome.closedKeys = roster.hashKeys.count { $0.closes > 0 }
    outcome.removals += before.coalitions.count { roster.member($0) == nil }
    outcome.returns += roster.coalitions.count { before.member($0) == nil && roster.retiredEpoch(of: $0) > 0 }
    for member in roster.members {
      guard let earlier = before.member(member.coalition), earlier.identityKey != member.identityKey,
        let number = numbers[member.coalition]
      else { continue }
      outcome.identities += 1
      nodes[number].isRobbed = false
      trace.note("roster \(roster.number) gives \(member.coalition) another identity key", at: now)
      for minute: UInt64 in [1, 5, 20, 60] { agenda.plan(.thief(number), at: now + minute * 60_000) }
    }
  }

  // MARK: now and then

  func audit() throws {
    keepImage()
    for node in nodes where node.isUp {
      try checkStored(at: node)
      try checkIdentities(at: node)
      try checkListings(at: node)
      try letHeldRecordsPass(at: node)
      for coalition in node.roster.coalitions { try checkRecords(of: coalition, at: node) }
    }
    let node = nodes[Int(random.below(UInt64(nodes.count)))]
    if node.isUp { for coalition in node.roster.coalitions { try checkPosition(of: coalition, at: node) } }
    guard !isTroubled else { return }
    if now < settings.troubledUntil + 120_000 {
      network.heal()
      for node in nodes {
        node.isAway = false
        node.machine.disk.isFull = false
        node.machine.crashesAt = nil
      }
    }
    let members = nodes.filter { $0.isUp && $0.roster.number == newest && $0.isMember }
    if now > settings.troubledUntil + 600_000, now > changedAt + 300_000 {
      guard let first = members.first else { return }
      for node in members where node.next?.digest != first.next?.digest {
        throw Report.Violation(
          check: .allKnowTheSame,
          what: "\(node.coalition) knows other things of the next roster than \(first.coalition)")
      }
    }
    isSettled = openText().isEmpty
  }

  var newest: UInt32 { nodes.filter(\.isUp).map(\.roster.number).max() ?? 1 }

  /// What is not at an end; empty: nothing.
  func openText() -> String {
    guard let roster = nodes.first(where: { $0.isUp && $0.roster.number == newest })?.roster else {
      return "nobody is up"
    }
    let members = nodes.filter { roster.member($0.coalition) != nil }
    for node in members {
      guard node.isUp else { return "\(node.coalition) is down" }
      guard node.roster.number == newest else {
        return "\(node.coalition) has roster \(node.roster.number), others \(newest)"
      }
      guard node.elector != nil else { return "\(node.coalition) has no identity key" }
      if let known = node.known, !known.proposals.isEmpty {
        return
          "roster \(newest + 1) is proposed and not decided: \(known.ballots.map { "\($0.coalition) \($0.choice)" })"
      }
      guard let gate = node.machine.process?.gate, gate.isOpen else {
        return "\(node.coalition) does not sign: \(node.machine.process.map { "\($0.gate.state)" } ?? "")"
      }
      if node.isRobbed { return "somebody else has the identity key of \(node.coalition)" }
      let held = node.heldRecords
      if !held.isEmpty { return "\(node.coalition) holds records of \(held)" }
      if let open = openListings(of: node) { return open }
      guard !node.machine.wantsHead else { return "\(node.coalition) has not signed what is queued" }
    }
    for holder in members {
      for author in members {
        let (there, here) = (author.head(of: author.coalition), holder.head(of: author.coalition))
        guard there == here else {
          return
            "\(holder.coalition) holds \(here.map { "\($0)" } ?? "nothing of \(author.coalition)"), not \(there.map { "\($0)" } ?? "nothing")"
        }
      }
      let receipts = Set(holder.machine.disk.state.receipts.map(\.receipt.coalition))
      guard receipts == Set(roster.coalitions) else { return "\(holder.coalition) has not everyone's receipt" }
    }
    return ""
  }
}
