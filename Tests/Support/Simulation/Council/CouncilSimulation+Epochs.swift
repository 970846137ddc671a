internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// New epochs: in ordinary times, where a node asks for one, and of who was removed, to come back with.
extension CouncilSimulation {
  /// The operator looks why nothing is signed, and now and then makes a new key.
  func operate(_ node: CouncilNode) throws {
    guard node.isUp, let gate = node.machine.process?.gate, !awaitsIdentity(node) else { return }
    let head = node.machine.disk.state.positions[node.coalition]?.head
    switch gate.state {
    case .waiting: return
    case .open:
      guard isTroubled, random.happens(oneIn: 40), let head else { return }
      try openEpoch(node, after: head, adopting: false)
    case .stopped(let problem):
      switch problem.code {
      case "removed":
        let isRetired = node.machine.author.epoch <= node.roster.retiredEpoch(of: node.coalition)
        guard isRetired, random.happens(oneIn: 4) else { return }
        try openEpoch(node, after: head, adopting: false)
      // Until a roster pins one of two records of ours, no later one counts.
      case RecordConflict.code: return
      case "epoch-retired", "sign-mark-ahead": try openEpoch(node, after: head, adopting: false)
      // Somebody else has its key, and what it said itself is here.
      case _ where truth.mayFork.contains(node.coalition) && !mayLose.contains(node.coalition):
        try openEpoch(node, after: head, adopting: false)
      case "forked": try openEpoch(node, after: head, adopting: false)
      default:
        guard let copied = gate.copied else { return }
        try openEpoch(node, after: copied, adopting: true)
      }
    }
  }

  private func openEpoch(_ node: CouncilNode, after copied: HeadReference?, adopting: Bool) throws {
    guard let identity = node.identity else { return }
    _ = try openEpoch(node.machine, by: identity, after: copied, adopting: adopting)
  }
}
