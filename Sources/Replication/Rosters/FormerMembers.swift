public import Alliance
public import Ledger
public import Wire

/// What is stored here and counts for nothing by the roster in force: of coalitions that it removes, and of those that have come back
/// since, what they signed before they went.
public enum FormerMembers {
  /// Coalitions whose positions, copies and receipts are to be deleted: in whatever order roster and heads came, after a crash, a
  /// full disk or an older copy of the store too.
  /// - Throws: what the store throws.
  public static func stored(
    besides ours: CoalitionID, membership: Membership, reading reader: any LedgerReading
  ) throws -> [CoalitionID] {
    try reader.coalitions().filter { coalition in
      guard coalition != ours else { return false }
      guard membership.roster.member(coalition) != nil else { return true }
      let retired = membership.roster.retiredEpoch(of: coalition)
      guard retired > 0 else { return false }
      if let head = try reader.position(of: coalition).head { return !membership.counts(head) }
      let receipt = try reader.receipts().first { $0.receipt.coalition == coalition }?.receipt
      let target = try reader.staged(of: coalition)?.target?.reference
      return receipt.map { $0.epoch <= retired } ?? false || target.map { $0.epoch <= retired } ?? false
    }
  }
}

extension Membership {
  /// Whether a head of this name can count: of a member, and of an epoch that no removal has ended.
  public func counts(_ head: HeadReference) -> Bool {
    roster.member(head.coalition) != nil && head.epoch > roster.retiredEpoch(of: head.coalition)
  }
}
