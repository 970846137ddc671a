internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

/// Two machines of one coalition with the same store, mark and keys, and a machine that was set back together with its
/// mark: nothing on it can tell, so it may sign two histories. That is proven, shown, and ended by a new epoch.
extension Simulation {
  func setBackMachine(_ node: SimulatedNode) throws -> Bool {
    guard let kept = images[node.index], !kept.isEmpty, node.isUp, mayBeSetBack(node) else { return false }
    let image = kept[Int(random.below(UInt64(kept.count)))]
    truth.mayFork.insert(node.coalition)
    try restore(node, to: image, mark: image.mark)
    return true
  }

  /// Once in a run: both are up, both take changes, and some peers reach the one and some the other.
  func beginClone(of node: SimulatedNode) throws -> Bool {
    guard clone == nil, isOrdinary(node), nodes.count > 2 else { return false }
    let second = try SimulatedNode(
      nodes.count, in: alliance, deltaChanges: settings.deltaChanges, pageRows: settings.pageRows, of: node)
    truth.cloned(node.coalition)
    clone = second
    (node.isSetBack, second.isSetBack) = (true, true)
    second.passesUntil = now + breakerSlack
    cloneStays = random.happens(oneIn: 2)
    // Perhaps a single one: then the others must take its word for it.
    let others = nodes.indices.filter { $0 != node.index }
    let most = random.happens(oneIn: 2) ? 1 : others.count
    reachesClone = Set((0..<most).map { _ in others[Int(random.below(UInt64(others.count)))] })
    // Whom nobody reaches, nobody hears.
    if reachesClone.count == others.count { reachesClone.remove(others[0]) }
    trace.note(
      "a second machine of \(node.coalition), for \(reachesClone.sorted().map { nodes[$0].coalition })", at: now)
    try start(second)
    for machine in [node, second] {
      for _ in 0..<4 { agenda.plan(.change(machine.index), at: now + 1_000 + random.below(60_000)) }
    }
    agenda.plan(.judgeClone, at: settings.troubledUntil + 360_000)
    return true
  }

  /// After five minutes of peace, and before the operator has done anything: if anybody has a proof, everybody has, and
  /// neither machine signs.
  func judgeClone() throws {
    guard let second = clone, let number = numbers[second.coalition] else { return }
    let machines = nodes + [second]
    let epochs = machines.flatMap { $0.disk.state.proofs[second.coalition, default: [:]].keys }
    if let epoch = epochs.max(), nodes[number].membership.record(of: second.coalition)?.epochs.last?.number == epoch {
      for node in machines where node.isUp {
        guard node.disk.state.proofs[second.coalition]?[epoch] != nil else {
          throw Report.Violation(
            check: .forkIsKnown, what: "\(node.coalition) knows nothing of the two histories of \(second.coalition)")
        }
        let own = node.disk.state.receipts.first { $0.receipt.coalition == node.coalition }?.receipt
        if let entry = own?.entry(of: second.coalition), entry.epoch == epoch, entry.state != .forked {
          throw Report.Violation(
            check: .forkIsKnown, what: "\(node.coalition) says of \(second.coalition) that it is \(entry.state)")
        }
      }
      for machine in [nodes[number], second] where machine.process?.gate.isOpen ?? false {
        throw Report.Violation(check: .forkStops, what: "\(second.coalition) still signs, and two histories are proven")
      }
    }
    // One machine is shut down; if that is the first, its address is the second one's from now on.
    second.isShut = true
    let waiting = second.waiters.map(\.exchange)
    second.process = nil
    second.life += 1
    second.waiters = []
    for exchange in waiting {
      agenda.plan(.reply(exchange, .unreadable(Problem("reset", "the connection was closed"))), at: now + 50)
    }
    if cloneStays {
      let node = nodes[number]
      crash(node)
      node.disk.restore(second.disk.image)
      (node.mark, node.keys) = (second.mark, second.keys)
      (node.shown, node.setBackAt, node.passesUntil) = ([:], now, now + breakerSlack)
      flipped.removeAll { $0.node == node.index }
      truth.cloneStays(of: node.coalition)
    }
    trace.note("\(second.coalition) has one machine again, the \(cloneStays ? "second" : "first")", at: now)
    agenda.plan(.endClone, at: now + 60_000)
  }

  /// The operator looks at the machine that is left: where it must not sign, a new epoch goes on from its own history.
  func endClone() throws {
    guard let second = clone, let number = numbers[second.coalition] else { return }
    let node = nodes[number]
    guard node.isUp, let gate = node.process?.gate, gate.silent.isEmpty else {
      return agenda.plan(.endClone, at: now + 10_000)
    }
    if case .stopped = gate.state, let head = node.disk.state.positions[node.coalition]?.head {
      guard try openEpoch(node, by: node.identity, after: head, adopting: false) else {
        return agenda.plan(.endClone, at: now + 10_000)
      }
    }
    node.isSetBack = false
    // What was stated anew for flipped disks may have gone to the other machine.
    for flip in flipped where flip.coalition == node.coalition { try enqueue(.put(flip.key, random.bytes(30)), node) }
    // A twin whose clock was ahead has made receipts that count more: whoever starts anew is told of them.
    crash(node)
  }
}
