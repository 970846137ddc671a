internal import Alliance
internal import Audit
internal import Foundation
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// `vaka audit prune`: entries older than a day give way to a checkpoint that the node's signing key signs.
public struct PruneAudit: Sendable, Codable {
  /// How many were taken away.
  public let pruned: Int
  /// The last of them, and its hash, from which the chain goes on.
  public let through: UInt64?
  public let head: String?

  /// - Parameters:
  ///   - day: UTC days since 1970: entries of that day stay.
  ///   - now: milliseconds since 1970.
  /// - Throws: `Problem` `audit-broken` if the chain is not whole, `signing-key-lost`, or what the store says; nothing is then
  ///   changed.
  public static func run(_ home: NodeHome, before day: UInt32, now: UInt64) throws -> PruneAudit {
    _ = try VerifyAudit.open(home).close()
    let store = try AuditStore.open(home.folder.audit)
    defer { try? store.close() }
    // What is broken is kept as it is: pruning must not hide it.
    if let fault = try store.verify().fault {
      throw Problem(
        "audit-broken", "the chain breaks at entry \(fault.number): \(fault.what)", object: home.folder.audit,
        next: "export it as it is, and find out why: vaka audit export --jsonl FILE")
    }
    guard let end = try store.end(before: UInt64(day) * 86_400_000) else {
      return PruneAudit(pruned: 0, through: nil, head: nil)
    }
    let record = (try? home.currentMembership())?.record(of: home.coalition) ?? home.card.record
    guard let epoch = record.epochs.last, DurableFile.exists(home.folder.signingKey(epoch: epoch.number)) else {
      throw Problem(
        "signing-key-lost", "the key that would sign the checkpoint is not in the folder", object: home.folder.path,
        next: "vaka key rotate")
    }
    let checkpoint = try AuditCheckpoint(
      coalition: home.coalition.rawValue, head: end.head, lastAt: end.at, prunedAt: now,
      signedBy: SigningKeyFile.read(home.folder.signingKey(epoch: epoch.number)))
    let before = try store.checkpoint().map { "from entry \($0.head.number + 1)" } ?? "from entry 1"
    try AuditTrail(home.folder).during(
      AuditNote(
        .auditPruned, on: "entries before \(Day.text(day))", before: before,
        after: "through entry \(end.head.number), \(end.head.hash)", count: end.entries)
    ) { try store.prune(to: checkpoint) }
    return PruneAudit(pruned: end.entries, through: end.head.number, head: end.head.hash.hex)
  }
}
