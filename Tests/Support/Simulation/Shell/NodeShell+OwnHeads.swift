internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// Heads of a node's own that are not there, and new epochs: what Node does in `Node+Recovery`.
extension NodeShell {
  func ownHeadShown(
    by peer: CoalitionID, _ head: Head?, _ machine: SimulatedNode, _ events: inout [Puller.Event]
  ) throws {
    let shown: HeadReference?
    let isKnown: Bool
    switch try SignGate.judge(
      head, under: machine.membership.headAuthority(of: machine.coalition),
      knows: { head, authority in
        try machine.disk.read { try SignGate.knows(head, authority: authority, reading: $0) }
      })
    {
    case .unreadable(let fault):
      return events.append(.stopped(machine.coalition, fault, at: head?.reference, from: peer))
    case .counts(let counted, let known): (shown, isKnown) = (counted, known)
    }
    let before = machine.process?.gate.state
    machine.process?.gate.answered(by: peer, showing: shown, known: isKnown)
    guard let gate = machine.process?.gate else { return }
    if gate.state != before, case .stopped(let problem) = gate.state {
      trace.note("\(machine.coalition) stops signing: \(problem.code)", at: now)
      try happened(.stopped(problem), at: machine)
    }
    if !isKnown, gate.isRecovering, gate.copied == nil { events.append(.recoverOwn(true)) }
    if gate.isOpen { machine.process?.signDue = now }
  }

  func ownPositionIsHere(_ head: HeadReference, _ machine: SimulatedNode, _ events: inout [Puller.Event]) throws {
    try happened(.ownIsHere, at: machine)
    machine.process?.gate.copied(head)
    guard machine.process?.gate.copied == head else { return events.append(.recoverOwn(true)) }
    let newest = machine.membership.record(of: machine.coalition)?.epochs.last
    guard SignGate.adopts(head, decided: machine.mark, newest: newest) else {
      trace.note("\(machine.coalition) has its own position as peers hold it, and asks", at: now)
      return try happened(.awaitsOperator, at: machine)
    }
    let adopted = try machine.disk.write {
      try Snapshot.adopt(of: machine.coalition, membership: machine.membership, writer: $0)
    }
    guard adopted != nil else { return }
    machine.process?.gate.adopted()
    trace.note("\(machine.coalition) has its position \(head) back from its peers", at: now)
    try happened(.recovered(head), at: machine)
    events.append(.recoverOwn(false))
    machine.process?.signDue = now
    try tell(head, machine)
    events.append(.applied(head))
  }

  private func tell(_ head: HeadReference, _ machine: SimulatedNode) throws {
    noteChange(machine)
    machine.process?.feed.headCommitted(of: head.coalition)
    try wake(machine)
  }

  /// Signs a record that opens an epoch and puts it in force, as a node does.
  /// - Returns: false if the disk is full, or the record would not count.
  func openEpoch(
    _ machine: SimulatedNode, by identity: SigningKey, after copied: HeadReference?, adopting: Bool
  ) throws -> Bool {
    guard let last = machine.membership.record(of: machine.coalition) else { return true }
    let key = try SigningKey(seed: random.bytes(32))
    let continues = copied.map { SigningEpoch.Continuation(epoch: $0.epoch, index: $0.index, hash: $0.hash) }
    let record = try last.next(
      RecordChange(epoch: .init(key: key.verifyingKey, continues: continues)), in: machine.membership.alliance,
      identity: identity)
    guard let number = record.epochs.last?.number else { return true }
    var extended = machine.membership
    do {
      _ = try extended.extend(machine.coalition, with: [record])
      try machine.disk.write { writer in
        if adopting { _ = try Snapshot.adopt(of: machine.coalition, membership: extended, writer: writer) }
        try writer.savePrepared(nil)
        try writer.save(nil as StagedPosition?, of: machine.coalition)
        try writer.save([record])
      }
    } catch let problem as Problem where problem.code == "disk-full" || recordsMayBeRefused {
      trace.note("\(machine.coalition) cannot open epoch \(number): \(problem.code)", at: now)
      return false
    }
    machine.keys[number] = key
    machine.mark = copied
    machine.membership = extended
    machine.useNewestEpoch()
    machine.process?.gate.openedEpoch()
    trace.note("\(machine.coalition) opens epoch \(number)\(copied.map { " after \($0)" } ?? "")", at: now)
    machine.process?.signDue = now
    try happened(.epochOpened(number), at: machine)
    machine.process?.feed.recordCommitted(of: machine.coalition)
    if let copied {
      try tell(copied, machine)
    } else {
      noteChange(machine)
      try wake(machine)
    }
    try feed(.recoverOwn(false), to: machine)
    try feed(
      .recordsStored(machine.coalition, newest: machine.membership.recordName(of: machine.coalition) ?? 1),
      to: machine)
    if let copied { try feed(.applied(copied), to: machine) }
    planDue(machine)
    return true
  }
}
