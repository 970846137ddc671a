internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

/// What one node has seen a coalition take back lately, counted by the simulation and not by the breaker.
struct BreakerLog {
  var taken: [(at: UInt64, rows: Int)] = []
  var most: UInt64 = 0
  var passesUntil: UInt64 = 0
}

/// Coalitions that take back most of what they state, and operators who release that, or wait until it is applied.
extension Simulation {
  var breaker: Breaker.Limits {
    var limits = Breaker.Limits.standard
    if settings.hasTightBreaker {
      (limits.window, limits.patience, limits.leastStatements) = (600_000, 300_000, 20)
    }
    return limits
  }

  /// After a trip: until it is applied, the longest hold more, and the window in which all passes then.
  var breakerSlack: UInt64 { breaker.patience + 2 * 600_000 + 2 * breaker.window }

  func listMany(_ node: SimulatedNode) throws -> Bool {
    guard settings.hasTightBreaker, isOrdinary(node) else { return false }
    for _ in 0..<24 {
      guard let key = StatementKey([Facet.listing.rawValue] + random.bytes(32)) else { return false }
      try enqueue(.put(key, random.bytes(40)), node)
    }
    planDue(node)
    return true
  }

  func withdrawMany(_ node: SimulatedNode) throws {
    guard node.isUp, node.lastGood == nil else { return }
    for (number, row) in (node.disk.state.rows[node.coalition]?.all ?? []).enumerated() where number % 8 != 0 {
      try enqueue(.remove(row.key), node)
    }
    planDue(node)
  }

  /// The operator looks, or does not.
  func noteBreaker(_ coalition: CoalitionID, at node: SimulatedNode) {
    report.breakers += 1
    breakers[node.index, default: [:]][coalition] = BreakerLog(passesUntil: now + breakerSlack)
    if node.index < nodes.count, random.happens(oneIn: 2) {
      agenda.plan(.release(node.index, coalition), at: now + 60_000 + random.below(600_000))
    }
  }

  func release(_ coalition: CoalitionID, at node: SimulatedNode) throws {
    guard node.isUp, !node.disk.isFull, node.disk.state.holds[coalition]?.code == "breaker" else { return }
    let wall = node.clock.wall(at: now)
    try node.disk.write { writer in
      if var window = try writer.changeWindow(of: coalition) {
        Breaker.release(&window, before: try writer.position(of: coalition), now: wall, limits: breaker)
        try writer.save(window, of: coalition)
      }
      try writer.saveHold(nil, of: coalition)
    }
    trace.note("\(node.coalition) releases \(coalition)", at: now)
    noteChange(node)
    try feed(.released(coalition), to: node)
    planDue(node)
  }

  /// More than half of a position cannot go within one window, whichever way the windows fall, unless somebody let it.
  func checkBreaker(
    _ applied: [HeadReference], _ entries: [StoredEntry], before: Position?, of coalition: CoalitionID,
    at node: SimulatedNode
  ) throws {
    guard settings.hasTightBreaker, let before, before.head != nil, node.clock.isRight else {
      breakers[node.index]?[coalition] = nil
      return
    }
    var log = breakers[node.index, default: [:]][coalition] ?? BreakerLog()
    for entry in entries where applied.contains(entry.head.reference) {
      let changes = try Delta(bytes: entry.delta).changes
      log.taken.append((now, changes.reduce(0) { if case .remove = $1 { $0 + 1 } else { $0 } }))
    }
    log.taken.removeAll { $0.at + breaker.window < now }
    let statements = node.disk.state.positions[coalition]?.statements ?? 0
    let taken = UInt64(log.taken.reduce(0) { $0 + $1.rows })
    breakers[node.index, default: [:]][coalition] = log
    guard now >= log.passesUntil, now >= node.passesUntil, statements + taken >= 4 * breaker.leastStatements / 2,
      taken > (statements + taken) * 5 / 8
    else { return }
    throw Report.Violation(
      check: .breakerHolds,
      what: "\(node.coalition) let \(coalition) take back \(taken) of \(statements + taken) statements at once")
  }
}
