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
  /// - Parameters:
  ///   - now: milliseconds since 1970, for the breaker alone.
  ///   - breaker: others than those of a node only to try much with little.
  public static func apply(
    _ entries: [StoredEntry], of coalition: CoalitionID, membership: Membership, in database: some LedgerDatabase,
    now: UInt64, breaker: Breaker.Limits = .standard
  ) throws -> Outcome {
    guard let authority = membership.headAuthority(of: coalition) else {
      let problem = Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
      return Outcome(applied: [], fault: .link(problem), at: nil)
    }
    // In a closed epoch a head is valid if it is the cut or in the cut's history, and only heads that lead to the cut show that:
    // who has the old key may still sign others.
    var entries = entries
    var isWhole = false
    if let first = entries.first?.head.reference, let epoch = authority.epochs[first.epoch], let cut = epoch.cut,
      epoch.isClosed, first.index <= cut.index
    {
      guard let place = entries.firstIndex(where: { epoch.isCut($0.head.reference) }) else {
        let problem = Problem(
          "epoch-gap", "the epoch is closed, and these heads do not lead to its last one", object: "\(first)")
        return Outcome(applied: [], fault: .coalition(problem), at: first)
      }
      (entries, isWhole) = (Array(entries[...place]), true)
    }
    var good = entries
    var failure: (fault: Fault, at: HeadReference)?
    while !good.isEmpty {
      do {
        let applied = try database.write { writer in
          try write(good, of: coalition, under: authority, to: writer, now: now, breaker: breaker)
        }
        return Outcome(applied: applied, fault: failure?.fault, at: failure?.at)
      } catch let stop as Stop {
        failure = (stop.fault, stop.at)
        if let window = stop.window {
          // What was held, and what it would take away: nothing may be blocked on the strength of those rows meanwhile.
          // What cannot be read takes nothing away.
          let removals = takenAway(
            entries.dropFirst(stop.good).flatMap { (try? Delta(bytes: $0.delta))?.changes ?? [] })
          try database.write { writer in
            try writer.save(window, of: coalition)
            try writer.saveHeldRemovals(removals, of: coalition)
          }
        }
        good = isWhole ? [] : Array(good.prefix(stop.good))
      }
    }
    return Outcome(applied: [], fault: failure?.fault, at: failure?.at)
  }

  /// Keys that changes remove, without those that only move to a new hash key.
  private static func takenAway(_ changes: [Change]) -> [StatementKey] {
    let removed = changes.compactMap { if case .remove(let key) = $0 { key } else { nil } }
    guard !removed.isEmpty else { return [] }
    let moved = Set(changes.compactMap { if case .put(let row) = $0 { row.previousKey } else { nil } })
    return removed.filter { !moved.contains($0) }
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
    var window: ChangeWindow?
  }

  private static func write(
    _ entries: [StoredEntry], of coalition: CoalitionID, under authority: HeadAuthority, to writer: any LedgerWriting,
    now: UInt64, breaker: Breaker.Limits
  ) throws -> [HeadReference] {
    var window = try writer.changeWindow(of: coalition)
    var position = try writer.position(of: coalition)
    var applied: [HeadReference] = []
    // In a closed epoch the cut says what is valid.
    let fork = try entries.first.flatMap { entry in
      let epoch = entry.head.reference.epoch
      return authority.isClosed(epoch)
        ? nil : try writer.forkProof(of: coalition, epoch: epoch)
    }
    for (number, entry) in entries.enumerated() {
      guard entry.head.reference.isAfter(position.head) else { continue }
      do {
        if let fork, !planted(.forkedHeadsApplied), fork.epoch == entry.head.reference.epoch,
          entry.head.reference.index >= fork.index
        {
          throw Forks.fault(fork)
        }
        let (after, changes) = try position.applying(entry.head, delta: entry.delta, under: authority) { key in
          try writer.row(of: coalition, key: key)
        }
        let (counted, problem) = Breaker.judge(
          window, before: position, after: after.statements, changed: Breaker.count(changes), now: now, limits: breaker)
        if let problem {
          throw Stop(fault: .held(problem), at: entry.head.reference, good: number, window: counted)
        }
        window = counted
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
      if !planted(.holdOutlivesCause) { try writer.saveHold(nil, of: coalition) }
      try writer.save(window, of: coalition)
      try writer.saveHeldRemovals([], of: coalition)
    }
    return applied
  }
}
