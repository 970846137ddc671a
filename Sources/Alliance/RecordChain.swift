public import Signing
public import Wire

/// All records of one coalition from the first, each naming the hash of the one before.
public struct RecordChain: Sendable, Hashable {
  /// The most that a chain takes, in `MemberRecord.answerBytes`: with two more that contradict each other it fits one answer, so
  /// that everybody can show everybody all of it.
  public static let mostBytes = 3 << 20

  public private(set) var records: [MemberRecord]
  private var bytes: Int

  /// Starts a chain with record 1.
  /// - Throws: `Problem` `record-order`.
  public init(first: MemberRecord) throws(Problem) {
    guard first.number == 1 else {
      throw Problem("record-order", "a chain starts with record 1", object: "\(first.coalition) \(first.number)")
    }
    records = [first]
    bytes = first.answerBytes
  }

  public var first: MemberRecord { records[records.startIndex] }
  public var newest: MemberRecord { records[records.index(before: records.endIndex)] }

  /// The chain with one more record.
  /// - Parameter tenures: which identity key signs which records; without it, the key of the newest goes on.
  /// - Throws: `Problem` `record-order`, `record-changes-identity`, `record-epochs` or `record-chain-full`.
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
    guard bytes + next.answerBytes <= Self.mostBytes else {
      throw Problem(
        "record-chain-full",
        "with it the records of \(next.coalition) would take \(bytes + next.answerBytes) bytes, and at most \(Self.mostBytes) count",
        object: object,
        next:
          "if somebody else signed the large ones, let a roster pin the last record before them: vaka alliance propose --pin"
      )
    }
    records.append(next)
    bytes += next.answerBytes
  }
}
