internal import Alliance
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
    membership.conflicts[coalition].map { [HeldRecords(coalition: coalition, problem: $0.problem)] } ?? []
  }
}
