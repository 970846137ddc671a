internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

/// What goes wrong while rosters are decided.
enum CouncilFault {
  case crash(Int)
  case crashAt(Int, SimulatedNode.Boundary)
  case cut(Int, Int)
  case isolation(Int)
  /// Nobody hears of what it has just signed for hours.
  case cutOff(Int)
  case loss(Int)
  case echoes(Int)
  case fullDisk(Int)
  /// Nobody walks to the safe.
  case away(Int)
  /// An earlier copy of the disk; what lies beside the identity key stays, or is lost too.
  case restore(Int, losesPledge: Bool)
  /// An earlier copy of the store alone.
  case restoreStore(Int)
  /// What lies beside the identity key is as it was before the last signature.
  case olderPledge(Int)
  case loseIdentity(Int)
  /// Somebody has its signing key, and is taken for it by some.
  case stolenKey(Int)
  /// Somebody has its identity key, and signs many records with it, or two of one number.
  case flood(Int)
  case twoRecords(Int)

  static func draw(members: Int, _ random: inout SeededRandom) -> CouncilFault {
    let node = Int(random.below(UInt64(members)))
    let other = (node + 1 + Int(random.below(UInt64(members - 1)))) % members
    return switch random.below(19) {
    case 0: .crash(node)
    case 1, 2:
      .crashAt(node, SimulatedNode.Boundary.allCases[Int(random.below(UInt64(SimulatedNode.Boundary.allCases.count)))])
    case 3, 4: .cut(node, other)
    case 5, 6, 7: .isolation(node)
    case 8: .loss(node)
    case 9: .echoes(node)
    case 10: .away(node)
    case 11, 12: .restore(node, losesPledge: random.happens(oneIn: 2))
    case 13: .restoreStore(node)
    case 14: random.happens(oneIn: 2) ? .olderPledge(node) : .fullDisk(node)
    case 15: .loseIdentity(node)
    case 16: .stolenKey(node)
    case 17: .flood(node)
    default: .twoRecords(node)
    }
  }
}

extension CouncilSimulation {
  func begin(_ fault: CouncilFault) throws {
    guard isTroubled else { return }
    trace.note("fault: \(fault)", at: now)
    switch fault {
    case .crash(let number): try crash(nodes[number])
    case .crashAt(let number, let boundary): nodes[number].machine.crashesAt = boundary
    case .cut(let one, let other): (network[one, other].isCut, network[other, one].isCut) = (true, true)
    case .isolation(let number), .cutOff(let number): each(number) { $0.isCut = true }
    case .loss(let number): each(number) { $0.lossOdds = 3 }
    case .echoes(let number): each(number) { $0.echoOdds = 3 }
    case .fullDisk(let number): nodes[number].machine.disk.isFull = true
    case .away(let number): nodes[number].isAway = true
    case .restore(let number, let losesPledge): try restore(nodes[number], losesPledge: losesPledge)
    case .restoreStore(let number): try restoreStore(nodes[number])
    case .olderPledge(let number): takeOlderPledge(nodes[number])
    case .loseIdentity(let number): loseIdentity(nodes[number])
    case .stolenKey(let number): try stealKey(of: nodes[number])
    case .flood(let number): try beginFlood(of: nodes[number])
    case .twoRecords(let number): try signTwoRecords(of: nodes[number])
    }
    let least: UInt64 = if case .cutOff = fault { 7_200_000 } else { 60_000 }
    agenda.plan(.end(fault), at: min(now + least + random.below(7_200_000), settings.troubledUntil))
  }

  func end(_ fault: CouncilFault) {
    switch fault {
    case .cut(let one, let other): (network[one, other].isCut, network[other, one].isCut) = (false, false)
    case .isolation(let number), .cutOff(let number), .restore(let number, _): each(number) { $0.isCut = false }
    case .loss(let number): each(number) { $0.lossOdds = 0 }
    case .echoes(let number): each(number) { $0.echoOdds = 0 }
    case .fullDisk(let number): nodes[number].machine.disk.isFull = false
    case .away(let number): nodes[number].isAway = false
    case .crashAt(let number, _): nodes[number].machine.crashesAt = nil
    case .stolenKey(let number): thieves[number] = nil
    case .crash, .restoreStore, .olderPledge, .loseIdentity, .flood, .twoRecords: break
    }
  }

  private func each(_ number: Int, _ change: (inout SimulatedNetwork.Way) -> Void) {
    for other in nodes.indices where other != number {
      change(&network[number, other])
      change(&network[other, number])
    }
  }

