internal import Alliance
internal import Replication
internal import Store
public import Wire

/// A coalition whose newest member records are known here and not in force, and why.
public struct HeldRecords: Sendable, Codable {
  public let coalition: CoalitionID
  public let problem: Problem

  /// Of all members, sorted.
  static func all(_ membership: Membership, _ view: LedgerView) throws -> [HeldRecords] {
    try membership.roster.coalitions.flatMap { try of($0, membership, view) }
  }

  static func of(_ coalition: CoalitionID, _ membership: Membership, _ view: LedgerView) throws -> [HeldRecords] {
    let watch = try view.recordWatch(of: coalition)
    let problems = [
      membership.conflicts[coalition]?.problem,
      watch.heldAt == nil ? nil : RecordFlood.problem(watch, of: coalition),
    ]
    return problems.compactMap { $0 }.map { HeldRecords(coalition: coalition, problem: $0) }
  }
}
