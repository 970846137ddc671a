public import Alliance
public import Ledger
internal import Signing
public import Wire

extension Membership {
  /// What heads of this coalition are judged by; nil for one that is not in the roster.
  public func headAuthority(of coalition: CoalitionID) -> HeadAuthority? {
    guard let member = roster.member(coalition), let chain = chains[coalition] else { return nil }
    var epochs: [UInt32: HeadAuthority.Epoch] = [:]
    for epoch in chain.newest.epochs {
      epochs[epoch.number] = HeadAuthority.Epoch(
        key: epoch.key,
        continues: epoch.continues.map { .init(epoch: $0.epoch, index: $0.index, hash: $0.hash) })
    }
    var records: [ObjectHash: UInt32] = [:]
    for record in chain.records { records[record.hash] = record.number }
    let grant = HeadAuthority.Grant(
      roster: roster.hash, statements: member.quota.statements, liveBytes: member.quota.liveBytes)
    return HeadAuthority(
      alliance: alliance, coalition: coalition, epochs: epochs, grants: [roster.number: grant], records: records)
  }
}
