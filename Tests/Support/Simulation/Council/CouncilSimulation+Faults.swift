internal import Alliance
internal import Seeded
internal import Wire

/// What goes wrong while rosters are decided.
enum CouncilFault {
  case crash(Int)
  case cut(Int, Int)
  case isolation(Int)
  case loss(Int)
  case echoes(Int)
  /// Nobody walks to the safe.
  case away(Int)
  /// An earlier copy of the disk; what lies beside the identity key stays, or is lost too.
  case restore(Int, losesPledge: Bool)

  static func draw(members: Int, _ random: inout SeededRandom) -> CouncilFault {
    let node = Int(random.below(UInt64(members)))
    let other = (node + 1 + Int(random.below(UInt64(members - 1)))) % members
    return switch random.below(8) {
    case 0: .crash(node)
    case 1: .cut(node, other)
    case 2, 3: .isolation(node)
    case 4: .loss(node)
    case 5: .echoes(node)
    case 6: .away(node)
    default: .restore(node, losesPledge: random.happens(oneIn: 2))
    }
  }
}

extension CouncilSimulation {
  func begin(_ fault: CouncilFault) {
    guard isTroubled else { return }
    trace.note("fault: \(fault)", at: now)
    switch fault {
    case .crash(let number): crash(nodes[number])
    case .cut(let one, let other): (network[one, other].isCut, network[other, one].isCut) = (true, true)
    case .isolation(let number): each(number) { $0.isCut = true }
    case .loss(let number): each(number) { $0.lossOdds = 3 }
    case .echoes(let number): each(number) { $0.echoOdds = 3 }
    case .away(let number): nodes[number].isAway = true
    case .restore(let number, let losesPledge): restore(nodes[number], losesPledge: losesPledge)
    }
    agenda.plan(.end(fault), at: min(now + 60_000 + random.below(7_200_000), settings.troubledUntil))
  }

  func end(_ fault: CouncilFault) {
    switch fault {
    case .cut(let one, let other): (network[one, other].isCut, network[other, one].isCut) = (false, false)
    case .isolation(let number): each(number) { $0.isCut = false }
    case .loss(let number): each(number) { $0.lossOdds = 0 }
    case .echoes(let number): each(number) { $0.echoOdds = 0 }
    case .away(let number): nodes[number].isAway = false
    case .crash, .restore: break
    }
  }

  private func each(_ number: Int, _ change: (inout SimulatedNetwork.Way) -> Void) {
    for other in nodes.indices where other != number {
      change(&network[number, other])
      change(&network[other, number])
    }
  }

  func crash(_ node: CouncilNode) {
    guard node.isUp else { return }
    outcome.crashes += 1
    let waiting = node.waiters.map(\.exchange)
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
    images[node.index, default: []].append(node.disk)
    if images[node.index, default: []].count > 4 { images[node.index]?.removeFirst() }
  }

  private func restore(_ node: CouncilNode, losesPledge: Bool) {
    guard node.isUp, let kept = images[node.index], !kept.isEmpty else { return }
    outcome.restores += 1
    crash(node)
    node.disk = kept[Int(random.below(UInt64(kept.count)))]
    guard losesPledge else { return }
    node.pledge = nil
    // What was signed about any number that was open since may be signed otherwise now.
    for number in 2...(UInt32(inForce.count) + 3) { forgetful[number, default: []].insert(node.coalition) }
  }
}
