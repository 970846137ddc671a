internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// Heads of a node's own that are not there, records and new epochs, and the operator who opens them: what Node does in
/// `Node+Recovery`.
extension Simulation {
  func ownHeadShown(
    by peer: CoalitionID, _ head: Head?, _ node: SimulatedNode, _ events: inout [Puller.Event]
  ) throws {
    let shown: HeadReference?
    let isKnown: Bool
    switch try SignGate.judge(
      head, under: node.membership.headAuthority(of: node.coalition),
      knows: { head, authority in
        try node.disk.read { try SignGate.knows(head, authority: authority, reading: $0) }
      })
    {
    case .unreadable(let fault):
      return events.append(.stopped(node.coalition, fault, at: head?.reference, from: peer))
    case .counts(let counted, let known): (shown, isKnown) = (counted, known)
    }
    let before = node.process?.gate.state
    node.process?.gate.answered(by: peer, showing: shown, known: isKnown)
    guard let gate = node.process?.gate else { return }
    if gate.state != before, case .stopped(let problem) = gate.state {
      trace.note("\(node.coalition) stops signing: \(problem.code)", at: now)
      guard node.isSetBack || truth.mayFork.contains(node.coalition) else {
        throw Report.Violation(check: .signingGoesOn, what: "\(node.coalition) was not set back: \(problem)")
      }
      if problem.code == "sign-mark-ahead" {
        agenda.plan(.operate(node.index), at: now + 60_000 + random.below(300_000))
      }
    }
    if !isKnown, gate.isRecovering, gate.copied == nil { events.append(.recoverOwn(true)) }
    if gate.isOpen { node.process?.signDue = now }
  }

  func ownPositionIsHere(_ head: HeadReference, _ node: SimulatedNode, _ events: inout [Puller.Event]) throws {
    report.newBytes += node.disk.state.copies[node.coalition]?.liveBytes ?? 0
    report.copiedBytes += node.disk.state.copies[node.coalition]?.liveBytes ?? 0
    node.process?.gate.copied(head)
    guard node.process?.gate.copied == head else { return events.append(.recoverOwn(true)) }
    let newest = node.membership.record(of: node.coalition)?.epochs.last
    guard SignGate.adopts(head, decided: node.mark, newest: newest) else {
      trace.note("\(node.coalition) has its own position as peers hold it, and asks", at: now)
      agenda.plan(.operate(node.index), at: now + 60_000 + random.below(300_000))
      return
    }
    guard try adopt(node, node.membership) != nil else { return }
    node.process?.gate.adopted()
    report.recoveries += 1
    trace.note("\(node.coalition) has its position \(head) back from its peers", at: now)
    (node.isSetBack, node.hasEpochGap) = (false, false)
    events.append(.recoverOwn(false))
    try tell(head, node)
    events.append(.applied(head))
  }

  private func adopt(_ node: SimulatedNode, _ membership: Membership) throws -> HeadReference? {
    try node.disk.write { try Snapshot.adopt(of: node.coalition, membership: membership, writer: $0) }
  }

  private func tell(_ head: HeadReference, _ node: SimulatedNode) throws {
    noteChange(node)
    node.process?.signDue = now
    node.process?.feed.headCommitted(of: head.coalition)
    try wake(node)
  }

  /// The operator comes with the identity key: a new epoch goes on from what the peers hold, or from what is here where
  /// nobody holds what the mark names.
  func operate(_ node: SimulatedNode) throws {
    guard node.isUp, let gate = node.process?.gate else {
      return agenda.plan(.operate(node.index), at: now + 60_000)
    }
    guard clone?.coalition != node.coalition, node.lastGood == nil, let chosen = here(gate, node) ?? gate.copied
    else { return }
    if try !openEpoch(node, after: chosen, adopting: chosen == gate.copied) {
      agenda.plan(.operate(node.index), at: now + 60_000)
    }
  }

  /// A new key, ordinarily; and somebody who has the old one and goes on signing with it.
  func rotate(_ node: SimulatedNode, thief: SimulatedNode) throws -> Bool {
    guard isOrdinary(node), let head = node.disk.state.positions[node.coalition]?.head, let old = node.keys[head.epoch]
    else { return false }
    // The identity key is kept elsewhere: it takes a while from the record to the first head.
    node.signsNotBefore = now + 5_000 + random.below(20_000)
    guard try openEpoch(node, after: head, adopting: false) else { return false }
    stolen[node.coalition] = old
    thief.isLying = true
    for second in 1...10 { agenda.plan(.tempt(thief.index), at: now + UInt64(second) * 2_500) }
    return true
  }

