internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// Heads of a node's own that are not there, and new epochs: in ordinary times, where a node asks for one, and of who was removed, to
/// come back with.
extension CouncilSimulation {
  func ownHeadShown(
    by peer: CoalitionID, _ head: Head?, _ node: CouncilNode, _ events: inout [Puller.Event]
  ) throws {
    let machine = node.machine
    let shown: HeadReference?
    let isKnown: Bool
    switch try SignGate.judge(
      head, under: machine.membership.headAuthority(of: node.coalition),
      knows: { head, authority in
        try machine.disk.read { try SignGate.knows(head, authority: authority, reading: $0) }
      })
    {
    case .unreadable(let fault):
      return events.append(.stopped(node.coalition, fault, at: head?.reference, from: peer))
    case .counts(let counted, let known): (shown, isKnown) = (counted, known)
    }
    let before = machine.process?.gate.state
    machine.process?.gate.answered(by: peer, showing: shown, known: isKnown)
    guard let gate = machine.process?.gate else { return }
    if gate.state != before, case .stopped(let problem) = gate.state {
      trace.note("\(node.coalition) stops signing: \(problem.code)", at: now)
      guard mayLose.contains(node.coalition) || machine.authorProblem != nil else {
        throw Report.Violation(check: .signingGoesOn, what: "\(node.coalition) was not set back: \(problem)")
      }
    }
    if !isKnown, gate.isRecovering, gate.copied == nil { events.append(.recoverOwn(true)) }
    if gate.isOpen { machine.process?.signDue = now }
  }

  func ownPositionIsHere(_ head: HeadReference, _ node: CouncilNode, _ events: inout [Puller.Event]) throws {
    let machine = node.machine
    machine.process?.gate.copied(head)
    guard machine.process?.gate.copied == head else { return events.append(.recoverOwn(true)) }
    let newest = machine.membership.record(of: node.coalition)?.epochs.last
    guard SignGate.adopts(head, decided: machine.mark, newest: newest) else { return }
    let adopted = try machine.disk.write {
      try Snapshot.adopt(of: node.coalition, membership: machine.membership, writer: $0)
    }
    guard adopted != nil else { return }
    machine.process?.gate.adopted()
    trace.note("\(node.coalition) has its position \(head) back from its peers", at: now)
    events.append(.recoverOwn(false))
    machine.process?.signDue = now
    hasten(node)
    machine.process?.feed.headCommitted(of: node.coalition)
    try wake(node)
    events.append(.applied(head))
  }

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
      case "epoch-retired", "sign-mark-ahead": try openEpoch(node, after: head, adopting: false)
      default:
        guard let copied = gate.copied else { return }
        try openEpoch(node, after: copied, adopting: true)
      }
    }
  }

  /// Signs a record that opens an epoch and puts it in force, as a node does.
  private func openEpoch(_ node: CouncilNode, after copied: HeadReference?, adopting: Bool) throws {
    let machine = node.machine
    guard let identity = node.identity, let last = machine.membership.record(of: node.coalition) else { return }
    let key = try SigningKey(seed: random.bytes(32))
    let continues = copied.map { SigningEpoch.Continuation(epoch: $0.epoch, index: $0.index, hash: $0.hash) }
    let record = try last.next(
      RecordChange(epoch: .init(key: key.verifyingKey, continues: continues)), in: machine.membership.alliance,
      identity: identity)
    guard let number = record.epochs.last?.number else { return }
    var extended = machine.membership
    do {
      _ = try extended.extend(node.coalition, with: [record])
      try machine.disk.write { writer in
        if adopting { _ = try Snapshot.adopt(of: node.coalition, membership: extended, writer: writer) }
        try writer.savePrepared(nil)
        try writer.save(nil as StagedPosition?, of: node.coalition)
        try writer.save([record])
      }
    } catch let problem as Problem {
      return trace.note("\(node.coalition) cannot open epoch \(number): \(problem.code)", at: now)
    }
    machine.keys[number] = key
    machine.mark = copied
    machine.membership = extended
    machine.process?.gate.openedEpoch()
    node.settleAuthor(at: now)
    // Whoever signs a record with the identity key keeps a copy of it.
    images[node.index] = nil
    outcome.epochs += 1
    trace.note("\(node.coalition) opens epoch \(number)\(copied.map { " after \($0)" } ?? "")", at: now)
    machine.process?.feed.recordCommitted(of: node.coalition)
    hasten(node)
    try wake(node)
    try feed(.recoverOwn(false), to: node)
    try feed(.recordsStored(node.coalition, newest: RecordName(number: record.number, hash: record.hash)), to: node)
    if let copied { try feed(.applied(copied), to: node) }
    planDue(node)
  }
}
