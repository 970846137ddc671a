internal import Alliance
internal import Audit
internal import Keys
internal import Ledger
internal import Logging
internal import Operations
internal import Replication
internal import Signing
internal import Store
internal import Wire

/// What becomes of heads of ours that are not here, of proofs that a coalition signed two histories, and of new epochs.
extension Node {
  /// A peer says which head of ours it holds.
  func ownHeadShown(by peer: CoalitionID, _ head: Head?, _ events: inout [Puller.Event]) {
    let shown: HeadReference?
    let isKnown: Bool
    do {
      let judged = try SignGate.judge(head, under: membership.headAuthority(of: home.coalition)) { head, authority in
        (try? ledger.read { try SignGate.knows(head, authority: authority, reading: $0) }) ?? false
      }
      switch judged {
      case .unreadable(let fault):
        return events.append(.stopped(home.coalition, fault, at: head?.reference, from: peer))
      case .counts(let counted, let known): (shown, isKnown) = (counted, known)
      }
    } catch { return }
    let before = gate.state
    gate.answered(by: peer, showing: shown, known: isKnown)
    if gate.state != before, case .stopped(let problem) = gate.state {
      logger.critical("signing stopped", metadata: ["vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
    }
    if !isKnown, gate.isRecovering, gate.copied == nil { events.append(.recoverOwn(true)) }
  }

  /// Our own position as peers hold it is here, beside ours.
  func ownPositionIsHere(_ head: HeadReference, _ events: inout [Puller.Event]) throws {
    gate.copied(head)
    guard gate.copied == head else { return events.append(.recoverOwn(true)) }
    let decided = mark?.decision?.reference(of: home.coalition)
    guard SignGate.adopts(head, decided: decided, newest: membership.record(of: home.coalition)?.epochs.last) else {
      if case .stopped(let problem) = gate.state {
        logger.critical(
          "our own position is here as peers hold it, and waits for the operator",
          metadata: ["vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
      }
      return
    }
    guard try adopt() != nil else { return }
    gate.adopted()
    logger.notice("our own position is restored from our peers", metadata: ["vaka.head": "\(head)"])
    events.append(.recoverOwn(false))
    noteApplied(head, isWholePosition: true)
  }

  private func adopt() throws -> HeadReference? {
    try ledger.write { try Snapshot.adopt(of: home.coalition, membership: membership, writer: $0) }
  }

  // MARK: forks

  func keep(_ proofs: [ForkProof], _ events: inout [Puller.Event]) {
    for coalition in Forks.unread(proofs, membership: membership) { events.append(.proofUnread(coalition)) }
    do {
      for proof in try Forks.keep(proofs, membership: membership, in: ledger) {
        logger.critical(
          "a coalition signed two histories",
          metadata: [
            "vaka.coalition": "\(proof.coalition)", "vaka.first": "\(proof.first.reference)",
            "vaka.second": "\(proof.second.reference)",
          ])
        announcements.proofCommitted(of: proof.coalition)
        receiptDue = min(receiptDue, Self.pace() + Self.receiptPause)
        if proof.coalition == home.coalition { gate.stop(Forks.problem(proof)) }
        events.append(.forkProven(proof.coalition, epoch: proof.epoch, index: proof.index))
      }
    } catch {
      logger.error("a fork proof could not be kept", metadata: ["vaka.reason": "\(error)"])
      events.append(.proofsNotKept)
    }
  }

  func judgeFork(_ coalition: CoalitionID, _ theirs: Head, _ history: [ObjectHash], _ events: inout [Puller.Event]) {
    let proof = try? ledger.read {
      try Forks.judge(theirs: theirs, history: history, membership: membership, reading: $0)
    }
    if let proof { keep([proof], &events) }
    events.append(.forkJudged(coalition))
  }

  // MARK: hash keys

  func store(_ key: SealedHashKey, _ events: inout [Puller.Event]) {
    do {
      try sealer.keep(key)
      logger.notice("a hash key came from a peer", metadata: ["vaka.key-epoch": "\(key.keyEpoch)"])
      events.append(.hashKeyStored(key.keyEpoch))
      rehashSoon()
    } catch {
      logger.error(
        "a peer gave a hash key that cannot be used",
        metadata: ["vaka.code": "\(error.code)", "vaka.reason": "\(error.what)"])
    }
  }

  // MARK: epochs

  /// A restored store learns from its peers of an epoch that it opened after the backup.
  func useNewestEpoch() throws {
    guard let epoch = membership.record(of: home.coalition)?.epochs.last, epoch.number != author?.epoch else { return }
    settleAuthor()
  }

  func epochPlan() throws -> EpochPlan {
    guard let record = membership.record(of: home.coalition) else {
      throw Problem("not-in-roster", "this node's coalition is not in the roster", object: "\(home.coalition)")
    }
    // A third record of that number would only contradict both.
    if let conflict = membership.conflicts[home.coalition] { throw conflict.problem }
    let head = try ledger.read { try $0.position(of: home.coalition).head }
    return EpochPlan(
      record: record.signed, alliance: membership.alliance, here: head, atPeers: gate.copied, silent: gate.silent,
      heard: membership.roster.members.count - 1 - gate.silent.count,
      isFetching: gate.isRecovering && gate.copied == nil,
      recordsToday: RecordFlood.published(try recordWatch(of: home.coalition), now: Self.pace()))
  }

  /// Puts a record that opens a new epoch in force: what it goes on from becomes our position, and its key signs from now on.
  func openEpoch(_ request: EpochPlan.Opening, _ audit: AuditTrail) throws {
    let record = try MemberRecord(try request.record(.record))
    guard record.coalition == home.coalition, let epoch = record.epochs.last else {
      throw Problem("not-ours", "the record is not of this coalition", object: "\(record.coalition)")
    }
    var extended = membership
    guard try extended.extend(home.coalition, with: [record]).count == 1 else {
      throw Problem("record-order", "a record of this number is known already", object: "record \(record.number)")
    }
    guard let author = try NodeMaterials.author(of: home, epoch: epoch) else {
      throw Problem("signing-key-lost", "the new epoch's key is not in the folder", object: home.folder.path)
    }
    let note = AuditNote(
      .keyRotated, on: "record \(record.number)",
      before: self.author.map { "epoch \($0.epoch)" } ?? "no signing key",
      after:
        "epoch \(epoch.number), key \(Hexadecimal.encode(epoch.key.keyID))\(request.fromPeers ? ", from peers" : "")")
    let head = try audit.during(note) {
      try ledger.transaction { transaction in
        if request.fromPeers { _ = try Snapshot.adopt(of: home.coalition, membership: extended, writer: transaction) }
        let head = try transaction.position(of: home.coalition).head
        let continues = head.map { SigningEpoch.Continuation(epoch: $0.epoch, index: $0.index, hash: $0.hash) }
        guard epoch.continues == continues else {
          throw Problem(
            "epoch-gap", "the position has changed since this epoch was prepared", object: "\(home.coalition)",
            next: "vaka key rotate once more")
        }
        try transaction.savePrepared(nil)
        try transaction.save(nil as StagedPosition?, of: home.coalition)
        try transaction.save([record])
        let watch = RecordFlood.note(try transaction.recordWatch(of: home.coalition), 1, now: Self.pace())
        try transaction.save(watch, of: home.coalition)
        return head
      }
    }
    mark = try SignMark.replacing(
      decision: head.map(SignMark.Decision.init), at: home.folder.signMark, alliance: membership.alliance)
    changeMembership(extended)
    self.author = author
    gate.openedEpoch()
    signingProblem = nil
    (hasQueue, opensEpoch) = (true, head != nil)
    // Who was removed opens an epoch to come back with, and signs nothing until then.
    settleAuthor()
    logger.notice("a new epoch is open", metadata: ["vaka.epoch": "\(epoch.number)"])
    feed(.recoverOwn(false))
    if request.fromPeers, let head { noteApplied(head, isWholePosition: true) }
    announcements.recordCommitted(of: home.coalition)
    feed(.recordsStored(home.coalition, newest: membership.recordName(of: home.coalition) ?? 1))
    receiptDue = min(receiptDue, Self.pace())
    signWhatIsDue()
  }
}
