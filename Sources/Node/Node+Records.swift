internal import Alliance
internal import Audit
internal import Logging
internal import Operations
internal import Replication
internal import Store
internal import Wire

/// Member records: what peers and people show of them is kept before it counts, and counts before it is passed on.
extension Node {
  /// A peer sent the records of a coalition.
  func store(_ records: [MemberRecord], of coalition: CoalitionID, _ events: inout [Puller.Event]) {
    guard membership.chains[coalition] != nil, membership.roster.member(coalition) != nil else {
      return storeMissing(records, of: coalition, &events)
    }
    do {
      let known = try ledger.view { try $0.recordWatch(of: coalition) }
      let allowed = try allowed(records, of: coalition)
      let taking = allowed.taking
      if !taking.added.isEmpty || allowed.isHeld {
        try ledger.transaction { transaction in
          try transaction.save(taking.added)
          try transaction.save(allowed.watch, of: coalition)
        }
      }
      if !taking.added.isEmpty { try use(taking, of: coalition, &events) }
      if allowed.isHeld {
        noteHeld(allowed.watch, of: coalition, since: known)
        events.append(.recordsHeld(coalition))
      } else if known.heldAt != nil, allowed.watch.heldAt == nil {
        events.append(.released(coalition))
      }
      if let refused = taking.refused { throw refused }
    } catch {
      warn("a member record was refused", of: coalition, error)
    }
  }

  /// Records of a coalition that has no chain here: a member whose pinned record had not come yet, or a proposed newcomer.
  private func storeMissing(_ records: [MemberRecord], of coalition: CoalitionID, _ events: inout [Puller.Event]) {
    do {
      let isMember = membership.roster.member(coalition) != nil
      let wanted = isMember ? records.filter { $0.coalition == coalition } : next.wanted(among: records)
      guard !wanted.isEmpty else { return }
      let known = try ledger.view { try $0.records() }
      if isMember {
        // Only what leads to the pinned record is kept: anybody can make records of this name.
        let (chain, _) = try RecordChain.pinned(by: membership.rosters, of: coalition, records: known + wanted)
        // What comes after the pin is judged like what comes to a chain that is here.
        let pinned = membership.rosters.pin(of: coalition)?.recordNumber ?? 1
        let kept = chain.records.filter { $0.number <= pinned }
        try ledger.transaction { try $0.save(kept) }
        let (extended, _) = try Membership.make(home.newestAllianceFile(), besides: known + kept)
        changeMembership(extended)
        if coalition == home.coalition { settleAuthor() }
      } else {
        try ledger.transaction { try $0.save(wanted) }
        next = OpenRoster(next.deliberation, records: known + wanted)
        door.next = next
      }
      announcements.recordCommitted(of: coalition)
      if membership.chains[coalition] != nil, isMember { store(records, of: coalition, &events) }
      events.append(.recordsStored(coalition, newest: next.recordNames(in: membership)[coalition] ?? 0))
    } catch {
      warn("member records were refused", of: coalition, error)
    }
  }

  private func warn(_ what: Logger.Message, of coalition: CoalitionID, _ error: any Error) {
    let problem = error as? Problem ?? Problem("record-refused", "\(error)")
    logger.warning(
      what,
      metadata: ["vaka.coalition": "\(coalition)", "vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
  }

  /// What is kept counts from here on, and is passed on.
  private func use(
    _ taking: Membership.Taking, of coalition: CoalitionID, _ events: inout [Puller.Event]
  ) throws {
    let known = membership.conflicts[coalition]
    changeMembership(taking.membership)
    if let conflict = membership.conflicts[coalition], conflict != known {
      logger.critical(
        "a coalition signed two records of one number",
        metadata: [
          "vaka.coalition": "\(coalition)", "vaka.record": "\(conflict.number)", "vaka.first": "\(conflict.first.hash)",
          "vaka.second": "\(conflict.second.hash)",
        ])
      if coalition == home.coalition { settleAuthor() }
    }
    announcements.recordCommitted(of: coalition)
    if coalition == home.coalition { try useNewestEpoch() }
    // Only what is here now ends the wait for it: whoever asks at once again, asks for ever.
    events.append(.recordsStored(coalition, newest: membership.recordName(of: coalition) ?? 1))
  }

  /// What a person has brought has been looked at.
  private func noteBrought(
    _ taking: Membership.Taking, of coalition: CoalitionID, _ transaction: LedgerTransaction
  ) throws {
    var watch = RecordFlood.note(
      try transaction.recordWatch(of: coalition), taking.added.count, now: Self.pace())
    if taking.membership.record(of: coalition)?.number ?? 0 >= watch.heldNumber { watch.heldAt = nil }
    try transaction.save(watch, of: coalition)
  }

  /// Takes records of members from a file: of a node that cannot be dialled yet, because its certificates are new.
  func takeRecords(_ records: [MemberRecord], _ audit: AuditTrail) throws -> RecordsAnswer {
    var (taken, added): (Membership, [MemberRecord]) = (membership, [])
    var steps: [(CoalitionID, Membership.Taking)] = []
    for coalition in Set(records.map(\.coalition)).sorted() {
      let taking = try taken.taking(records.filter { $0.coalition == coalition }, of: coalition)
      if let refused = taking.refused { throw refused }
      taken = taking.membership
      added += taking.added
      if !taking.added.isEmpty { steps.append((coalition, taking)) }
    }
    if !added.isEmpty {
      let written = try notes(of: added).map { try audit.write($0) }
      do {
        try ledger.transaction { transaction in
          try transaction.save(added)
          for (coalition, taking) in steps { try noteBrought(taking, of: coalition, transaction) }
        }
      } catch {
        for number in written { try audit.notDone(number, error) }
        throw error
      }
      for (coalition, taking) in steps {
        var events: [Puller.Event] = []
        try use(taking, of: coalition, &events)
        for event in events { feed(event) }
      }
    }
    for (coalition, _) in steps { feed(.released(coalition)) }
    let inForce = Set(steps.flatMap { membership.chains[$0.0]?.records ?? [] }.map(\.hash))
    func names(_ records: [MemberRecord]) -> [RecordsAnswer.Name] {
      records.map { .init(coalition: $0.coalition, number: $0.number) }
    }
    return RecordsAnswer(
      added: names(added.filter { inForce.contains($0.hash) }),
      contradicting: names(added.filter { !inForce.contains($0.hash) }), known: records.count - added.count)
  }
}
