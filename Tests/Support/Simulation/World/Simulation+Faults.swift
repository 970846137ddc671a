internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

extension Simulation {
  func begin(_ entry: Schedule.Entry) throws {
    guard isTroubled, try happens(entry.fault) else { return }
    report.faults[entry.fault.kind.rawValue, default: 0] += 1
    trace.note("fault: \(entry.fault)", at: now)
    // Until whatever is signed has gone to the witness, and to nobody else.
    let duration = if case .witness = entry.fault { UInt64(20_000) } else { entry.duration }
    agenda.plan(.end(entry.fault), at: min(now + duration, settings.troubledUntil))
  }

  /// - Returns: whether there was anything for it to happen to.
  private func happens(_ fault: Fault) throws -> Bool {
    switch fault {
    case .crash(let number):
      guard nodes[number].isUp else { return false }
      crash(nodes[number])
    case .crashAt(let number, let boundary):
      nodes[number].crashesAt = boundary
      // Something to sign, so that the boundary is met.
      if boundary.rawValue <= SimulatedNode.Boundary.published.rawValue { try change(nodes[number]) }
    case .cut(let one, let other, let bothWays):
      network[one, other].isCut = true
      if bothWays { network[other, one].isCut = true }
    case .isolation(let number): each(number) { $0.isCut = true }
    case .loss(let number): each(number) { $0.lossOdds = 5 }
    case .slowness(let number): each(number) { ($0.slowness, $0.jitter) = (20, 3) }
    case .stall(let number): nodes[number].isStalling = true
    case .lies(let number): nodes[number].isLying = true
    case .fullDisk(let number): nodes[number].disk.isFull = true
    case .flippedRow(let number): return flipRow(nodes[number])
    case .flippedDelta(let number):
      let node = nodes[number]
      let held = node.disk.state.frontier
      guard !held.isEmpty else { return false }
      return node.disk.flipDelta(of: held[Int(random.below(UInt64(held.count)))].coalition)
    case .flippedPrepared(let number):
      nodes[number].flipsPrepared = true
      try change(nodes[number])
    case .restore(let number, let withMark): return try restore(nodes[number], withMark: withMark)
    case .clockJump(let number, let milliseconds): nodes[number].clock.jump(by: milliseconds, at: now)
    case .drift(let number, let millionths): nodes[number].clock.run(tooFastBy: millionths, at: now)
    case .forgetting(let number):
      for head in nodes[number].disk.state.frontier {
        nodes[number].disk.forgetDeltas(of: head.coalition, before: head.index)
      }
    case .stalledBodies(let number):
      nodes[number].stallsBodies = true
      // Several heads at once: all but the newest must be asked for.
      for _ in 0..<4 { try change(nodes[number]) }
    case .echoes(let number): each(number) { $0.echoOdds = 3 }
    case .witness(let number, let witness): return try part(nodes[number], nodes[witness])
    case .machineSetBack(let number): return try setBackMachine(nodes[number])
    case .clone(let number): return try beginClone(of: nodes[number])
    case .rotation(let number, let thief): return try rotate(nodes[number], thief: nodes[thief])
    case .brokenRule(let number, let rule): return try breakRule(nodes[number], rule)
    case .erasure(let number): return try list(toBeErasedBy: nodes[number])
    case .massWithdrawal(let number): return try listMany(nodes[number])
    }
    return true
  }

  func end(_ fault: Fault) throws {
    switch fault {
    case .cut(let one, let other, _): (network[one, other].isCut, network[other, one].isCut) = (false, false)
    case .isolation(let number): each(number) { $0.isCut = false }
    case .loss(let number): each(number) { $0.lossOdds = 0 }
    case .slowness(let number): each(number) { ($0.slowness, $0.jitter) = (1, 0) }
    case .stall(let number): nodes[number].isStalling = false
    case .lies(let number): nodes[number].isLying = false
    case .fullDisk(let number): nodes[number].disk.isFull = false
    case .crashAt(let number, _): nodes[number].crashesAt = nil
    case .flippedPrepared(let number): nodes[number].flipsPrepared = false
    case .stalledBodies(let number): nodes[number].stallsBodies = false
    case .echoes(let number): each(number) { $0.echoOdds = 0 }
    case .rotation(_, let thief): nodes[thief].isLying = false
    case .witness(let number, let witness): try setBack(nodes[number], beside: nodes[witness])
    case .brokenRule(let number, _): if try !repent(nodes[number]) { return agenda.plan(.end(fault), at: now + 5_000) }
    case .erasure(let number): if try !erase(nodes[number]) { return agenda.plan(.end(fault), at: now + 5_000) }
    case .massWithdrawal(let number): try withdrawMany(nodes[number])
    default: return
    }
    keepCut()
    trace.note("over: \(fault)", at: now)
  }

