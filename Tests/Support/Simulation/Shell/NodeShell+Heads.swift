internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

extension NodeShell {
  func feed(_ event: Puller.Event, to machine: SimulatedNode) throws {
    var events = [event]
    do {
      while !events.isEmpty {
        guard let effects = machine.process?.puller.handle(events.removeFirst(), at: now) else { return }
        for effect in effects { try carryOut(effect, machine, &events) }
      }
    } catch is SimulatedNode.Crash {
      try crash(machine)
    }
  }

  private func carryOut(_ effect: Puller.Effect, _ machine: SimulatedNode, _ events: inout [Puller.Event]) throws {
    switch effect {
    case .request(let ticket): try send(ticket, from: machine)
    case .apply(let coalition, let entries, let peer): try apply(entries, coalition, peer, machine, &events)
    case .stage(let coalition, let input, let peer): try stage(input, coalition, peer, machine, &events)
    case .ownHeadShown(let peer, let head): try ownHeadShown(by: peer, head, machine, &events)
    case .storeProofs(let proofs): try keep(proofs, machine, &events)
    case .judgeFork(let coalition, let theirs, let history):
      try judgeFork(coalition, theirs, history, machine, &events)
    case .storeReceipts(let receipts): try keep(receipts, machine)
    case .hold(let coalition, let problem):
      trace.note("\(machine.coalition) holds \(coalition): \(problem.code)", at: now)
      try? machine.disk.write { try $0.saveHold(problem, of: coalition) }
      noteChange(machine)
      try happened(.held(coalition, problem), at: machine)
    case .storeRecords, .storeRoster, .storeDeliberation, .storeHashKey, .instancesMet, .disconnect:
      try carryOutOther(effect, machine, &events)
    }
  }

  /// A receipt is soon due.
  func noteChange(_ machine: SimulatedNode) {
    guard let due = machine.process?.receiptDue else { return }
    machine.process?.receiptDue = min(due, now + SimulatedNode.receiptPause)
  }

  private func apply(
    _ entries: [StoredEntry], _ coalition: CoalitionID, _ peer: CoalitionID, _ machine: SimulatedNode,
    _ events: inout [Puller.Event]
  ) throws {
    try happened(.willApply(entries), at: machine)
    try machine.pass(.beforeApply)
    let before = machine.disk.state.positions[coalition]
    do {
      let outcome = try Replica.apply(
        entries, of: coalition, membership: machine.membership, in: machine.disk,
        now: machine.clock.wall(at: now), breaker: breaker)
      try happened(.judged(outcome.applied, among: entries, since: before, of: coalition), at: machine)
      for head in outcome.applied { try checkApplied(head, machine) }
      try machine.pass(.applied)
      try happened(.applied(outcome.applied, among: entries, of: coalition, from: peer), at: machine)
      if !outcome.applied.isEmpty {
        noteChange(machine)
        machine.process?.feed.headCommitted(of: coalition)
        try wake(machine)
      }
      for head in outcome.applied { events.append(.applied(head)) }
      if let fault = outcome.fault {
        trace.note("\(machine.coalition) stops at \(coalition): \(fault.problem.code)", at: now)
        events.append(.stopped(coalition, fault, at: outcome.at, from: peer))
      }
    } catch let problem as Problem {
      events.append(.stopped(coalition, .local(problem), at: nil, from: peer))
    }
    events.append(.applyEnded(coalition))
  }

  private func stage(
    _ input: Snapshot.Input, _ coalition: CoalitionID, _ peer: CoalitionID, _ machine: SimulatedNode,
    _ events: inout [Puller.Event]
  ) throws {
    do {
      let outcome = try Snapshot.take(
        input, of: coalition, isBeside: coalition == machine.coalition, membership: machine.membership,
        in: machine.disk, now: machine.clock.wall(at: now), breaker: breaker)
      switch outcome {
      case .goOn: try happened(.page, at: machine)
      case .ready(let head): try ownPositionIsHere(head, machine, &events)
      case .finished(let head):
        try happened(.copying(head), at: machine)
        try checkApplied(head, machine)
        try machine.pass(.copied)
        try happened(.copied(head), at: machine)
        noteChange(machine)
        machine.process?.feed.headCommitted(of: coalition)
        try wake(machine)
        trace.note("\(machine.coalition) copied \(head)", at: now)
      case .failed(let fault, _):
        trace.note(
          "\(machine.coalition) gives up a copy of \(coalition) from \(peer): \(fault.problem.code)", at: now)
      case .ended(let problem, let head):
        trace.note("\(machine.coalition) throws a copy of \(head) from \(peer) away: \(problem.code)", at: now)
      }
      events.append(.staged(coalition, outcome, from: peer))
    } catch let problem as Problem {
      let need = machine.disk.state.copies[coalition]?.need
      events.append(.staged(coalition, .failed(.local(problem), need), from: peer))
    }
  }

  private func keep(_ receipts: [Receipt], _ machine: SimulatedNode) throws {
    do {
      let changed = try Receipts.keep(
        receipts, besides: machine.coalition, membership: machine.membership, in: machine.disk,
        now: machine.clock.wall(at: now))
      for coalition in changed {
        if let receipt = receipts.first(where: { $0.coalition == coalition }), !truth.wasSigned(receipt) {
          throw Report.Violation(
            check: .onlyWhatWasSigned, what: "\(machine.coalition) keeps a forged receipt of \(coalition)")
        }
        machine.process?.feed.receiptCommitted(of: coalition)
        try wake(machine, receiptOf: coalition)
      }
      if !changed.isEmpty { try happened(.receiptsKept, at: machine) }
    } catch let problem as Problem {
      trace.note("\(machine.coalition) cannot keep receipts: \(problem.code)", at: now)
    }
  }
}
