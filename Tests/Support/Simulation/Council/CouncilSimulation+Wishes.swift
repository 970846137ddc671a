internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// What people want the next roster to change: newcomers, removals, who comes back, new identity keys, names.
extension CouncilSimulation {
  /// - Returns: nil if it wants nothing now.
  func wish(of node: CouncilNode) throws -> RosterChange? {
    // Whose identity key is lost asks the others for a new one, until it has it.
    let lost = nodes.first { ($0.identity == nil || $0.isRobbed) && node.roster.member($0.coalition) != nil }
    if let lost { return random.happens(oneIn: 2) ? try newIdentity(of: lost, by: node) : nil }
    guard isTroubled else { return closing(by: node) }
    guard random.happens(oneIn: 4) else { return nil }
    let members = node.roster.coalitions
    let outside = nodes.filter { !members.contains($0.coalition) }
    switch random.below(10) {
    case 0, 1, 2:
      // Who was a member comes first: a return tries more than an admission does.
      let former = outside.filter { !node.chain.tenures(of: $0.coalition).isEmpty }
      let wanted = former.isEmpty ? outside : former
      guard !wanted.isEmpty else { break }
      return try admission(of: wanted[Int(random.below(UInt64(wanted.count)))], by: node)
    case 3, 4:
      // With a liar four must stay, so that it is one of those who may lie; without one, three.
      let liars = nodes.count { $0.isLiar && members.contains($0.coalition) }
      guard members.count > (liars > 0 ? 4 : 3) else { break }
      // Who proposes it makes the new hash key, and who goes must not know that.
      let others = members.filter { $0 != node.coalition || planted(.removedMakesKey) }
      let gone = others[Int(random.below(UInt64(others.count)))]
      var change = RosterChange()
      change.removes = [gone: node.machine.membership.record(of: gone)?.epochs.last?.number ?? 1]
      change.hashKey = proposeHashKey(node)
      return change
    case 5:
      let other = members[Int(random.below(UInt64(members.count)))]
      if let number = numbers[other], !nodes[number].isLiar, nodes.allSatisfy({ $0.identity != nil && !$0.isRobbed }) {
        return try newIdentity(of: nodes[number], by: node)
      }
    case 6:
      var change = RosterChange()
      change.hashKey = proposeHashKey(node)
      return change
    case 7, 8: if let change = closing(by: node) { return change }
    default: break
    }
    var change = RosterChange()
    change.allianceName = "Alliance \(random.below(1_000))"
    return change
  }

  /// With the card of a newcomer, or all records of who comes back, as it sends them.
  private func admission(of other: CouncilNode, by node: CouncilNode) throws -> RosterChange? {
    var change = RosterChange()
    let isNew = node.chain.tenures(of: other.coalition).isEmpty
    let records = isNew ? [other.card] : other.machine.membership.chains[other.coalition]?.records ?? []
    guard let newest = records.last else { return nil }
    change.admits = [newest]
    if !isNew {
      other.isDefiant = false
      // Its records name the key that signed them; another one is sent as a card.
      let key = try other.identity?.verifyingKey ?? nextIdentity(of: other).verifyingKey
      if key != newest.identityKey { change.identityKeys[other.coalition] = key }
    }
    return try hand(records, to: node) ? change : nil
  }

  /// Sends the proposer once more the records of those whom it proposes: its store may have lost them.
  func handAgain(to node: CouncilNode) throws {
    guard let known = node.known, let next = node.next else { return }
    let own = known.ballots.filter { $0.choice.round.proposer == node.coalition }.flatMap(\.roster.coalitions)
    for coalition in Set(own).sorted() where known.candidatePins[coalition] != nil && next.candidates[coalition] == nil
    {
      guard let number = numbers[coalition] else { continue }
      let records = nodes[number].machine.membership.chains[coalition]?.records ?? []
      if try hand([nodes[number].card] + records, to: node) { try unite(Deliberation(after: node.chain), at: node) }
    }
  }

