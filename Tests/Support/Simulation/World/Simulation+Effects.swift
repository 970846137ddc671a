internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

extension Simulation {
  func start(_ node: SimulatedNode) throws {
    guard !node.isUp, !node.isShut else { return }
    if node.disk.isFull {
      agenda.plan(.start(node.index), at: now + 5_000)
      return
    }
    let settled = try node.start(at: now, random: &random)
    for head in settled { try noteSigned(head, node) }
    try checkStart(node)
    trace.note("\(node.coalition) starts", at: now)
    for peer in nodes where node.index < nodes.count { asked[node.index * nodes.count + peer.index] = now }
    planDue(node)
  }

  func crash(_ node: SimulatedNode) {
    guard node.isUp else { return }
    report.crashes += 1
    let waiting = node.waiters.map(\.exchange)
    node.crash()
    // A process that dies closes its connections; a machine that dies says nothing.
    if random.happens(oneIn: 2) {
      for exchange in waiting {
        agenda.plan(.reply(exchange, .unreadable(Problem("reset", "the connection was closed"))), at: now + 50)
      }
    } else {
      for exchange in waiting {
        agenda.plan(.reply(exchange, .unreadable(Problem("timeout", "nothing came"))), at: max(now, exchange.limit))
      }
    }
    trace.note("\(node.coalition) crashes", at: now)
    agenda.plan(.start(node.index), at: now + 500 + random.below(random.happens(oneIn: 4) ? 300_000 : 10_000))
  }

  func tick(_ node: SimulatedNode) throws {
    do {
      if let due = node.process?.puller.nextDue, due <= now { try feed(.tick, to: node) }
      try settleErasures(node)
      try sign(node)
      try makeReceipt(node)
    } catch is SimulatedNode.Crash {
      try noteUntold(node)
      crash(node)
    }
    planDue(node)
  }

  private func sign(_ node: SimulatedNode) throws {
    guard node.wantsHead, let due = node.process?.signDue, due <= now, node.signsNotBefore <= now,
      node.process?.gate.isOpen ?? false
    else { return }
    node.process?.signDue = now + SimulatedNode.signingPause
    do {
      let heads = try node.sign(at: now, random: &random)
      node.process?.needsHead = false
      for head in heads { try noteSigned(head, node) }
      if planted(.signedBeforeDurable) { agenda.plan(.sync(node.index), at: now + 20_000) }
      if !heads.isEmpty { try wake(node) }
      for head in heads {
        noteChange(node)
        try feed(.applied(head), to: node)
      }
    } catch let problem as Problem {
      switch problem.code {
      case "disk-full", "prepared-differs": break
      // A machine that was set back with its mark has gone on in an epoch that it had closed.
      case "epoch-gap" where truth.mayFork.contains(node.coalition) && node.isSetBack:
        node.hasEpochGap = true
        agenda.plan(.operate(node.index), at: now + 60_000 + random.below(300_000))
      default: throw problem
      }
      trace.note("\(node.coalition) cannot sign: \(problem.code)", at: now)
      if problem.code == "prepared-differs" { throw SimulatedNode.Crash() }
      node.process?.signDue = now + SimulatedNode.retryPause
    } catch let fault as Ledger.Fault {
      throw Report.Violation(check: .noError, what: "\(node.coalition) refuses its own head: \(fault.problem)")
    }
  }

  func noteChange(_ node: SimulatedNode) {
    guard let due = node.process?.receiptDue else { return }
    node.process?.receiptDue = min(due, now + SimulatedNode.receiptPause)
  }

  private func makeReceipt(_ node: SimulatedNode) throws {
    guard let due = node.process?.receiptDue, due <= now else { return }
    node.process?.receiptDue = now + SimulatedNode.receiptEvery
    do {
      let receipt = try Receipts.make(
        by: node.author, alliance: node.membership, in: node.disk, now: node.clock.wall(at: now))
      try truth.signed(receipt)
      for entry in receipt.entries where entry.state == .applied {
        note(
          HeadReference(
            coalition: entry.coalition, epoch: entry.epoch, index: entry.index, hash: entry.headHash), by: node)
      }
      node.process?.feed.receiptCommitted(of: node.coalition)
      try wake(node, receiptOf: node.coalition)
    } catch let problem as Problem where problem.code == "disk-full" {
      node.process?.receiptDue = now + SimulatedNode.retryPause
    }
  }

  /// Lists or withdraws one of a few indicators, and now and then so many that they take several heads.
  func change(_ node: SimulatedNode) throws {
    guard node.isUp else { return }
    for _ in 0..<(random.happens(oneIn: 4) ? 9 : 1 + random.below(3)) {
      // Kinds of a later version are carried like any other.
      let facet = random.happens(oneIn: 8) ? 9 : Facet.listing.rawValue
      let digest = [UInt8(random.below(40)) &* 6] + [UInt8](repeating: node.index == 0 ? 1 : 2, count: 31)
      guard let key = StatementKey([facet] + digest) else { return }
      if random.happens(oneIn: 3) {
        try enqueue(.remove(key), node)
      } else {
        try enqueue(.put(key, random.bytes(20 + Int(random.below(100)))), node)
      }
    }
    planDue(node)
  }

  /// A person's change: acknowledged once it is durable.
  func enqueue(_ content: Truth.QueuedContent, _ node: SimulatedNode) throws {
    let queued: QueuedChange.Content =
      switch content {
      case .put(let key, let statement): .put(key, statement: statement)
      case .remove(let key): .remove(key)
      }
    do {
      try node.disk.write { try $0.enqueue([queued]) }
      if node === clone {
        truth.acknowledgeByClone(content)
      } else {
        truth.acknowledge(content, of: node.coalition, at: now)
      }
    } catch let problem as Problem where problem.code == "disk-full" {
      trace.note("\(node.coalition) refuses a change: the disk is full", at: now)
    }
  }

