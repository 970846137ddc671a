internal import Seeded

/// When what goes wrong: drawn from the seed before the run begins.
enum Schedule {
  struct Entry {
    let at: UInt64
    let fault: Fault
    /// How long it lasts, where it lasts.
    let duration: UInt64
  }

  static func draw(_ settings: Simulation.Settings, random: inout SeededRandom) -> [Entry] {
    let days = Double(settings.troubledUntil) / 86_400_000
    let count = max(4, Int(Double(settings.nodes) * days * settings.faultsPerNodeDay))
    // Who restores without his mark asks everybody, and one of two that are cut off never answers.
    let kinds = settings.kinds.filter { !settings.keepsCut || ![.restore, .witness].contains($0) }
    guard !kinds.isEmpty, settings.nodes > 1 else { return [] }
    let all = [FaultKind?](repeating: nil, count: count) + settings.surely
    return all.map { sure in
      let kind = sure ?? kinds[Int(random.below(UInt64(kinds.count)))]
      // Most are short, some last.
      let longest = min(settings.troubledUntil / 4, random.happens(oneIn: 4) ? 3_600_000 : 120_000)
      return Entry(
        at: random.below(settings.troubledUntil), fault: fault(kind, settings.nodes, &random),
        duration: 1_000 + random.below(max(1, longest)))
    }.sorted { $0.at < $1.at }
  }

  private static func fault(_ kind: FaultKind, _ nodes: Int, _ random: inout SeededRandom) -> Fault {
    let node = Int(random.below(UInt64(nodes)))
    func another() -> Int { (node + 1 + Int(random.below(UInt64(nodes - 1)))) % nodes }
    switch kind {
    case .crash: return .crash(node)
    case .crashAt:
      let boundaries = SimulatedNode.Boundary.allCases
      return .crashAt(node, boundaries[Int(random.below(UInt64(boundaries.count)))])
    case .cut:
      return .cut(node, another(), bothWays: random.happens(oneIn: 2))
    case .isolation: return .isolation(node)
    case .loss: return .loss(node)
    case .slowness: return .slowness(node)
    case .stall: return .stall(node)
    case .lies: return .lies(node)
    case .fullDisk: return .fullDisk(node)
    case .flippedRow: return .flippedRow(node)
    case .flippedDelta: return .flippedDelta(node)
    case .flippedPrepared: return .flippedPrepared(node)
    case .restore: return .restore(node, withMark: random.happens(oneIn: 2))
    case .clockJump:
      let days = Int64(random.below(80)) - 40
      return .clockJump(node, milliseconds: days * 86_400_000 + Int64(random.below(86_400_000)))
    case .drift: return .drift(node, millionths: Int64(random.below(20_000)) - 10_000)
    case .forgetting: return .forgetting(node)
    case .stalledBodies: return .stalledBodies(node)
    case .echoes: return .echoes(node)
    case .witness: return .witness(node, another())
    case .machineSetBack: return .machineSetBack(node)
    case .clone: return .clone(node)
    case .rotation: return .rotation(node, thief: another())
    case .brokenRule:
      let rules = BrokenRule.allCases
      return .brokenRule(node, rules[Int(random.below(UInt64(rules.count)))])
    case .erasure: return .erasure(node)
    case .massWithdrawal: return .massWithdrawal(node)
    }
  }
}
