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
}
