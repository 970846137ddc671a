internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// Heads while rosters change: what everybody publishes, applies, copies and says that it has applied.
extension CouncilSimulation {
  func tick(_ node: CouncilNode) throws {
    do {
      if let due = node.machine.process?.puller.nextDue, due <= now { try feed(.tick, to: node) }
      if node.isUp, node.forgetDue <= now { node.forgetFormerMembers(at: now) }
      try takeProposedHashKeys(node)
      try rehash(node)
      try sign(node.machine)
      try makeReceipt(node.machine)
    } catch is SimulatedNode.Crash {
      try crash(node)
    }
    planDue(node)
  }

  func keep(
    _ records: [MemberRecord], of coalition: CoalitionID, _ node: CouncilNode, _ events: inout [Puller.Event]
  ) throws {
    do {
      let stored = try node.store(records, of: coalition, at: now)
      noteShown(records, of: coalition, stored, at: node)
      switch stored {
      case .nothing: return
      case .kept(let newest): events.append(.recordsStored(coalition, newest: newest))
      case .held(let newest):
        trace.note("\(node.coalition) holds records of \(coalition)", at: now)
        outcome.held += 1
        if let newest { events.append(.recordsStored(coalition, newest: newest)) }
        events.append(.recordsHeld(coalition))
      case .released(let newest):
        events.append(.recordsStored(coalition, newest: newest))
        events.append(.released(coalition))
      }
      try checkRecords(of: coalition, at: node)
      try wake(node.machine)
    } catch let problem as Problem {
      trace.note("\(node.coalition) does not take a record of \(coalition): \(problem.code)", at: now)
    }
  }
}
