internal import Alliance
internal import Audit
internal import Foundation
internal import Keys
internal import Ledger
internal import Links
internal import Logging
internal import Operations
internal import Replication
internal import Signing
internal import Store
internal import Wire

/// Rosters: what is said about the next one is kept before it is passed on, and once a quorum has voted it is in force here, at
/// once and whole.
extension Node {
  /// A peer sent the roster after ours, with the votes for it.
  func store(_ bundle: RosterBundle, from peer: CoalitionID, _ events: inout [Puller.Event]) {
    do {
      try putInForce(bundle)
    } catch {
      let problem = error as? Problem ?? Problem("store-failed", "\(error)")
      logger.warning(
        "a roster was refused",
        metadata: [
          "vaka.from": "\(peer)", "vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)",
        ])
      events.append(.rosterRefused(peer, problem))
    }
  }

  /// A peer sent what it knows of the next roster, or a part of it.
  func store(deliberation bytes: [UInt8], from peer: CoalitionID, _ events: inout [Puller.Event]) {
    do {
      let (read, refused) = try Deliberation.read(bytes: bytes, after: membership.rosters)
      if let first = refused.first {
        logger.warning(
          "statements about the next roster do not count",
          metadata: [
            "vaka.from": "\(peer)", "vaka.count": "\(refused.count)", "vaka.code": "\(first.code)",
            "vaka.reason": "\(first.what)",
          ])
      }
      _ = try unite(read)
    } catch {
      let problem = error as? Problem ?? Problem("store-failed", "\(error)")
      logger.error(
        "what a peer knows of the next roster could not be kept",
        metadata: ["vaka.from": "\(peer)", "vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
    }
  }

  /// Statements of our own, from a person with the identity key.
  func deliberate(_ submission: RosterSubmission, _ audit: AuditTrail) throws -> RosterSubmission.Answer {
    let said = try submission.deliberation(after: membership.rosters)
    for note in notes(of: said) { try audit.write(note) }
    let newcomers = OpenRoster(said, records: []).wanted(among: try submission.newcomers())
    if !newcomers.isEmpty { try ledger.transaction { try $0.save(newcomers) } }
    let decided = try unite(said)
    return RosterSubmission.Answer(roster: membership.roster.number, decided: decided)
  }

  /// What is written down of what a member says.
  private func notes(of said: Deliberation) -> [AuditNote] {
    let roster = "roster \(said.election.number)"
    let promises = said.promises.map { AuditNote(.rosterPromised, on: roster, after: "\($0.round)") }
    return promises
      + said.ballots.map { ballot in
        AuditNote(
          ballot.vote.isProposal ? .rosterProposed : .rosterVoted, on: roster,
          after: "\(ballot.choice.round), \(ballot.choice.proposal)")
      }
  }

  /// - Returns: whether the next roster is decided, and in force.
  private func unite(_ said: Deliberation) throws -> Bool {
    let known = Set(next.deliberation.contradictions.map(\.coalition))
    let united = OpenRoster(try next.deliberation.merging(said), records: try ledger.view { try $0.records() })
    guard united.digest != next.digest || united.candidates.count != next.candidates.count else { return false }
    // Kept before anybody is told: what was passed on by others counts, and must not be forgotten here.
    try DurableFile.write(united.deliberation.bytes, to: home.folder.deliberation)
    let newcomers = Set(united.candidates.keys).subtracting(next.candidates.keys)
    next = united
    door.next = united
    for proof in united.deliberation.contradictions where !known.contains(proof.coalition) {
      logger.critical("a member contradicts itself about the next roster", metadata: ["vaka.reason": "\(proof)"])
    }
    announcements.rostersCommitted()
    for coalition in newcomers.sorted() { announcements.recordCommitted(of: coalition) }
    feed(.rostersChanged(deliberation: united.digest, records: united.recordNames(in: membership)))
    guard let decided = united.deliberation.decided else { return false }
    try putInForce(decided)
    return true
  }

  // MARK: in force

  /// The roster after ours is in force from here on: durable first, then everything that it changes, in an order in which a
  /// crash at any place is made good by the next start.
  /// - Throws: `Problem` as `RosterChain.appending`, or what a file or the store says.
  func putInForce(_ bundle: RosterBundle) throws {
    let before = membership
    // All that may fail is read first: once the roster is durable, nothing holds up the rest.
    let records = try ledger.view { try $0.records() } + membership.chains.values.flatMap(\.records)
    let frontier = try ledger.read { try $0.frontier() }
    let file = try sealer.take(bundle, records: records)
    let (after, problems) = try Membership.make(file, besides: records)
    let ours = home.coalition
    next = OpenRoster(Deliberation(after: after.rosters), records: records)
    try? DurableFile.write([], to: home.folder.deliberation)
    let removed = before.roster.coalitions.filter { after.roster.member($0) == nil }
    let newcomers = after.roster.coalitions.filter { before.roster.member($0) == nil }
    logger.notice(
      "a roster is in force",
      metadata: [
        "vaka.roster": "\(after.roster.number)",
        "vaka.changes": "\(after.roster.differences(from: before.roster).map(\.description).joined(separator: "; "))",
      ])
    writeDown(
      AuditNote(
        .rosterInForce, on: "roster \(after.roster.number)", before: "roster \(before.roster.number)",
        after: after.roster.hash.hex, count: after.roster.members.count))
    for coalition in newcomers { writeDown(AuditNote(.memberAdmitted, on: "\(coalition)")) }
    for coalition in removed { writeDown(AuditNote(.memberRemoved, on: "\(coalition)")) }
    for (coalition, problem) in problems.sorted(by: { $0.key < $1.key }) {
      logger.warning(
        "a member's records are not all here",
        metadata: ["vaka.coalition": "\(coalition)", "vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
    }
    let others = after.roster.coalitions.filter { $0 != ours }
    let gone = lines.set(to: others) { [dialling] peer in
      PeerLine(dialling.client(of: peer, in: after), canBeDialled: !Dialling.endpoints(of: peer, after).isEmpty)
    }
    door.next = next
    changeMembership(after)
    for line in gone { Task { await line.close() } }
    // What was asked before counts for nothing, and must not keep what is asked now waiting.
    for (_, line) in lines.all { line.dropLinks() }
    for peer in removed { closeIncoming(peer) }
    formerMembersDue = 0
    forgetFormerMembers()
    proposedKeysDue = 0
    _ = takeProposedHashKeys()
    gate.members(others)
    settleAuthor()
    renewPuller(from: frontier)
    if gate.isRecovering, gate.copied == nil { feed(.recoverOwn(true)) }
    announcements.rostersCommitted()
    for coalition in newcomers { announcements.recordCommitted(of: coalition) }
    receiptDue = min(receiptDue, Self.pace() + Self.receiptPause)
    feed(.tick)
  }

  /// Nobody else has a hash key that we proposed: what a full disk kept from being taken when the roster came is taken as soon as there
  /// is room.
  /// - Returns: the epochs of those that are here now.
  private func takeProposedHashKeys() -> [UInt32] {
    do throws(Problem) {
      let taken = try sealer.takeProposed()
      proposedKeysDue = nil
      if !taken.isEmpty {
        logger.notice("the hash key that we proposed is in use", metadata: ["vaka.key-epoch": "\(taken)"])
      }
      return taken
    } catch {
      proposedKeysDue = Self.pace() + 5_000
      logger.error(
        "the hash key that we proposed could not be taken yet",
        metadata: ["vaka.code": "\(error.code)", "vaka.reason": "\(error.what)"])
      return []
    }
  }

  func takeProposedHashKeysIfDue() {
    guard let due = proposedKeysDue, Self.pace() >= due else { return }
    let taken = takeProposedHashKeys()
    guard !taken.isEmpty else { return }
    for epoch in taken { feed(.hashKeyStored(epoch)) }
    rehashSoon()
  }

  /// Among other members, or from other positions than before, everyone is asked anew.
  private func renewPuller(from known: [HeadReference]) {
    let frontier = (try? ledger.read { try $0.frontier() }) ?? known
    let paused = (try? ledger.view { try $0.peers().filter(\.isPaused).map(\.coalition) }) ?? []
    puller = puller.renewed(
      members: membership.roster.coalitions,
      frontier: frontier.filter { $0.coalition == home.coalition || membership.counts($0) },
      paused: Set(paused), records: next.recordNames(in: membership),
      forks: (try? Self.openForks(in: membership, ledger)) ?? [:],
      missingHashKeys: sealer.missing, roster: membership.roster.number, deliberation: next.digest)
  }

  /// A quorum's votes were kept, and the node ended before the roster was in force.
  func settleRosterAtStart() {
    guard !rosterIsSettled else { return }
    rosterIsSettled = true
    guard let decided = next.deliberation.decided else { return }
    do {
      try putInForce(decided)
    } catch {
      logger.error("a decided roster could not be put in force", metadata: ["vaka.reason": "\(error)"])
      rosterIsSettled = false
    }
  }

  /// Positions of coalitions that are members no longer go: in whatever order roster and heads came, after a crash too, and on a
  /// full disk as soon as there is room.
  func forgetFormerMembers() {
    guard let due = formerMembersDue, Self.pace() >= due else { return }
    do {
      let (former, void) = try ledger.read { reader in
        (
          try FormerMembers.stored(besides: home.coalition, membership: membership, reading: reader),
          try reader.coalitions().filter {
            try $0 != home.coalition && VoidPosition.isVoid($0, membership: membership, reader)
          }
        )
      }
      for coalition in former + void {
        try ledger.transaction { try $0.forgetPosition(of: coalition) }
        (appliedAt[coalition], notes[coalition], roundTrips[coalition]) = (nil, nil, nil)
        crashHolds[coalition] = nil
        logger.notice(
          "a position is deleted: of a removed coalition, or of an epoch that no record opens",
          metadata: ["vaka.coalition": "\(coalition)"])
      }
      formerMembersDue = nil
      guard !former.isEmpty || !void.isEmpty else { return }
      discardDue = 0
      // Who was taken for a position that is no more would never be asked for another one.
      if !void.isEmpty { renewPuller(from: []) }
      desk.noteGap()
      counter.noteChange()
    } catch {
      formerMembersDue = Self.pace() + 5_000
      logger.error(
        "the position of a removed coalition could not be deleted yet", metadata: ["vaka.reason": "\(error)"])
    }
  }

  /// Deletes a part of what was forgotten, with everything else in between: a large position takes seconds. After a crash it goes on.
  func deleteForgotten() {
    guard let due = discardDue, Self.pace() >= due else { return }
    do {
      if try ledger.transaction({ try $0.deleteDiscarded() }) {
        isDiscarding = true
        return
      }
      discardDue = nil
      // What is gone is to be gone from the log too.
      if isDiscarding { noteErased() }
      isDiscarding = false
    } catch {
      discardDue = Self.pace() + 5_000
      logger.error("forgotten rows could not be deleted yet", metadata: ["vaka.reason": "\(error)"])
    }
  }

  /// Whether and by which key we sign under the roster in force.
  func settleAuthor() {
    do throws(Problem) {
      author = try NodeMaterials.author(of: home, in: membership)
      gate.resume(["removed", "epoch-retired", RecordConflict.code])
      if author == nil { gate.stop(OwnHead.keyIsLost(home)) }
      if let conflict = membership.conflicts[home.coalition] { gate.stop(conflict.problem) }
      let isVoid = try? ledger.read { try VoidPosition.isVoid(home.coalition, membership: membership, $0) }
      if isVoid == true { gate.stop(VoidPosition.problem(of: home.coalition)) }
      (hasQueue, opensEpoch) = (true, (try? Self.opensEpoch(home.coalition, membership, ledger)) ?? false)
    } catch {
      author = nil
      gate.stop(error)
      logger.critical(
        "this node signs nothing under the roster in force",
        metadata: ["vaka.code": "\(error.code)", "vaka.reason": "\(error.what)"])
    }
  }

  static func openForks(in membership: Membership, _ ledger: LedgerStore) throws -> [CoalitionID: ProvenFork] {
    try ledger.read { reader in
      Dictionary(
        try Forks.open(in: membership, reader).map { ($0.coalition, ProvenFork(epoch: $0.epoch, index: $0.index)) },
        uniquingKeysWith: { first, _ in first })
    }
  }
}