  /// Signs a record that opens an epoch and puts it in force, as a node does.
  /// - Returns: false if the disk is full.
  func openEpoch(_ node: SimulatedNode, after copied: HeadReference, adopting: Bool) throws -> Bool {
    guard let last = node.membership.record(of: node.coalition) else { return true }
    let key = try SigningKey(seed: random.bytes(32))
    let record = try last.next(
      RecordChange(
        epoch: .init(
          key: key.verifyingKey, continues: .init(epoch: copied.epoch, index: copied.index, hash: copied.hash))),
      in: node.membership.alliance, identity: node.identity)
    guard let number = record.epochs.last?.number else { return true }
    node.keys[number] = key
    var extended = node.membership
    _ = try extended.extend(node.coalition, with: [record])
    do {
      try node.disk.write { writer in
        if adopting { _ = try Snapshot.adopt(of: node.coalition, membership: extended, writer: writer) }
        try writer.savePrepared(nil)
        try writer.save(nil as StagedPosition?, of: node.coalition)
        try writer.save([record])
      }
    } catch let problem as Problem where problem.code == "disk-full" {
      node.keys[number] = nil
      return false
    }
    node.mark = copied
    node.membership = extended
    node.useNewestEpoch()
    node.process?.gate.openedEpoch()
    (node.isSetBack, node.hasEpochGap) = (false, false)
    report.epochs += 1
    trace.note("\(node.coalition) opens epoch \(number) after \(copied)", at: now)
    node.process?.feed.recordCommitted(of: node.coalition)
    try tell(copied, node)
    try feed(.recoverOwn(false), to: node)
    try feed(.recordsStored(node.coalition, newest: node.membership.recordName(of: node.coalition) ?? 1), to: node)
    try feed(.applied(copied), to: node)
    planDue(node)
    return true
  }

  /// What is here, where nobody holds what the mark names, or where two histories are proven: what was entered again since is
  /// in this one.
  private func here(_ gate: SignGate, _ node: SimulatedNode) -> HeadReference? {
    switch gate.state {
    case .stopped(let problem) where !["sign-mark-ahead", "forked"].contains(problem.code): return nil
    // It has gone on past the head that its newest epoch goes on from, and nobody shows it another one.
    case .open where !node.hasEpochGap: return nil
    case .waiting: return nil
    case .stopped, .open: return node.disk.state.positions[node.coalition]?.head
    }
  }

  func store(
    _ records: [MemberRecord], of coalition: CoalitionID, _ node: SimulatedNode, _ events: inout [Puller.Event]
  ) throws {
    do {
      let taking = try node.membership.taking(records, of: coalition)
      if !taking.added.isEmpty {
        try node.disk.write { try $0.save(taking.added) }
        node.membership = taking.membership
        if coalition == node.coalition { node.useNewestEpoch() }
        node.process?.feed.recordCommitted(of: coalition)
        try wake(node)
        // Only what is here now ends the wait for it: whoever asks at once again, asks for ever.
        events.append(.recordsStored(coalition, newest: node.membership.recordName(of: coalition) ?? 1))
      }
    } catch let problem as Problem {
      trace.note("\(node.coalition) does not take a record of \(coalition): \(problem.code)", at: now)
    }
  }

  // MARK: proofs: of an honest coalition there is none, unless it had two machines or one was set back with its mark

  func keep(_ proofs: [ForkProof], _ node: SimulatedNode, _ events: inout [Puller.Event]) throws {
    let kept: [ForkProof]
    do {
      kept = try Forks.keep(proofs, membership: node.membership, in: node.disk)
    } catch let problem as Problem where problem.code == "disk-full" {
      trace.note("\(node.coalition) cannot keep a proof: \(problem.code)", at: now)
      return events.append(.proofsNotKept)
    }
    for coalition in Forks.unread(proofs, membership: node.membership) { events.append(.proofUnread(coalition)) }
    for proof in kept {
      guard truth.mayFork.contains(proof.coalition) else {
        throw Report.Violation(
          check: .noSelfFork,
          what:
            "\(node.coalition) has proof against \(proof.coalition): \(proof.first.reference), \(proof.second.reference)"
        )
      }
      report.proofs += 1
      trace.note(
        "\(node.coalition) keeps proof that \(proof.coalition) forked at \(proof.epoch)/\(proof.index)", at: now)
      node.process?.feed.proofCommitted(of: proof.coalition)
      try wake(node)
      noteChange(node)
      if proof.coalition == node.coalition {
        node.process?.gate.stop(Forks.problem(proof))
        if node.index < nodes.count { agenda.plan(.operate(node.index), at: now + 60_000 + random.below(300_000)) }
      }
      events.append(.forkProven(proof.coalition, epoch: proof.epoch, index: proof.index))
    }
  }

  func judgeFork(
    _ coalition: CoalitionID, _ theirs: Head, _ history: [ObjectHash], _ node: SimulatedNode,
    _ events: inout [Puller.Event]
  ) throws {
    let proof = try node.disk.read {
      try Forks.judge(theirs: theirs, history: history, membership: node.membership, reading: $0)
    }
    if let proof { try keep([proof], node, &events) }
    events.append(.forkJudged(coalition))
  }
}
