internal import Alliance
internal import Logging
internal import Operations
internal import Replication
internal import Store
internal import Wire

/// More member records of a coalition than four a day wait until the operator has looked.
extension Node {
  /// How much of a coalition's records is taken now.
  struct AllowedRecords {
    let taking: Membership.Taking
    /// To be kept with them.
    let watch: RecordWatch
    let isHeld: Bool
  }

  func allowed(_ records: [MemberRecord], of coalition: CoalitionID) throws -> AllowedRecords {
    let taking = try membership.taking(records, of: coalition)
    let watch = try recordWatch(of: coalition)
    let (before, after) = (membership.chains[coalition]?.records.count ?? 0, taking.membership.chains[coalition])
    let coming = (after?.records.count ?? 0) - before
    // What is ours was published by whoever has our identity key: to hold it here would only part us from the others.
    guard coming > 0, coalition != home.coalition, let newest = after?.newest.number else {
      return AllowedRecords(taking: taking, watch: watch, isHeld: false)
    }
    let (judged, taken) = RecordFlood.judge(watch, coming: coming, newest: newest, now: Self.pace())
    guard taken < coming else { return AllowedRecords(taking: taking, watch: judged, isHeld: false) }
    // Nothing of the rest is kept: it is asked for again.
    let last = (membership.record(of: coalition)?.number ?? 0) + UInt32(taken)
    return AllowedRecords(
      taking: try membership.taking(records.filter { $0.number <= last }, of: coalition), watch: judged, isHeld: true)
  }

  /// With what this process has heard since it was last noted.
  func recordWatch(of coalition: CoalitionID) throws -> RecordWatch {
    var watch = try ledger.view { try $0.recordWatch(of: coalition) }
    if let heard = puller.recordsWholeAt[coalition] { watch.wholeAt = max(watch.wholeAt ?? 0, heard) }
    return watch
  }

  func noteHeld(_ watch: RecordWatch, of coalition: CoalitionID, since known: RecordWatch) {
    guard known.heldAt == nil else { return }
    let problem = RecordFlood.problem(watch, of: coalition)
    logger.critical(
      "member records are held",
      metadata: ["vaka.coalition": "\(coalition)", "vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
  }

  /// What nobody has answered for a day is asked for again, and counts.
  func letHeldRecordsPass() {
    let now = Self.pace()
    guard now >= heldRecordsDue else { return }
    heldRecordsDue = now + 60_000
    do {
      for (coalition, watch) in try ledger.view({ try $0.heldRecordWatches() })
      where RecordFlood.isOver(watch, now: now) {
        try ledger.transaction { try $0.save(RecordFlood.release(watch, now: now), of: coalition) }
        logger.notice("held member records pass after a day", metadata: ["vaka.coalition": "\(coalition)"])
        feed(.released(coalition))
      }
    } catch {
      logger.error("held member records could not be looked at", metadata: ["vaka.reason": "\(error)"])
    }
  }
}
