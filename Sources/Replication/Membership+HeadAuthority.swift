public import Alliance
public import Ledger
internal import Signing
public import Wire

extension Membership {
  /// What heads of this coalition are judged by; nil for one that is not in the roster.
  public func headAuthority(of coalition: CoalitionID) -> HeadAuthority? {
    guard roster.member(coalition) != nil || planted(.removedHeadsApplied), let chain = chains[coalition] else {
      return nil
    }
    var epochs: [UInt32: HeadAuthority.Epoch] = [:]
    // Who was removed and came back begins anew: what it signed before counts for nothing.
    let retired = roster.retiredEpoch(of: coalition)
    let opened = chain.newest.epochs.filter {
      $0.number > retired || planted(.retiredEpochCounts) || planted(.removedHeadsApplied)
    }
    for epoch in opened {
      let later = opened.filter { $0.number > epoch.number }
      epochs[epoch.number] = HeadAuthority.Epoch(
        key: epoch.key, continues: epoch.continues.map(HeadAuthority.Continuation.init), isClosed: !later.isEmpty,
        cut: later.compactMap(\.continues).first { $0.epoch == epoch.number }.map(HeadAuthority.Continuation.init))
    }
    // A head is judged by the roster that it names, and older ones stay in the chain.
    var grants: [UInt32: HeadAuthority.Grant] = [:]
    for roster in rosters.rosters {
      guard let member = roster.member(coalition) else { continue }
      grants[roster.number] = HeadAuthority.Grant(
        roster: roster.hash, statements: member.quota.statements, liveBytes: member.quota.liveBytes)
    }
    return HeadAuthority(
      alliance: alliance, coalition: coalition, epochs: epochs, grants: grants, records: Set(chain.records.map(\.hash)),
      retired: planted(.removedHeadsApplied) ? 0 : retired)
  }
}

extension HeadAuthority.Continuation {
  init(_ continuation: SigningEpoch.Continuation) {
    self.init(epoch: continuation.epoch, index: continuation.index, hash: continuation.hash)
  }
}
