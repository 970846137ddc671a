internal import Signing
public import Wire

extension RecordChain {
  /// Puts a coalition's records in order, whatever order they came in, by what the rosters pin.
  ///
  /// Up to the newest pin there is one chain, the one that it names; that settles every conflict at or below it. Above it a
  /// record counts if it is the only one that follows: of two, neither counts, nor anything later.
  /// - Returns: the chain, and the two records that stand where it would go on, if they do.
  /// - Throws: `Problem` `not-in-roster`, `record-unknown` or as `appending`.
  public static func pinned(
    by rosters: RosterChain, of coalition: CoalitionID, records: [MemberRecord]
  ) throws(Problem) -> (chain: RecordChain, conflict: RecordConflict?) {
    guard let pin = rosters.pin(of: coalition) else {
      throw Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
    }
    let byHash = Dictionary(records.filter { $0.coalition == coalition }.map { ($0.hash, $0) }) { first, _ in first }
    var path: [MemberRecord] = []
    var wanted: ObjectHash? = pin.recordHash
    while let hash = wanted {
      guard let record = byHash[hash], path.last.map({ record.number < $0.number }) ?? true else {
        throw Problem(
          "record-unknown", "the records up to the one that the roster pins are not all here",
          object: coalition.rawValue, next: "fetch them from any peer")
      }
      path.append(record)
      wanted = record.previous
    }
    guard let first = path.popLast() else {
      throw Problem("record-unknown", "there is no record", object: coalition.rawValue)
    }
    let tenures = rosters.tenures(of: coalition)
    var chain = try RecordChain(first: first)
    for record in path.reversed() { try chain.append(record, in: rosters.alliance, under: tenures) }
    guard chain.newest.number == pin.recordNumber else {
      throw Problem(
        "record-order", "the roster pins it under another number",
        object: "record \(chain.newest.number) of \(coalition)")
    }
    // A coalition may be in several alliances, and record 2 of another one says nothing here.
    let followers = Dictionary(
      grouping: byHash.values.filter { $0.alliance == rosters.alliance && $0.isSigned(under: tenures) }
    ) { $0.previous }
    while true {
      let number = chain.newest.number
      let next = (followers[chain.newest.hash] ?? []).filter { $0.number > number && $0.number - 1 == number }
      guard next.count == 1 || planted(.firstOfTwoRecordsCounts), let record = next.first else {
        return (chain, RecordConflict(next))
      }
      do { try chain.append(record, in: rosters.alliance, under: tenures) } catch { return (chain, nil) }
    }
  }
}

extension MemberRecord {
  /// Whether its identity key is the one in charge of its number.
  func isSigned(under tenures: [Tenure]) -> Bool {
    if planted(.oldIdentitySigns), tenures.contains(where: { $0.identityKey == identityKey }) { return true }
    return tenures.last { $0.from <= number }.map { $0.identityKey == identityKey && $0.trustDomain == trustDomain }
      ?? false
  }
}
