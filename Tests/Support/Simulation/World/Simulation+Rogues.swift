internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

/// A coalition that signs what breaks a rule, until its operator opens a new epoch from its last good head: everyone holds
/// it there, and nobody else is disturbed.
extension Simulation {
  func breakRule(_ node: SimulatedNode, _ rule: BrokenRule) throws -> Bool {
    guard isOrdinary(node), let entry = try rule.make(by: node, &random) else { return false }
    let head = entry.head.reference
    node.lastGood = node.disk.state.part(node.coalition)
    node.isSetBack = true
    rogues.insert(node.coalition)
    truth.breaksRule(head)
    try truth.signed(entry.head)
    // Its own software is not ours: it shows the head as its newest one.
    var part = node.disk.state
    part.positions[node.coalition]?.head = head
    part.newest[node.coalition] = entry.head
    part.heads[node.coalition, default: []].append(entry)
    part.names[node.coalition, default: []].append(head)
    part.frontier.removeAll { $0.coalition == node.coalition }
    part.frontier = (part.frontier + [head]).sorted { $0.coalition < $1.coalition }
    node.disk.state = part
    node.disk.touch()
    node.process?.gate.stop(SimulatedNode.rogue)
    node.process?.feed.headCommitted(of: node.coalition)
    try wake(node)
    return true
  }

  /// The operator goes back to the last good head, and a new epoch goes on from there.
  /// - Returns: false if it must be tried again.
  func repent(_ node: SimulatedNode) throws -> Bool {
    guard let part = node.lastGood else { return true }
    guard node.isUp, !node.disk.isFull else { return false }
    node.lastGood = nil
    node.disk.state.put(part, of: node.coalition)
    node.shown[node.coalition] = part.position?.head
    node.disk.touch()
    guard let head = part.position?.head else { return true }
    return try openEpoch(node, by: node.identity, after: head, adopting: false)
  }

  /// Whether nothing out of the ordinary is under way with it: it is up, may sign, and is whole.
  func isOrdinary(_ node: SimulatedNode) -> Bool {
    guard node.isUp, let gate = node.process?.gate, gate.isOpen, !node.isSetBack, !node.opensEpoch,
      node.lastGood == nil,
      node.disk.state.prepared == nil, node.disk.state.positions[node.coalition]?.head != nil, !node.disk.isFull
    else { return false }
    return clone?.coalition != node.coalition
  }

  /// A fault that is the coalition's costs nobody a link.
  func checkDropped(_ peer: CoalitionID, by node: SimulatedNode) throws {
    guard let code = node.process?.puller.links.first(where: { $0.peer == peer })?.problem?.code else { return }
    let coalitions = [
      "live-digest-differs", "live-counts-differ", "delta-too-large", "delta-key-twice", "delta-undecodable",
      "delta-malformed", "delta-count", "delta-size", "head-gap", "head-time", "head-floor", "snapshot-differs",
    ]
    guard !coalitions.contains(code) else {
      throw Report.Violation(check: .linkStays, what: "\(node.coalition) drops \(peer) because of \(code)")
    }
  }
}