  /// The pair that never reach each other again.
  func keepCut() {
    guard settings.keepsCut, haveMet, let last = nodes.indices.last else { return }
    (network[0, last].isCut, network[last, 0].isCut) = (true, true)
  }

  private func each(_ number: Int, _ change: (inout SimulatedNetwork.Way) -> Void) {
    for other in nodes.indices where other != number {
      change(&network[number, other])
      change(&network[other, number])
    }
  }

  /// In another's position: in its own a coalition would sign on top of it, which only its operator can mend.
  private func flipRow(_ node: SimulatedNode) -> Bool {
    let held = node.disk.state.frontier.filter { $0.coalition != node.coalition }
    guard !held.isEmpty else { return false }
    let coalition = held[Int(random.below(UInt64(held.count)))].coalition
    guard let key = node.disk.flipRow(of: coalition, number: Int(random.below(64))) else { return false }
    flipped.append(FlippedRow(node: node.index, coalition: coalition, key: key))
    return true
  }

  /// An operator restores a backup: everything that the store knew since is gone, and he enters again what was entered since.
  private func restore(_ node: SimulatedNode, withMark: Bool) throws -> Bool {
    guard let kept = images[node.index], !kept.isEmpty, node.isUp, mayBeSetBack(node) else { return false }
    let image = kept[Int(random.below(UInt64(kept.count)))]
    try restore(node, to: image, mark: withMark ? node.mark : nil)
    return true
  }

  /// Nothing is under way with it that an older store would not know how to end.
  func mayBeSetBack(_ node: SimulatedNode) -> Bool { node.lastGood == nil && clone?.coalition != node.coalition }

  func restore(_ node: SimulatedNode, to saved: SavedImage, mark: HeadReference?) throws {
    let (taken, kept) = (saved.at, images[node.index] ?? [])
    let own = node.disk.state.positions[node.coalition]?.head
    crash(node)
    node.disk.restore(saved.image)
    node.disk.isFull = false
    node.setBackAt = now
    node.passesUntil = now + breakerSlack
    flipped = flipped.filter { $0.node != node.index } + saved.flips
    node.mark = mark
    node.shown = [:]
    breakers[node.index] = nil
    // Who goes back does not come forward again to what he had abandoned.
    images[node.index] = kept.filter { $0.at <= taken }
    let restored = node.disk.state.positions[node.coalition]?.head
    let held = newestHeld(of: node.coalition)
    truth.forget(after: held?.isAfter(restored) ?? false ? held : restored, of: node.coalition)
    if node.disk.state.positions[node.coalition]?.head != own { node.isSetBack = true }
    for change in truth.acknowledged[node.coalition, default: []] where change.at >= taken {
      try enqueue(change.content, node)
    }
    for (_, listing) in truth.erasures[node.coalition, default: [:]].sorted(by: { $0.key < $1.key })
    where listing.at >= taken { try erase(listing.key, node) }
    trace.note("\(node.coalition) is restored to \(Trace.clock(taken)), set back: \(node.isSetBack)", at: now)
  }

  /// Only the witness hears what the node signs next.
  private func part(_ node: SimulatedNode, _ witness: SimulatedNode) throws -> Bool {
    guard isOrdinary(node), witness.isUp, witness.lastGood == nil, mayBeSetBack(witness), nodes.count > 2 else {
      return false
    }
    saved[node.index] = savedImage(of: node)
    for one in [node.index, witness.index] {
      for other in nodes.indices where other != node.index && other != witness.index {
        (network[one, other].isCut, network[other, one].isCut) = (true, true)
      }
    }
    for _ in 0..<2 { try change(node) }
    return true
  }

  /// The node is restored to what it was before, with its mark, and meets all others, but not the witness.
  private func setBack(_ node: SimulatedNode, beside witness: SimulatedNode) throws {
    each(witness.index) { $0.isCut = false }
    each(node.index) { $0.isCut = false }
    guard let image = saved[node.index], node.isUp, mayBeSetBack(node) else { return }
    each(witness.index) { $0.isCut = true }
    agenda.plan(
      .end(.isolation(witness.index)), at: min(now + 30_000 + random.below(600_000), settings.troubledUntil))
    try restore(node, to: image, mark: node.mark)
  }

  func savedImage(of node: SimulatedNode) -> SavedImage {
    SavedImage(
      at: now, image: node.disk.image, mark: node.mark, flips: flipped.filter { $0.node == node.index })
  }
}

extension Simulation {
  /// Mistakes of a disk that no pure room can make: commits that are not synced.
  func plantDisks() {
    guard planted(.syncNotAwaited) else { return }
    for node in nodes { node.disk.stopSyncing() }
  }
}
