internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

extension CouncilSimulation {
  private func send(_ ticket: Puller.Ticket, from node: CouncilNode) {
    guard let peer = numbers[ticket.peer] else { return }
    let exchange = Exchange(ticket: ticket, asker: node.index, life: node.life, peer: peer, sentAt: now)
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
      peer.waiters.append((nextWaiter, exchange))
      agenda.plan(.pollEnds(peer.index, id: nextWaiter), at: exchange.sentAt + UInt64(seconds) * 1_000)
      return
    }
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
    guard let place = node.waiters.firstIndex(where: { $0.id == id }) else { return }
    try serve(node.waiters.remove(at: place).exchange, mayWait: false)
  }

  private func wake(_ node: CouncilNode) throws {
    let woken = node.waiters
    node.waiters = []
    for waiter in woken { try serve(waiter.exchange, mayWait: true) }
  }

  func receive(_ exchange: Exchange, _ served: Served) throws {
    let node = nodes[exchange.asker]
    guard node.life == exchange.life, node.isUp else { return }
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
    while !events.isEmpty {
      guard let effects = node.process?.puller.handle(events.removeFirst(), at: now) else { return }
      for effect in effects { try carryOut(effect, node, &events) }
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
      if let read = try? Deliberation.read(bytes: bytes, after: node.disk.chain).deliberation {
        try unite(read, at: node)
      }
    case .storeRecords(let coalition, let records):
      if let number = node.store(records, of: coalition) {
        events.append(.recordsStored(coalition, newest: RecordName(number: number)))
        try wake(node)
      }
    default: break
    }
  }

  func unite(_ read: Deliberation, at node: CouncilNode) throws {
    guard try node.unite(read), let next = node.process?.next, let membership = node.process?.membership else { return }
    changedAt = now
    try checkKnown(next.deliberation, at: node)
    try wake(node)
    try feed(.rostersChanged(deliberation: next.digest, records: next.recordNames(in: membership)), to: node)
    if let decided = node.known?.decided { try putInForce(decided, at: node) }
  }

  func putInForce(_ bundle: RosterBundle, at node: CouncilNode) throws {
    let before = node.disk.chain.newest
    try node.putInForce(bundle, random: &random)
    changedAt = now
    node.movedAt = now
    trace.note(
      "\(node.coalition) puts roster \(bundle.roster.number) in force: \(bundle.roster.hash.hex.prefix(8))", at: now)
    try checkInForce(bundle, after: before, at: node)
    for member in bundle.roster.members where before.member(member.coalition) == nil {
      guard let number = numbers[member.coalition], !nodes[number].isUp else { continue }
      agenda.plan(.handOver(number, from: node.index), at: now + 1_000 + random.below(600_000))
    }
    try wake(node)
    try feed(.tick, to: node)
  }

  func handOver(to node: CouncilNode, from member: CouncilNode) throws {
    guard !node.isUp else { return }
    node.disk = CouncilNode.Disk(chain: member.disk.chain, records: member.disk.records)
    guard node.isMember else { return }
    start(node)
    agenda.plan(.person(node.index), at: now + random.below(600_000))
  }
}
