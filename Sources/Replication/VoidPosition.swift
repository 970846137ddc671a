public import Alliance
internal import Ledger
internal import Signing
public import Wire

/// A position of an epoch that no record in force opens: of two records of one number a roster has pinned the other one. What its
/// coalition signed under that key counts for nobody, and no later head leads on from it.
public enum VoidPosition {
  /// - Returns: false while it is open which record counts, or while records are missing: nothing is taken back by that.
  /// - Throws: what the store throws.
  public static func isVoid(
    _ coalition: CoalitionID, membership: Membership, _ reader: any LedgerReading
  ) throws -> Bool {
    guard membership.conflicts[coalition] == nil, membership.roster.member(coalition) != nil,
      let record = membership.record(of: coalition), let head = try reader.signedHead(of: coalition)
    else { return false }
    let epoch = record.epochs.first { $0.number == head.reference.epoch }
    return epoch.map { !head.signed.isSigned(by: $0.key) } ?? true
  }

  /// What keeps a node from signing whose own position is void.
  public static func problem(of coalition: CoalitionID) -> Problem {
    Problem(
      "epoch-void", "our position is of an epoch that no record in force opens: the roster pins another record of ours",
      object: "\(coalition)",
      next:
        "what peers hold of ours is good: vaka restore --from-peers into a new folder, and list again what is missing")
  }
}
