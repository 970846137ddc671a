public import Signing
public import Wire

/// All records of one coalition from the first, each naming the hash of the one before.
public struct RecordChain: Sendable, Hashable {
  public private(set) var records: [MemberRecord]

  /// Starts a chain with record 1.
  /// - Throws: `Problem` `record-order`.
  public init(first: MemberRecord) throws(Problem) {
    guard first.number == 1 else {
      throw Problem("record-order", "a chain starts with record 1", object: "\(first.coalition) \(first.number)")
    }
    records = [first]
  }

  public var first: MemberRecord { records[records.startIndex] }
  public var newest: MemberRecord { records[records.index(before: records.endIndex)] }

  /// The chain with one more record.
  /// - Parameter tenures: which identity key signs which records; without it, the key of the newest goes on.
  /// - Throws: `Problem` `record-order`, `record-changes-identity` or `record-epochs`.
  public func appending(
    _ next: MemberRecord, in alliance: ObjectHash, under tenures: [Tenure] = []
  ) throws(Problem) -> RecordChain {
    var longer = self
    try longer.append(next, in: alliance, under: tenures)
    return longer
  }

  /// - Throws: as `appending`; the chain is then as it was.
  mutating func append(
    _ next: MemberRecord, in alliance: ObjectHash, under tenures: [Tenure] = []
  ) throws(Problem) {
    let object = "record \(next.number) of \(next.coalition)"
    guard next.coalition == newest.coalition, next.number == newest.number + 1, next.previous == newest.hash,
      next.alliance == alliance
    else { throw Problem("record-order", "the record does not follow record \(newest.number)", object: object) }
    let isOfOneIdentity = next.identityKey == newest.identityKey && next.trustDomain == newest.trustDomain
    guard tenures.isEmpty ? isOfOneIdentity : next.isSigned(under: tenures) else {
      throw Problem(
        "record-changes-identity", "only a roster can change an identity key or a trust domain", object: object)
    }
    guard next.epochs.starts(with: newest.epochs) else {
      throw Problem("record-epochs", "epochs are append-only", object: object)
    }
    records.append(next)
  }
}
