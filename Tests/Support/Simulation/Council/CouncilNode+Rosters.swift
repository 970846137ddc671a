internal import Alliance
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// What is said about the next roster is kept before it is passed on; a roster in force is durable before all that follows from it.
extension CouncilNode {
  /// - Returns: whether it is news here.
  func unite(_ read: Deliberation) throws -> Bool {
    guard let before = next, let merged = try? before.deliberation.merging(read) else { return false }
    let united = OpenRoster(merged, records: machine.records)
    guard united.digest != before.digest || united.candidates.count != before.candidates.count else { return false }
    if !planted(.saidBeforeKept) { said = united.deliberation.bytes }
    let newcomers = Set(united.candidates.keys).subtracting(before.candidates.keys)
    machine.process?.next = united
    machine.process?.feed.rostersCommitted()
    for coalition in newcomers.sorted() { machine.process?.feed.recordCommitted(of: coalition) }
    return true
  }

  /// - Parameter dies: the process ends once the roster is durable, before anything follows from it.
  /// - Throws: `Problem` as `RosterChain.appending`, or `SimulatedNode.Crash`.
  func putInForce(_ bundle: RosterBundle, at now: UInt64, dies: Bool) throws {
    guard let process = machine.process else { return }
    let before = roster
    let records = machine.records
    let rosters = try chain.appending(bundle)
    let after = Membership.make(rosters, records: records).membership
    let frontier = try machine.disk.read { try $0.frontier() }
    if planted(.rosterBeforeDurable) {
      unkept = after
    } else {
      machine.file = after
      wish = nil
      if dies { throw SimulatedNode.Crash() }
      said = []
    }
    let next = OpenRoster(Deliberation(after: rosters), records: records)
    machine.membership = after
    machine.process?.next = next
    forgetFormerMembers(at: now)
    takeProposedHashKeys()
    rehashDue = now
    machine.process?.gate.members(after.roster.coalitions.filter { $0 != coalition })
    settleAuthor(at: now)
    let forks = try machine.disk.read { try Forks.open(in: after, $0) }
    let missing = missingHashKeys
    machine.process?.puller = process.puller.renewed(
      members: after.roster.coalitions, frontier: frontier.filter { $0.coalition == coalition || after.counts($0) },
      paused: [], records: next.recordNames(in: after),
      forks: Dictionary(forks.map { ($0.coalition, ProvenFork(epoch: $0.epoch, index: $0.index)) }) { first, _ in first
      },
      missingHashKeys: missing, roster: after.roster.number, deliberation: nil)
    machine.process?.feed.rostersCommitted()
    for newcomer in after.roster.coalitions where before.member(newcomer) == nil {
      machine.process?.feed.recordCommitted(of: newcomer)
    }
    machine.process?.receiptDue = min(process.receiptDue, now + SimulatedNode.receiptPause)
    takeIdentity()
    wish = nil
  }

  /// Positions of coalitions that are members no longer go, on a full disk as soon as there is room.
  func forgetFormerMembers(at now: UInt64) {
    do {
      let former = try machine.disk.read {
        try FormerMembers.stored(besides: coalition, membership: machine.membership, reading: $0)
      }
      for coalition in former {
        try machine.disk.write { try $0.forgetPosition(of: coalition) }
        machine.shown[coalition] = nil
      }
      forgetDue = .max
    } catch {
      forgetDue = now + Self.retryPause
    }
  }

  /// Whether and by which key it signs under the roster in force.
  func settleAuthor(at now: UInt64) {
    machine.useNewestEpoch()
    machine.process?.gate.resume(["removed", "epoch-retired", RecordConflict.code])
    let conflict = machine.membership.conflicts[coalition]?.problem
    if let problem = machine.authorProblem ?? conflict { machine.process?.gate.stop(problem) }
    machine.process?.signDue = now
  }

  /// A roster has given it the new identity key, beside which nothing is pledged.
  func takeIdentity() {
    let key = roster.member(coalition)?.identityKey
    guard key != identity?.verifyingKey, let new = cards.first(where: { $0.verifyingKey == key }) else { return }
    oldIdentity = identity ?? oldIdentity
    (identity, pledge, olderPledge) = (new, nil, nil)
  }
}
