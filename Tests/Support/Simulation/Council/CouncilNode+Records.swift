internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// Member records: what others show of them is kept before it counts, and more than four a day wait, as in `Node+Records` and
/// `Node+RecordFlood`.
extension CouncilNode {
  /// What became of records that somebody showed.
  enum Stored {
    case nothing
    case kept(newest: RecordName)
    case held(newest: RecordName?)
    /// What was held before is all here.
    case released(newest: RecordName)
  }

  /// - Throws: what the disk throws.
  func store(_ records: [MemberRecord], of coalition: CoalitionID, at now: UInt64) throws -> Stored {
    guard let next, !records.isEmpty else { return .nothing }
    let isMember = roster.member(coalition) != nil
    if isMember, machine.membership.chains[coalition] != nil { return try extend(coalition, with: records, at: now) }
    let wanted = isMember ? records.filter { $0.coalition == coalition } : next.wanted(among: records)
    guard !wanted.isEmpty else { return .nothing }
    if isMember {
      let (chain, _) = try RecordChain.pinned(by: chain, of: coalition, records: machine.records + wanted)
      let pinned = roster.member(coalition)?.recordNumber ?? 1
      let known = Set(machine.records.map(\.hash))
      try machine.disk.write {
        try $0.save(chain.records.filter { !known.contains($0.hash) && $0.number <= pinned })
      }
      machine.membership = Membership.make(self.chain, records: machine.records).membership
      machine.process?.feed.recordCommitted(of: coalition)
      if coalition == self.coalition { settleAuthor(at: now) }
      // What comes after the pin is judged like what comes to a chain that is here.
      let rest = try extend(coalition, with: records, at: now)
      if case .nothing = rest { return .kept(newest: name(of: coalition)) }
      return rest
    }
    try machine.disk.write { try $0.save(wanted) }
    machine.process?.next = OpenRoster(next.deliberation, records: machine.records)
    machine.process?.feed.recordCommitted(of: coalition)
    return .kept(newest: name(of: coalition))
  }

  private func name(of coalition: CoalitionID) -> RecordName {
    next?.recordNames(in: machine.membership)[coalition] ?? 0
  }

  private func extend(_ coalition: CoalitionID, with records: [MemberRecord], at now: UInt64) throws -> Stored {
    let known = recordWatch(of: coalition)
    let (taking, watch, isHeld) = try allowed(records, of: coalition, known, at: now)
    if !taking.added.isEmpty || isHeld {
      try machine.disk.write { try $0.save(taking.added) }
      machine.disk.state.watches[coalition] = watch
    }
    if !taking.added.isEmpty {
      let before = machine.membership.chains[coalition]?.records.count ?? 0
      machine.membership = taking.membership
      let coming = (machine.membership.chains[coalition]?.records.count ?? 0) - before
      if coming > 0, watch.wholeAt != nil, now >= watch.passesUntil {
        recordsCame[coalition, default: []] += Array(repeating: now, count: coming)
      }
      if coalition == self.coalition { settleAuthor(at: now) }
      machine.process?.feed.recordCommitted(of: coalition)
    }
    if isHeld { return .held(newest: taking.added.isEmpty ? nil : name(of: coalition)) }
    guard !taking.added.isEmpty else { return .nothing }
    return known.heldAt != nil && watch.heldAt == nil
      ? .released(newest: name(of: coalition)) : .kept(newest: name(of: coalition))
  }

  private func allowed(
    _ records: [MemberRecord], of coalition: CoalitionID, _ watch: RecordWatch, at now: UInt64
  ) throws -> (taking: Membership.Taking, watch: RecordWatch, isHeld: Bool) {
    let taking = try machine.membership.taking(records, of: coalition)
    let after = taking.membership.chains[coalition]
    let coming = (after?.records.count ?? 0) - (machine.membership.chains[coalition]?.records.count ?? 0)
    guard coming > 0, coalition != self.coalition, let newest = after?.newest.number else {
      return (taking, watch, false)
    }
    let (judged, taken) = RecordFlood.judge(watch, coming: coming, newest: newest, now: now)
    guard taken < coming else { return (taking, judged, false) }
    let last = (machine.membership.record(of: coalition)?.number ?? 0) + UInt32(taken)
    return (try machine.membership.taking(records.filter { $0.number <= last }, of: coalition), judged, true)
  }

  /// With what this process has heard since it was last noted.
  private func recordWatch(of coalition: CoalitionID) -> RecordWatch {
    var watch = machine.disk.state.watches[coalition] ?? RecordWatch()
    if let heard = machine.process?.puller.recordsWholeAt[coalition] { watch.wholeAt = max(watch.wholeAt ?? 0, heard) }
    return watch
  }

  /// Whose records wait here.
  var heldRecords: [CoalitionID] {
    machine.disk.state.watches.filter { $0.value.heldAt != nil && roster.member($0.key) != nil }.keys.sorted()
  }

  /// The operator has looked, or a day is over.
  func releaseRecords(of coalition: CoalitionID, at now: UInt64) {
    guard let watch = machine.disk.state.watches[coalition] else { return }
    machine.disk.state.watches[coalition] = RecordFlood.release(watch, now: now)
  }
}