  func feed(_ event: Puller.Event, to node: SimulatedNode) throws {
    var events = [event]
    do {
      while !events.isEmpty {
        guard let effects = node.process?.puller.handle(events.removeFirst(), at: now) else { return }
        for effect in effects { try carryOut(effect, node, &events) }
      }
    } catch is SimulatedNode.Crash {
      crash(node)
    }
  }

  private func carryOut(_ effect: Puller.Effect, _ node: SimulatedNode, _ events: inout [Puller.Event]) throws {
    switch effect {
    case .request(let ticket): send(ticket, from: node)
    case .apply(let coalition, let entries, let peer): try apply(entries, coalition, peer, node, &events)
    case .stage(let coalition, let input, let peer): try stage(input, coalition, peer, node, &events)
    case .ownHeadShown(let peer, let head): try ownHeadShown(by: peer, head, node, &events)
    case .storeProofs(let proofs): try keep(proofs, node, &events)
    case .judgeFork(let coalition, let theirs, let history):
      try judgeFork(coalition, theirs, history, node, &events)
    case .storeHashKey, .instancesMet, .storeRoster, .storeDeliberation: break
    case .hold(let coalition, let problem):
      trace.note("\(node.coalition) holds \(coalition): \(problem.code)", at: now)
      try checkHold(problem, of: coalition, at: node)
      try? node.disk.write { try $0.saveHold(problem, of: coalition) }
      noteChange(node)
      if problem.code == "breaker" { noteBreaker(coalition, at: node) }
    case .storeReceipts(let receipts): try keep(receipts, node)
    case .storeRecords(let coalition, let records): try store(records, of: coalition, node, &events)
    case .disconnect(let peer): try checkDropped(peer, by: node)
    }
  }

  private func apply(
    _ entries: [StoredEntry], _ coalition: CoalitionID, _ peer: CoalitionID, _ node: SimulatedNode,
    _ events: inout [Puller.Event]
  ) throws {
    if planted(.seenBeforeCommit), let last = entries.last { note(last.head.reference, by: node) }
    try node.pass(.beforeApply)
    let before = node.disk.state.positions[coalition]
    do {
      let outcome = try Replica.apply(
        entries, of: coalition, membership: node.membership, in: node.disk,
        now: node.clock.wall(at: now), breaker: breaker)
      try checkBreaker(outcome.applied, entries, before: before, of: coalition, at: node)
      for head in outcome.applied { try checkApplied(head, node) }
      try node.pass(.applied)
      if peer != coalition { report.relayed += outcome.applied.count }
      for entry in entries where outcome.applied.contains(entry.head.reference) {
        report.newBytes += UInt64(entry.delta.count)
      }
      if !outcome.applied.isEmpty {
        noteChange(node)
        node.process?.feed.headCommitted(of: coalition)
        try wake(node)
      }
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

  private func stage(
    _ input: Snapshot.Input, _ coalition: CoalitionID, _ peer: CoalitionID, _ node: SimulatedNode,
    _ events: inout [Puller.Event]
  ) throws {
    do {
      let outcome = try Snapshot.take(
        input, of: coalition, isBeside: coalition == node.coalition, membership: node.membership, in: node.disk,
        now: node.clock.wall(at: now), breaker: breaker)
      switch outcome {
      case .goOn: report.pages += 1
      case .ready(let head): try ownPositionIsHere(head, node, &events)
      case .finished(let head):
        report.copies += 1
        breakers[node.index]?[coalition]?.taken = []
        try checkApplied(head, node)
        try node.pass(.copied)
        report.newBytes += node.disk.state.positions[coalition]?.liveBytes ?? 0
        report.copiedBytes += node.disk.state.positions[coalition]?.liveBytes ?? 0
        noteChange(node)
        node.process?.feed.headCommitted(of: coalition)
        try wake(node)
        trace.note("\(node.coalition) copied \(head)", at: now)
      case .failed(let fault, _):
        trace.note("\(node.coalition) gives up a copy of \(coalition) from \(peer): \(fault.problem.code)", at: now)
      case .ended(let problem, let head):
        trace.note("\(node.coalition) throws a copy of \(head) from \(peer) away: \(problem.code)", at: now)
      }
      events.append(.staged(coalition, outcome, from: peer))
    } catch let problem as Problem {
      let need = node.disk.state.copies[coalition]?.need
      events.append(.staged(coalition, .failed(.local(problem), need), from: peer))
    }
  }

  private func keep(_ receipts: [Receipt], _ node: SimulatedNode) throws {
    do {
      let changed = try Receipts.keep(
        receipts, besides: node.coalition, membership: node.membership, in: node.disk,
        now: node.clock.wall(at: now))
      for coalition in changed {
        if let receipt = receipts.first(where: { $0.coalition == coalition }), !truth.wasSigned(receipt) {
          throw Report.Violation(
            check: .onlyWhatWasSigned, what: "\(node.coalition) keeps a forged receipt of \(coalition)")
        }
        node.process?.feed.receiptCommitted(of: coalition)
        try wake(node, receiptOf: coalition)
      }
    } catch let problem as Problem {
      trace.note("\(node.coalition) cannot keep receipts: \(problem.code)", at: now)
    }
  }
}
