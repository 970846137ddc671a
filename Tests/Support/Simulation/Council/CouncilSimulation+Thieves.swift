internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// A machine that some members reach in the place of the one whose signing key was stolen.
struct Thief {
  let machine: SimulatedNode
  let reach: Set<Int>
}

/// What somebody does with stolen keys: signs a second history, many records, or two of one number.
extension CouncilSimulation {
  // MARK: a signing key

  /// A copy of the store, with the key, signs what its owner never said, and is taken for it by some.
  func stealKey(of node: CouncilNode) throws {
    let machine = node.machine
    guard thieves.isEmpty, node.isUp, node.isMember, !node.isLiar, machine.process?.gate.isOpen ?? false,
      machine.authorProblem == nil, machine.disk.state.prepared == nil, !machine.opensEpoch, !machine.disk.isFull,
      let key = machine.keys[machine.author.epoch], node.head(of: node.coalition)?.epoch == machine.author.epoch,
      let forged = StatementKey([9] + random.bytes(32))
    else { return }
    let copy = SimulatedNode(
      node.index, of: node.coalition, file: machine.file, identity: machine.identity, key: key, deltaChanges: 3,
      pageRows: 3)
    copy.disk.restore(machine.disk.image)
    (copy.mark, copy.keys) = (machine.mark, machine.keys)
    let statement = random.bytes(20)
    try copy.disk.write { try $0.enqueue([.put(forged, statement: statement)]) }
    _ = try copy.start(at: now, random: &random)
    truth.mayFork.insert(node.coalition)
    outcome.thefts += 1
    for name in try copy.sign(at: now, random: &random) {
      let entry = try copy.disk.read { try $0.entry(of: name.coalition, epoch: name.epoch, index: name.index) }
      if let entry { try truth.signed(entry.head) }
      trace.note("somebody signs \(name) with a stolen key", at: now)
    }
    var reach: Set<Int> = []
    for other in nodes where other !== node && (random.happens(oneIn: 2) || reach.isEmpty) { reach.insert(other.index) }
    thieves[node.index] = Thief(machine: copy, reach: reach)
    try change(node)
  }

  /// What whoever is reached in its place says; nil if that is itself.
  func thiefSays(_ machine: SimulatedNode, to exchange: Exchange, mayWait: Bool) throws -> Served? {
    guard let thief = thieves[machine.index], thief.reach.contains(exchange.asker) else { return nil }
    let resource = exchange.ticket.resource
    return try thief.machine.raw(resource, from: nodes[exchange.asker].coalition, mayWait: mayWait)
      .map { try Served($0, to: resource) }
  }

  // MARK: an identity key

  /// - Returns: false if it is no time for that.
  private func steal(identityOf node: CouncilNode) -> Bool {
    guard mayLoseIdentity(node), nodes.allSatisfy({ !$0.isRobbed }), node.elector != nil else { return false }
    node.isRobbed = true
    outcome.thefts += 1
    trace.note("somebody has the identity key of \(node.coalition)", at: now)
    return true
  }

  func beginFlood(of node: CouncilNode) throws {
    guard let last = node.machine.membership.record(of: node.coalition), steal(identityOf: node) else { return }
    try flood(node, after: last, left: 9)
  }

  /// One record more, shown to somebody.
  func flood(_ node: CouncilNode, after last: MemberRecord, left: Int) throws {
    guard node.isRobbed, left > 0, let identity = node.identity else {
      floods.remove(node.index)
      return
    }
    floods.insert(node.index)
    let record = try last.next(
      RecordChange(endpoints: ["elsewhere-\(left).example.org:7473"]), in: node.machine.membership.alliance,
      identity: identity)
    forged[node.coalition, default: []].append(record)
    let listener = nodes[Int(random.below(UInt64(nodes.count)))]
    if listener !== node { try show(forged[node.coalition] ?? [], of: node, to: listener) }
    agenda.plan(.flood(node.index, last: record, left: left - 1), at: now + 60_000 + random.below(240_000))
  }

  /// Two that follow one record, each shown to somebody else.
  func signTwoRecords(of node: CouncilNode) throws {
    guard let last = node.machine.membership.record(of: node.coalition), steal(identityOf: node),
      let identity = node.identity
    else { return }
    let others = nodes.filter { $0 !== node && $0.isUp && $0.isMember }
    guard others.count > 1 else { return }
    let start = Int(random.below(UInt64(others.count)))
    for number in 0...1 {
      let record = try last.next(
        RecordChange(endpoints: ["elsewhere-\(number).example.net:7473"]), in: node.machine.membership.alliance,
        identity: identity)
      try show([record], of: node, to: others[(start + number) % others.count])
    }
  }

  private func show(_ records: [MemberRecord], of node: CouncilNode, to listener: CouncilNode) throws {
    guard listener.isUp, listener.roster.member(node.coalition) != nil else { return }
    var events: [Puller.Event] = []
    try keep(records, of: node.coalition, listener, &events)
    for event in events { try feed(event, to: listener) }
  }
}
