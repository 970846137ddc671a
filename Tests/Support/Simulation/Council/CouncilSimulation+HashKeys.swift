internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// Who opens hash keys, who has them, and when they are closed.
extension CouncilSimulation {
  func note(_ key: HashKeyMaterial) {
    for (seller, digest) in key.digests.enumerated() { sellers[digest] = seller }
  }

  /// Makes a key for the next roster, kept in a file of its own until the roster brings it.
  func proposeHashKey(_ node: CouncilNode) -> ObjectHash? {
    let epoch = UInt32(node.roster.hashKeys.count + 1)
    guard let key = HashKeyMaterial(epoch: epoch, nonce: random.bytes(32), bytes: random.bytes(32)) else { return nil }
    note(key)
    node.proposedHashKeys[key.commitment.commitment] = key
    return key.commitment.commitment
  }

  /// What a full disk kept from being taken when the roster came is taken as soon as there is room.
  func takeProposedHashKeys(_ node: CouncilNode) throws {
    guard !node.proposedHashKeys.isEmpty, node.isUp, !node.machine.disk.isFull else { return }
    let missing = node.missingHashKeys
    guard !missing.isEmpty else { return }
    node.takeProposedHashKeys()
    for epoch in missing.subtracting(node.missingHashKeys).sorted() {
      trace.note("\(node.coalition) takes hash key \(epoch), which it had proposed", at: now)
      try feed(.hashKeyStored(epoch), to: node)
      node.rehashDue = now
    }
  }

  /// A peer has sealed a hash key to it.
  func keep(_ key: SealedHashKey, _ node: CouncilNode, _ events: inout [Puller.Event]) throws {
    do {
      try node.keep(key)
    } catch let problem as Problem {
      guard problem.code == "disk-full" else { throw problem }
      return trace.note("\(node.coalition) cannot keep hash key \(key.keyEpoch): \(problem.code)", at: now)
    }
    trace.note("\(node.coalition) has hash key \(key.keyEpoch)", at: now)
    try checkHashKeys(of: node)
    events.append(.hashKeyStored(key.keyEpoch))
    node.rehashDue = now
  }

  /// Whoever was removed is never given a key that was opened since, and a newcomer only what is open to members.
  func checkHashKeys(of node: CouncilNode) throws {
    for epoch in node.hashKeys.keys.sorted() {
      let isMember = rosters.values.contains {
        $0.hashKeys.count >= epoch && $0.member(node.coalition) != nil
      }
      guard isMember else {
        throw Report.Violation(
          check: .hashKeyForMembers, what: "\(node.coalition) has hash key \(epoch), and was never a member since")
      }
    }
  }

  /// A member asks all others, by telephone, whether anything is left under the oldest key; then it may close. One at a time: what
  /// carries a digest under it moves on only when it is closed.
  func closing(by node: CouncilNode) -> RosterChange? {
    let (day, open) = (node.day(at: now), node.openHashKeys(at: now))
    guard let oldest = open.min(), let newest = open.max(), open.count > 1 else { return nil }
    var change = RosterChange()
    let lost = open.filter { isLost($0, node.roster) }
    if lost.contains(newest) {
      change.hashKey = proposeHashKey(node)
      return change
    }
    if let gone = lost.min() {
      change.closes[gone] = max(day, node.roster.hashKeys[Int(gone) - 1].closes)
      return change
    }
    let isEarly = planted(.oldKeyClosedEarly)
    guard isEarly || hasLeft(oldest, open, node.roster) else { return nil }
    // The day after is too late for a run of hours, unless it begins soon.
    let isSoon = node.machine.clock.wall(at: now + 7_200_000) / 86_400_000 > UInt64(day) && isTroubled && !isEarly
    change.closes[oldest] = max(isSoon ? day + 1 : day, node.roster.hashKeys[Int(oldest) - 1].closes)
    if leftAt[oldest] == nil {
      for member in nodes where node.roster.member(member.coalition) != nil {
        if let head = member.head(of: member.coalition) { leftAt[oldest, default: [:]][member.coalition] = head }
      }
    }
    return change
  }

  /// Whether nobody has a key: who had proposed it was removed before its disk had room for it.
  private func isLost(_ epoch: UInt32, _ roster: Roster) -> Bool {
    let commitment = roster.hashKeys[Int(epoch) - 1].commitment
    return !nodes.contains { member in
      roster.member(member.coalition) != nil
        && (member.hashKeys[epoch] != nil || member.proposedHashKeys[commitment] != nil)
    }
  }

  /// Whether every member has all keys, and every listing at every member stands under a later one.
  private func hasLeft(_ oldest: UInt32, _ open: Set<UInt32>, _ roster: Roster) -> Bool {
    let members = nodes.filter { roster.member($0.coalition) != nil }
    return members.allSatisfy { member in
      guard member.isUp, member.roster.number == roster.number, member.missingHashKeys.isDisjoint(with: open)
      else { return false }
      let waits = member.machine.disk.state.queue.contains { change in
        guard case .put(let key, let statement) = change.content else { return false }
        return ContentRule.read(Row(key: key, salt: [], statement: statement)).keyEpoch <= oldest
      }
      return !waits
        && members.allSatisfy { author in
          (member.machine.disk.state.rows[author.coalition]?.all ?? [])
            .allSatisfy { $0.key.facet != .listing || ContentRule.read($0).keyEpoch > oldest }
        }
    }
  }
}