  func crash(_ node: CouncilNode) throws {
    guard node.isUp else { return }
    outcome.crashes += 1
    // A crash may fall between publishing and telling.
    for entry in node.machine.disk.state.heads[node.coalition] ?? [] { try truth.signed(entry.head) }
    let waiting = node.machine.waiters.map(\.exchange)
    node.crash()
    for exchange in waiting {
      agenda.plan(.reply(exchange, .unreadable(Problem("reset", "the connection was closed"))), at: now + 50)
    }
    trace.note("\(node.coalition) crashes", at: now)
    agenda.plan(.start(node.index), at: now + 1_000 + random.below(600_000))
  }

  func keepImage() {
    guard isTroubled, random.happens(oneIn: 10) else { return }
    let node = nodes[Int(random.below(UInt64(nodes.count)))]
    guard node.isUp else { return }
    images[node.index, default: []].append(node.image)
    if images[node.index, default: []].count > 4 { images[node.index]?.removeFirst() }
  }

  private func restore(_ node: CouncilNode, losesPledge: Bool) throws {
    guard let image = try takeImage(of: node) else { return }
    // What was signed about rosters that were open since may be signed otherwise now, by no more members than may lie.
    let lost = (image.file.roster.number + 1)...(max(node.setBackAt, image.file.roster.number) + 1)
    let forgets = losesPledge && lost.allSatisfy { mayForget(node, about: $0) }
    (node.machine.file, node.said) = (image.file, image.said)
    node.machine.disk.restore(image.ledger)
    node.told = (image.file.roster.number, [])
    // Where a machine is made anew, somebody stands beside it, and the network may not be there yet.
    if random.happens(oneIn: 3) { each(node.index) { $0.isCut = true } }
    agenda.plan(.person(node.index, again: false), at: now + 900_000)
    guard forgets else { return }
    (node.pledge, node.olderPledge) = (nil, nil)
    for number in lost { forgetful[number, default: []].insert(node.coalition) }
  }

  private func restoreStore(_ node: CouncilNode) throws {
    guard let image = try takeImage(of: node) else { return }
    node.machine.disk.restore(image.ledger)
  }

  private func takeImage(of node: CouncilNode) throws -> CouncilNode.Image? {
    guard node.isUp, let kept = images[node.index], !kept.isEmpty else { return nil }
    // A roster that nobody else has heard of yet would be lost for good.
    guard nodes.contains(where: { $0 !== node && $0.machine.file.roster.number >= node.roster.number }) else {
      return nil
    }
    outcome.restores += 1
    let number = node.roster.number
    try crash(node)
    node.setBackAt = max(number, node.machine.file.roster.number)
    node.machine.shown = [:]
    (node.shownRecords, node.recordsCame) = ([:], [:])
    mayLose.insert(node.coalition)
    return kept[Int(random.below(UInt64(kept.count)))]
  }

  /// Whether it may be one more of those who lie or have forgotten what they signed about a roster.
  private func mayForget(_ node: CouncilNode, about number: UInt32) -> Bool {
    guard let roster = rosters[number - 1] else { return false }
    let liars = nodes.filter { $0.isLiar && roster.member($0.coalition) != nil }.map(\.coalition)
    let faulty = forgetful[number, default: []].union(liars).union([node.coalition])
    return faulty.count <= (roster.members.count - 1) / 3
  }

  /// Harmless as long as its own node knows what it signed since.
  private func takeOlderPledge(_ node: CouncilNode) {
    guard let older = node.olderPledge, node.setBackAt < node.roster.number else { return }
    (node.pledge, node.olderPledge) = (older, nil)
  }

  private func loseIdentity(_ node: CouncilNode) {
    guard mayLoseIdentity(node), !node.isRobbed else { return }
    node.oldIdentity = node.identity
    (node.identity, node.pledge, node.olderPledge) = (nil, nil, nil)
  }

  /// One at a time, and never of those without whom nothing is decided.
  func mayLoseIdentity(_ node: CouncilNode) -> Bool {
    let liars = nodes.count { $0.isLiar && node.roster.member($0.coalition) != nil }
    return !node.isLiar && node.isMember && nodes.allSatisfy { $0.identity != nil && !$0.isRobbed }
      && !needsEverybody() && (liars == 0 || liars + 1 <= (node.roster.members.count - 1) / 3)
  }
}
