public import Alliance
public import Ledger
public import Wire

/// Applying other coalitions' heads: verified against the position, written with the position in one transaction.
public enum Replica {
  /// The most rows that are written in one transaction.
  public static let mostRowsTogether = 100_000

  /// Applies consecutive heads of one coalition, as many as are good, and reports what became of the rest.
  ///
  /// A head that fails rolls back the transaction; the good ones before it are then applied by themselves, so that a
  /// fault never costs more than the heads that follow it.
  /// - Throws: what the store throws; nothing is then written.
  public static func apply(
    _ entries: [StoredEntry], of coalition: CoalitionID, membership: Membership, in database: some LedgerDatabase
  ) throws -> Outcome {
    guard let authority = membership.headAuthority(of: coalition) else {
      let problem = Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
      return Outcome(applied: [], fault: .link(problem), at: nil)
    }
    var good = entries
    var failure: (fault: Fault, at: HeadReference)?
    while !good.isEmpty {
      do {
        let applied = try database.write { writer in
          try write(good, of: coalition, under: authority, to: writer)
        }
        return Outcome(applied: applied, fault: failure?.fault, at: failure?.at)
      } catch let stop as Stop {
        failure = (stop.fault, stop.at)
        good = Array(good.prefix(stop.good))
      }
    }
    return Outcome(applied: [], fault: failure?.fault, at: failure?.at)
  }

  /// What became of a batch of heads.
  public struct Outcome: Sendable {
    /// Heads now applied and durable, ascending.
    public let applied: [HeadReference]
    /// What stopped the rest, and at which head.
    public let fault: Fault?
    public let at: HeadReference?
  }

  private struct Stop: Error {
    let fault: Fault
    let at: HeadReference
    let good: Int
  }

  private static func write(
    _ entries: [StoredEntry], of coalition: CoalitionID, under authority: HeadAuthority, to writer: any LedgerWriting
  ) throws -> [HeadReference] {
    var position = try writer.position(of: coalition)
    var applied: [HeadReference] = []
    for (number, entry) in entries.enumerated() {
      guard entry.head.reference.isAfter(position.head) else { continue }
      do {
        let (after, changes) = try position.applying(entry.head, delta: entry.delta, under: authority) { key in
          try writer.row(of: coalition, key: key)
        }
        try writer.write(changes, of: coalition)
        try writer.append(entry)
        position = after
        applied.append(entry.head.reference)
      } catch let fault as Fault {
        throw Stop(fault: fault, at: entry.head.reference, good: number)
      }
    }
    if let last = entries.last(where: { applied.contains($0.head.reference) })?.head.claims {
      if !planted(.floorIgnored) {
        try writer.dropDeltas(of: coalition, beforeEpoch: last.floorEpoch, index: last.floorIndex)
      }
      try writer.save(position)
      try writer.saveHold(nil, of: coalition)
    }
    return applied
  }
}
