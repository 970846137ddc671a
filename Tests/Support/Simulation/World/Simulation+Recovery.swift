internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// The operator who opens new epochs, and records of others.
extension Simulation {
  /// The operator comes with the identity key: a new epoch goes on from what the peers hold, or from what is here where
  /// nobody holds what the mark names.
  func operate(_ node: SimulatedNode) throws {
    guard node.isUp, let gate = node.process?.gate else {
      return agenda.plan(.operate(node.index), at: now + 60_000)
    }
    guard clone?.coalition != node.coalition, node.lastGood == nil, let chosen = here(gate, node) ?? gate.copied
    else { return }
    if try !openEpoch(node, by: node.identity, after: chosen, adopting: chosen == gate.copied) {
      agenda.plan(.operate(node.index), at: now + 60_000)
    }
  }

  /// A new key, ordinarily; and somebody who has the old one and goes on signing with it.
  func rotate(_ node: SimulatedNode, thief: SimulatedNode) throws -> Bool {
    guard isOrdinary(node), let head = node.disk.state.positions[node.coalition]?.head, let old = node.keys[head.epoch]
    else { return false }
    // The identity key is kept elsewhere: it takes a while from the record to the first head.
    node.signsNotBefore = now + 5_000 + random.below(20_000)
    guard try openEpoch(node, by: node.identity, after: head, adopting: false) else { return false }
    stolen[node.coalition] = old
    thief.isLying = true
    for second in 1...10 { agenda.plan(.tempt(thief.index), at: now + UInt64(second) * 2_500) }
    return true
  }

  /// What is here, where nobody holds what the mark names, or where two histories are proven: what was entered again since is
  /// in this one.
  private func here(_ gate: SignGate, _ node: SimulatedNode) -> HeadReference? {
    switch gate.state {
    case .stopped(let problem) where !["sign-mark-ahead", "forked"].contains(problem.code): return nil
    // It has gone on past the head that its newest epoch goes on from, and nobody shows it another one.
    case .open where !node.hasEpochGap: return nil
    case .waiting: return nil
    case .stopped, .open: return node.disk.state.positions[node.coalition]?.head
    }
  }

  func store(
    _ records: [MemberRecord], of coalition: CoalitionID, _ node: SimulatedNode, _ events: inout [Puller.Event]
  ) throws {
    do {
      let taking = try node.membership.taking(records, of: coalition)
      if !taking.added.isEmpty {
        try node.disk.write { try $0.save(taking.added) }
        node.membership = taking.membership
        if coalition == node.coalition { node.useNewestEpoch() }
        node.process?.feed.recordCommitted(of: coalition)
        try wake(node)
        // Only what is here now ends the wait for it: whoever asks at once again, asks for ever.
        events.append(.recordsStored(coalition, newest: node.membership.recordName(of: coalition) ?? 1))
      }
    } catch let problem as Problem {
      trace.note("\(node.coalition) does not take a record of \(coalition): \(problem.code)", at: now)
    }
  }
}