  private func newIdentity(of other: CouncilNode, by node: CouncilNode) throws -> RosterChange? {
    // With the card it sends its newest record: what it signed above the pin would count for nothing.
    let records = other.machine.membership.chains[other.coalition]?.records ?? []
    let pinned = node.roster.member(other.coalition)?.recordNumber ?? 1
    let own = records.last { $0.hash == other.ownRecord.hash && $0.number >= pinned }
    guard let newest = settling(other) ?? own ?? records.last,
      try hand(other.machine.records.filter { $0.coalition == other.coalition }, to: node)
    else { return nil }
    var change = RosterChange()
    change.identityKeys[other.coalition] = try nextIdentity(of: other).verifyingKey
    change.pins = [newest]
    return change
  }

  /// Of two records of one number its own, if one of them is; else either.
  private func settling(_ node: CouncilNode) -> MemberRecord? {
    guard let conflict = node.machine.membership.conflicts[node.coalition] else { return nil }
    return conflict.records.first { $0.hash == node.ownRecord.hash } ?? conflict.first
  }

  private func nextIdentity(of node: CouncilNode) throws -> SigningKey {
    let key = try SigningKey(seed: random.bytes(32))
    node.cards.append(key)
    trace.note("\(node.coalition) gives away a card with another identity key", at: now)
    return key
  }

  /// Whether somebody wants or has proposed another identity key for it: it then signs no records with the one that it has.
  func awaitsIdentity(_ node: CouncilNode) -> Bool {
    let newest = nodes.max { $0.roster.number < $1.roster.number }?.roster
    if let member = newest?.member(node.coalition), member.identityKey != node.identity?.verifyingKey { return true }
    return nodes.contains { other in
      guard other.roster.number >= node.roster.number else { return false }
      if other.wish?.identityKeys[node.coalition] != nil { return true }
      let key = other.roster.member(node.coalition)?.identityKey
      return proposed(at: other).contains { $0.member(node.coalition).map { $0.identityKey != key } ?? false }
    }
  }

  /// Whether somebody wants or has proposed a roster that needs more of those who stay than this one: newcomers, and those who get
  /// another identity key, have no voice among the members to come.
  func needsEverybody() -> Bool {
    electors.contains { other in
      if let wish = other.wish, !wish.admits.isEmpty || !wish.identityKeys.isEmpty { return true }
      return proposed(at: other).contains { roster in
        roster.members.contains { other.roster.member($0.coalition)?.identityKey != $0.identityKey }
      }
    }
  }

  /// Members who know the newest roster: what others have said is about one that is decided.
  private var electors: [CouncilNode] {
    let newest = nodes.map(\.roster.number).max() ?? 1
    return nodes.filter { $0.roster.number == newest && $0.isMember }
  }

  private func proposed(at node: CouncilNode) -> [Roster] {
    let known = node.known ?? (try? Deliberation.read(bytes: node.said, after: node.chain).deliberation)
    return known?.ballots.map(\.roster) ?? []
  }

  /// - Returns: false if the disk is full.
  private func hand(_ records: [MemberRecord], to node: CouncilNode) throws -> Bool {
    let known = Set(node.machine.records.map(\.hash))
    do {
      try node.machine.disk.write { try $0.save(records.filter { !known.contains($0.hash) }) }
      return true
    } catch let problem as Problem where problem.code == "disk-full" { return false }
  }

  /// Somebody who has got hold of an identity key that is no longer one signs a record with it, and shows it to a member.
  func signWithOldIdentity(of node: CouncilNode) throws {
    let victim = nodes[Int(random.below(UInt64(nodes.count)))]
    guard let old = node.oldIdentity, victim !== node, victim.isUp,
      victim.roster.member(node.coalition)?.identityKey == node.identity?.verifyingKey,
      let last = victim.machine.membership.record(of: node.coalition)
    else { return }
    let record = try last.next(
      RecordChange(endpoints: ["elsewhere.example.org:7473"]), in: victim.machine.membership.alliance, identity: old)
    var events: [Puller.Event] = []
    try keep([record], of: node.coalition, victim, &events)
    for event in events { try feed(event, to: victim) }
    try checkIdentities(at: victim)
  }
}
