internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

extension CouncilSimulation {
  func feed(_ event: Puller.Event, to node: CouncilNode) throws {
    try feed(event, to: node.machine)
    planDue(node)
  }

  func unite(_ read: Deliberation, at node: CouncilNode) throws {
    guard node.isUp, try node.unite(read), let next = node.next else { return }
    if planted(.saidBeforeKept) { agenda.plan(.keep(node.index, life: node.machine.life), at: now + 60_000) }
    changedAt = now
    node.movedAt = now
    try checkKnown(next.deliberation, at: node)
    try wake(node.machine)
    try feed(
      .rostersChanged(deliberation: next.digest, records: next.recordNames(in: node.machine.membership)), to: node)
    try decide(node)
  }

  /// Puts in force what a quorum's votes that are here decide.
  func decide(_ node: CouncilNode) throws {
    guard let decided = node.known?.decided else { return }
    do { try putInForce(decided, at: node) } catch let problem as Problem where problem.code == "roster-refused" {}
  }

  /// - Throws: `Problem` if it is not in force.
  func putInForce(_ bundle: RosterBundle, at node: CouncilNode) throws {
    let before = node.roster
    guard !node.isDefiant || bundle.roster.member(node.coalition) != nil else {
      throw Problem("roster-refused", "it does not believe that it is removed")
    }
    do {
      try node.putInForce(bundle, at: now, dies: isTroubled && random.happens(oneIn: 12))
    } catch is SimulatedNode.Crash {
      // It is on disk, and in force at the next start.
      trace.note("\(node.coalition) keeps roster \(bundle.roster.number)", at: now)
      try checkInForce(bundle, after: before, at: node)
      return try crash(node)
    }
    if planted(.rosterBeforeDurable) { agenda.plan(.keep(node.index, life: node.machine.life), at: now + 60_000) }
    changedAt = now
    node.movedAt = now
    trace.note(
      "\(node.coalition) puts roster \(bundle.roster.number) in force: \(bundle.roster.hash.hex.prefix(8))", at: now)
    try checkInForce(bundle, after: before, at: node)
    try checkStored(at: node)
    for member in bundle.roster.members where before.member(member.coalition) == nil {
      guard let number = numbers[member.coalition], !nodes[number].isUp else { continue }
      agenda.plan(.handOver(number, from: node.index), at: now + 1_000 + random.below(600_000))
    }
    if let gate = node.machine.process?.gate, gate.isRecovering, gate.copied == nil {
      try feed(.recoverOwn(true), to: node)
    }
    try wake(node.machine)
    try feed(.tick, to: node)
  }

  /// Somebody who begins gets the alliance file of a member.
  func handOver(to node: CouncilNode, from member: CouncilNode) throws {
    guard !node.isUp, node.machine.life == 0 else { return }
    let file = member.machine.file
    guard file.roster.member(node.coalition) != nil else { return }
    node.machine.file = file
    try start(node)
    agenda.plan(.person(node.index, again: true), at: now + random.below(600_000))
  }
}
