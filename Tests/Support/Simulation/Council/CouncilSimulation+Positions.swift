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
      try sign(node.machine)
      try makeReceipt(node.machine)
    } catch is SimulatedNode.Crash {
      try crash(node)
    }
    planDue(node)
  }

  /// Somebody lists or withdraws a few of a few indicators.
  func change(_ node: CouncilNode) throws {
    guard node.isUp else { return }
    for _ in 0...random.below(5) {
      let digest = [UInt8(random.below(20)) &* 12] + [UInt8](repeating: UInt8(node.index + 1), count: 31)
      guard let key = StatementKey([Facet.listing.rawValue] + digest) else { return }
      let statement = random.bytes(20)
      let isPut = !random.happens(oneIn: 4)
      do {
        try node.machine.disk.write { try $0.enqueue([isPut ? .put(key, statement: statement) : .remove(key)]) }
        truth.acknowledge(isPut ? .put(key, statement) : .remove(key), of: node.coalition, at: now)
      } catch let problem as Problem where problem.code == "disk-full" {
        return
      }
    }
    planDue(node)
  }

  func keep(
    _ records: [MemberRecord], of coalition: CoalitionID, _ node: CouncilNode, _ events: inout [Puller.Event]
  ) throws {
    do {
      guard let newest = try node.store(records, of: coalition, at: now) else { return }
      events.append(.recordsStored(coalition, newest: newest))
      try wake(node.machine)
    } catch let problem as Problem {
      trace.note("\(node.coalition) does not take a record of \(coalition): \(problem.code)", at: now)
    }
  }
}
