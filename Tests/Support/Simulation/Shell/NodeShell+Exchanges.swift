internal import Alliance
internal import Replication
internal import Seeded
internal import Wire

extension NodeShell {
  func send(_ ticket: Puller.Ticket, from machine: SimulatedNode) throws {
    guard let peer = number(of: ticket.peer, askedBy: machine) else { return }
    try happened(.asks(peer), at: machine)
    let exchange = Exchange(ticket: ticket, asker: machine.index, life: machine.life, peer: peer, sentAt: now)
    trace.count(1, machine.index, peer, at: now)
    switch network.fate(from: machine.index, to: peer, random: &random) {
    case .lost: lose(exchange)
    case .arrives(let delay):
      agenda.plan(.request(exchange), at: now + delay)
      if let echo = network.echo(from: machine.index, to: peer, random: &random) {
        agenda.plan(.request(exchange), at: now + delay + echo)
      }
    }
  }

  /// The asker hears nothing until its patience ends.
  private func lose(_ exchange: Exchange) {
    noteLost()
    if planted(.fetchWithoutLimit), exchange.ticket.resource.isPosition { return }
    let failure = Served.unreadable(Problem("timeout", "nothing came"))
    agenda.plan(.reply(exchange, failure), at: max(now + 1, exchange.limit))
  }

  func serve(_ exchange: Exchange, mayWait: Bool) throws {
    guard let peer = machine(exchange.peer), machine(exchange.asker) != nil, peer.isUp else {
      return reply(.unreadable(Problem("unreachable", "nobody listens")), to: exchange)
    }
    guard let served = try says(peer, to: exchange, mayWait: mayWait) else { return lose(exchange) }
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

  func endPoll(_ machine: SimulatedNode, id: UInt64) throws {
    guard let place = machine.waiters.firstIndex(where: { $0.id == id }) else { return }
    let exchange = machine.waiters.remove(at: place).exchange
    try serve(exchange, mayWait: false)
  }

  /// Answers those who wait for a head, or for a receipt that they asked for.
  func wake(_ machine: SimulatedNode, receiptOf coalition: CoalitionID? = nil) throws {
    guard !machine.waiters.isEmpty else { return }
    var woken: [Exchange] = []
    machine.waiters.removeAll { waiter in
      if let coalition, coalition != machine.coalition {
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
    guard let machine = machine(exchange.asker), machine.life == exchange.life, machine.isUp else { return }
    trace.count(2, exchange.asker, exchange.peer, at: now)
    let ticket = exchange.ticket
    switch served {
    case .wait: break
    case .problem(let problem): try feed(.resourceFailed(ticket, problem), to: machine)
    case .unreadable(let problem): try feed(.linkFailed(ticket, problem), to: machine)
    case .answer(let answer, let bytes):
      exchange.answers += 1
      try take(answer, bytes: bytes, exchange, machine)
    }
    planDue(machine)
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
