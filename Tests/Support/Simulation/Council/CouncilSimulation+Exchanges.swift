internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

extension CouncilSimulation {
  private func send(_ ticket: Puller.Ticket, from node: CouncilNode) {
    guard let peer = numbers[ticket.peer] else { return }
    let exchange = Exchange(ticket: ticket, asker: node.index, life: node.machine.life, peer: peer, sentAt: now)
    switch network.fate(from: node.index, to: peer, random: &random) {
    case .lost: lose(exchange)
    case .arrives(let delay):
      agenda.plan(.request(exchange), at: now + delay)
      if let echo = network.echo(from: node.index, to: peer, random: &random) {
        agenda.plan(.request(exchange), at: now + delay + echo)
      }
    }
  }

  private func lose(_ exchange: Exchange) {
    agenda.plan(.reply(exchange, .unreadable(Problem("timeout", "nothing came"))), at: max(now + 1, exchange.limit))
  }

  func serve(_ exchange: Exchange, mayWait: Bool) throws {
    let (peer, asker) = (nodes[exchange.peer], nodes[exchange.asker])
    guard peer.isUp,
      let served = try peer.answer(to: exchange.ticket.resource, from: asker.coalition, mayWait: mayWait)
    else { return reply(.unreadable(Problem("unreachable", "nobody listens")), to: exchange) }
    if case .wait(let seconds) = served {
      nextWaiter += 1
      peer.machine.waiters.append((nextWaiter, exchange))
      agenda.plan(.pollEnds(peer.index, id: nextWaiter), at: exchange.sentAt + UInt64(seconds) * 1_000)
      return
    }
    try checkServed(served, to: asker, by: peer)
    reply(served, to: exchange)
  }

  private func reply(_ served: Served, to exchange: Exchange) {
    switch network.fate(from: exchange.peer, to: exchange.asker, random: &random) {
    case .lost: lose(exchange)
    case .arrives(let delay):
      agenda.plan(.reply(exchange, served), at: now + delay)
      if let echo = network.echo(from: exchange.peer, to: exchange.asker, random: &random) {
        agenda.plan(.reply(exchange, served), at: now + delay + echo)
      }
    }
  }

  func endPoll(_ node: CouncilNode, id: UInt64) throws {
    guard let place = node.machine.waiters.firstIndex(where: { $0.id == id }) else { return }
    try serve(node.machine.waiters.remove(at: place).exchange, mayWait: false)
  }

  func wake(_ node: CouncilNode) throws {
    let woken = node.machine.waiters
    node.machine.waiters = []
    for waiter in woken { try serve(waiter.exchange, mayWait: true) }
  }

  func receive(_ exchange: Exchange, _ served: Served) throws {
    let node = nodes[exchange.asker]
    guard node.machine.life == exchange.life, node.isUp else { return }
    trace.count(2, exchange.asker, exchange.peer, at: now)
    switch served {
    case .wait: break
    case .problem(let problem): try feed(.resourceFailed(exchange.ticket, problem), to: node)
    case .unreadable(let problem): try feed(.linkFailed(exchange.ticket, problem), to: node)
    case .answer(let answer, _): try feed(.answered(exchange.ticket, answer), to: node)
    }
  }

  func feed(_ event: Puller.Event, to node: CouncilNode) throws {
    var events = [event]
    do {
      while !events.isEmpty {
        guard let effects = node.machine.process?.puller.handle(events.removeFirst(), at: now) else { return }
        for effect in effects { try carryOut(effect, node, &events) }
      }
    } catch is SimulatedNode.Crash {
      try crash(node)
    }
    planDue(node)
  }

  private func carryOut(_ effect: Puller.Effect, _ node: CouncilNode, _ events: inout [Puller.Event]) throws {
    switch effect {
    case .request(let ticket): send(ticket, from: node)
    case .storeRoster(let bundle, let peer):
      do { try putInForce(bundle, at: node) } catch let problem as Problem {
        events.append(.rosterRefused(peer, problem))
      }
    case .storeDeliberation(let bytes, _):
      if let read = try? Deliberation.read(bytes: bytes, after: node.chain).deliberation {
        try unite(read, at: node)
      }
    case .storeRecords(let coalition, let records): try keep(records, of: coalition, node, &events)
    case .apply(let coalition, let entries, let peer): try apply(entries, coalition, peer, node, &events)
    case .stage(let coalition, let input, let peer): try stage(input, coalition, peer, node, &events)
    case .storeReceipts(let receipts): try keep(receipts, node)
    case .ownHeadShown(let peer, let head): try ownHeadShown(by: peer, head, node, &events)
    case .storeProofs(let proofs): try keep(proofs, node)
    case .judgeFork(let coalition, let theirs, let history):
      try judgeFork(coalition, theirs, history, node, &events)
    case .hold(let coalition, let problem):
      trace.note("\(node.coalition) holds \(coalition): \(problem.code)", at: now)
      try? node.machine.disk.write { try $0.saveHold(problem, of: coalition) }
    case .disconnect(let peer): trace.note("\(node.coalition) drops \(peer)", at: now)
    case .storeHashKey, .instancesMet: break
    }
  }

  func unite(_ read: Deliberation, at node: CouncilNode) throws {
    guard node.isUp, try node.unite(read), let next = node.next else { return }
    if planted(.saidBeforeKept) { agenda.plan(.keep(node.index, life: node.machine.life), at: now + 60_000) }
    changedAt = now
    node.movedAt = now
    try checkKnown(next.deliberation, at: node)
    try wake(node)
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
    try wake(node)
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
