internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

extension Simulation {
  func send(_ ticket: Puller.Ticket, from node: SimulatedNode) {
    guard let number = numbers[ticket.peer] else { return }
    report.requests += 1
    if node.index < nodes.count { asked[node.index * nodes.count + number] = now }
    let isOfClone = clone?.isUp == true && clone?.coalition == ticket.peer && reachesClone.contains(node.index)
    let peer = isOfClone ? nodes.count : number
    let exchange = Exchange(ticket: ticket, asker: node.index, life: node.life, peer: peer, sentAt: now)
    trace.count(1, node.index, peer, at: now)
    switch network.fate(from: node.index, to: peer, random: &random) {
    case .lost: lose(exchange)
    case .arrives(let delay):
      agenda.plan(.request(exchange), at: now + delay)
      if let echo = network.echo(from: node.index, to: peer, random: &random) {
        agenda.plan(.request(exchange), at: now + delay + echo)
      }
    }
  }

  /// The asker hears nothing until its patience ends.
  private func lose(_ exchange: Exchange) {
    report.lost += 1
    if planted(.fetchWithoutLimit), exchange.ticket.resource.isPosition { return }
    let failure = Served.unreadable(Problem("timeout", "nothing came"))
    agenda.plan(.reply(exchange, failure), at: max(now + 1, exchange.limit))
  }

  func serve(_ exchange: Exchange, mayWait: Bool) throws {
    guard let peer = machine(exchange.peer), let sender = machine(exchange.asker), peer.isUp else {
      return reply(.unreadable(Problem("unreachable", "nobody listens")), to: exchange)
    }
    if peer.isStalling { return lose(exchange) }
    let resource = exchange.ticket.resource
    if peer.stallsBodies, resource.isPosition { return lose(exchange) }
    let asker = sender.coalition
    if peer.isTempting, let lie = try Liar.signPastCut(peer, to: resource, asker: sender, stolen, &random) {
      return reply(lie, to: exchange)
    }
    if peer.isLying, random.happens(oneIn: 3), let lie = try Liar.lie(peer, to: resource, asker: asker, &random) {
      return reply(lie, to: exchange)
    }
    guard let served = try peer.answer(to: resource, from: asker, mayWait: mayWait) else { return }
    if case .wait(let seconds) = served {
      nextWaiter += 1
      peer.waiters.append((nextWaiter, exchange))
      agenda.plan(.pollEnds(peer.index, id: nextWaiter), at: exchange.sentAt + UInt64(seconds) * 1_000)
      return
    }
    try noteShown(served, by: peer)
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

  func endPoll(_ node: SimulatedNode, id: UInt64) throws {
    guard let place = node.waiters.firstIndex(where: { $0.id == id }) else { return }
    let exchange = node.waiters.remove(at: place).exchange
    try serve(exchange, mayWait: false)
  }

  /// Answers those who wait for a head, or for a receipt that they asked for.
  func wake(_ node: SimulatedNode, receiptOf coalition: CoalitionID? = nil) throws {
    guard !node.waiters.isEmpty else { return }
    var woken: [Exchange] = []
    node.waiters.removeAll { waiter in
      if let coalition, coalition != node.coalition {
        guard case .heads(_, _, let relay) = waiter.exchange.ticket.resource, relay.contains(coalition) else {
          return false
        }
      }
      woken.append(waiter.exchange)
      return true
    }
    for exchange in woken { try serve(exchange, mayWait: true) }
  }

  func receive(_ exchange: Exchange, _ served: Served) throws {
    guard let node = machine(exchange.asker), node.life == exchange.life, node.isUp else { return }
    trace.count(2, exchange.asker, exchange.peer, at: now)
    let ticket = exchange.ticket
    switch served {
    case .wait: break
    case .problem(let problem): try feed(.resourceFailed(ticket, problem), to: node)
    case .unreadable(let problem): try feed(.linkFailed(ticket, problem), to: node)
    case .answer(let answer, let bytes):
      report.allBytes += UInt64(bytes)
      if case .heads = answer { report.headsBytes += UInt64(bytes) }
      exchange.answers += 1
      let bodies = bodies(in: answer, for: node)
      try feed(.answered(ticket, answer), to: node)
      count(bodies, at: node, isSecond: exchange.answers > 1)
    }
    planDue(node)
  }
}

extension PeerResource {
  /// Whether it is a part of a position: what a fetch asks for.
  var isPosition: Bool {
    switch self {
    case .deltas, .history, .snapshot, .buckets: true
    default: false
    }
  }
}
