public import Signing
public import Wire

/// From which record on a coalition's records are signed by this identity key: from the first, or after the record that the
/// roster pins which brought the key.
public struct Tenure: Sendable, Hashable {
  public let identityKey: VerifyingKey
  public let trustDomain: String
  /// Number of the first record that it signs.
  public let from: UInt32
}

extension RosterChain {
  /// In order; empty for a coalition that was never a member.
  public func tenures(of coalition: CoalitionID) -> [Tenure] {
    var tenures: [Tenure] = []
    for member in rosters.compactMap({ $0.member(coalition) }) {
      if let last = tenures.last, last.identityKey == member.identityKey, last.trustDomain == member.trustDomain {
        continue
      }
      // The largest number is no record's; nothing can follow it.
      let from = tenures.isEmpty ? 1 : member.recordNumber.addingReportingOverflow(1).partialValue
      // Two changes at one pin: what the earlier one allowed was never used.
      tenures.removeAll { $0.from >= from }
      tenures.append(Tenure(identityKey: member.identityKey, trustDomain: member.trustDomain, from: from))
    }
    return tenures
  }
}
