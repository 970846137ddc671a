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
      try sign(node)
      try makeReceipt(node)
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

  private func sign(_ node: CouncilNode) throws {
    let machine = node.machine
    guard machine.wantsHead, let due = machine.process?.signDue, due <= now, machine.process?.gate.isOpen ?? false
    else { return }
    machine.process?.signDue = now + SimulatedNode.signingPause
    do {
      let heads = try machine.sign(at: now, random: &random)
      for head in heads { try noteSigned(head, node) }
      if !heads.isEmpty { try wake(node) }
      for head in heads { try appeared(head, node) }
    } catch let problem as Problem where problem.code == "disk-full" {
      machine.process?.signDue = now + SimulatedNode.retryPause
    } catch let fault as Ledger.Fault {
      throw Report.Violation(check: .noError, what: "\(node.coalition) refuses its own head: \(fault.problem)")
    }
  }

  private func makeReceipt(_ node: CouncilNode) throws {
    let machine = node.machine
    guard let due = machine.process?.receiptDue, due <= now else { return }
    machine.process?.receiptDue = now + SimulatedNode.receiptEvery
    // Who is removed has no voice, and who must open an epoch first has no key.
    guard machine.authorProblem == nil else { return }
    do {
      let receipt = try Receipts.make(
        by: machine.author, alliance: machine.membership, in: machine.disk, now: machine.clock.wall(at: now))
      try truth.signed(receipt)
      machine.process?.feed.receiptCommitted(of: node.coalition)
      try wake(node)
    } catch let problem as Problem where problem.code == "disk-full" {
      machine.process?.receiptDue = now + SimulatedNode.retryPause
    }
  }

  /// A head is applied and durable.
  private func appeared(_ head: HeadReference, _ node: CouncilNode) throws {
    hasten(node)
    try feed(.applied(head), to: node)
  }

  /// A receipt is soon due.
  func hasten(_ node: CouncilNode) {
    guard let due = node.machine.process?.receiptDue else { return }
    node.machine.process?.receiptDue = min(due, now + SimulatedNode.receiptPause)
  }

  func apply(
    _ entries: [StoredEntry], _ coalition: CoalitionID, _ peer: CoalitionID, _ node: CouncilNode,
    _ events: inout [Puller.Event]
  ) throws {
    let machine = node.machine
    do {
      try machine.pass(.beforeApply)
      let outcome = try Replica.apply(
        entries, of: coalition, membership: machine.membership, in: machine.disk, now: machine.clock.wall(at: now))
      for head in outcome.applied { try checkApplied(head, node) }
      try machine.pass(.applied)
      if !outcome.applied.isEmpty {
        machine.process?.feed.headCommitted(of: coalition)
        try wake(node)
      }
      if !outcome.applied.isEmpty { hasten(node) }
      for head in outcome.applied { events.append(.applied(head)) }
      if let fault = outcome.fault {
        trace.note("\(node.coalition) stops at \(coalition): \(fault.problem.code)", at: now)
        events.append(.stopped(coalition, fault, at: outcome.at, from: peer))
      }
    } catch let problem as Problem {
      events.append(.stopped(coalition, .local(problem), at: nil, from: peer))
    }
    events.append(.applyEnded(coalition))
  }

  func stage(
    _ input: Snapshot.Input, _ coalition: CoalitionID, _ peer: CoalitionID, _ node: CouncilNode,
    _ events: inout [Puller.Event]
  ) throws {
    let machine = node.machine
    do {
      let outcome = try Snapshot.take(
        input, of: coalition, isBeside: coalition == node.coalition, membership: machine.membership, in: machine.disk,
        now: machine.clock.wall(at: now))
      switch outcome {
      case .goOn: break
      case .ready(let head): try ownPositionIsHere(head, node, &events)
      case .finished(let head):
        self.outcome.copies += 1
        trace.note("\(node.coalition) copied \(head)", at: now)
        try checkApplied(head, node)
        try machine.pass(.copied)
        hasten(node)
        machine.process?.feed.headCommitted(of: coalition)
        try wake(node)
      case .failed(let fault, _):
        trace.note("\(node.coalition) gives up a copy of \(coalition): \(fault.problem.code)", at: now)
      case .ended(let problem, let head):
        trace.note("\(node.coalition) throws a copy of \(head) away: \(problem.code)", at: now)
      }
      events.append(.staged(coalition, outcome, from: peer))
    } catch let problem as Problem {
      let need = machine.disk.state.copies[coalition]?.need
      events.append(.staged(coalition, .failed(.local(problem), need), from: peer))
    }
  }

  func keep(_ receipts: [Receipt], _ node: CouncilNode) throws {
    let machine = node.machine
    do {
      let changed = try Receipts.keep(
        receipts, besides: node.coalition, membership: machine.membership, in: machine.disk,
        now: machine.clock.wall(at: now))
      for coalition in changed { machine.process?.feed.receiptCommitted(of: coalition) }
      guard !changed.isEmpty else { return }
      try checkStored(at: node)
      try wake(node)
    } catch let problem as Problem {
      trace.count(3, node.index, problem.code.utf8.count, at: now)
    }
  }

  func keep(
    _ records: [MemberRecord], of coalition: CoalitionID, _ node: CouncilNode, _ events: inout [Puller.Event]
  ) throws {
    do {
      guard let newest = try node.store(records, of: coalition, at: now) else { return }
      events.append(.recordsStored(coalition, newest: newest))
      try wake(node)
    } catch let problem as Problem {
      trace.note("\(node.coalition) does not take a record of \(coalition): \(problem.code)", at: now)
    }
  }

  // MARK: nobody forks here

  func keep(_ proofs: [ForkProof], _ node: CouncilNode) throws {
    let machine = node.machine
    guard let proof = try? Forks.keep(proofs, membership: machine.membership, in: machine.disk).first else { return }
    throw Report.Violation(check: .noSelfFork, what: "\(node.coalition) has proof against \(proof.coalition)")
  }

  func judgeFork(
    _ coalition: CoalitionID, _ theirs: Head, _ history: [ObjectHash], _ node: CouncilNode,
    _ events: inout [Puller.Event]
  ) throws {
    let machine = node.machine
    let proof = try machine.disk.read {
      try Forks.judge(theirs: theirs, history: history, membership: machine.membership, reading: $0)
    }
    if let proof { try keep([proof], node) }
    events.append(.forkJudged(coalition))
  }
}
