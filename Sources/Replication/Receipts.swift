public import Alliance
internal import Ledger
public import Wire

/// Receipts in the store: which of those that come are kept, and what our own one says.
public enum Receipts {
  /// Keeps the receipts that a member signed and that are newer than the ones held, each once.
  /// - Parameter now: milliseconds since 1970 by the local clock; a receipt's age counts from here.
  ///
  /// One of our own is kept as well: a store that was set back goes on counting from what its peers still hold.
  /// - Returns: the coalitions whose newest receipt changed, to be announced after this returns.
  /// - Throws: what the store throws; nothing is then kept.
  public static func keep(
    _ receipts: [Receipt], besides ours: CoalitionID, membership: Membership, in database: some LedgerDatabase,
    now: UInt64
  ) throws -> [CoalitionID] {
    try database.write { writer in
      var known: [CoalitionID: Receipt] = [:]
      let coming = Set(receipts.map(\.coalition))
      for stored in try writer.receipts() where coming.contains(stored.receipt.coalition) {
        known[stored.receipt.coalition] = stored.receipt
      }
      var changed: [CoalitionID] = []
      for receipt in receipts
      where receipt.isNewer(than: known[receipt.coalition])
        && receipt.isValid(in: membership)
      {
        known[receipt.coalition] = receipt
        try writer.save(StoredReceipt(receipt: receipt, firstSeen: now))
        if receipt.coalition != ours, !changed.contains(receipt.coalition) { changed.append(receipt.coalition) }
      }
      return changed
    }
  }

  /// Signs and stores what this node has applied.
  ///
  /// Its number is never below the time, so that a restored store's receipts are newer than those it has forgotten.
  /// - Throws: what the store throws.
  public static func make(
    by author: Author, alliance: Membership, in database: some LedgerDatabase, now: UInt64
  ) throws -> Receipt {
    try database.write { writer in
      let last = try writer.receipts().first { $0.receipt.coalition == author.coalition }?.receipt
      let entries = try writer.frontier().map { head in
        Receipt.Entry(
          coalition: head.coalition, epoch: head.epoch, index: head.index, headHash: head.hash,
          state: try Forks.acting(on: head.coalition, writer) != nil && !planted(.forkNotShown)
            ? .forked : writer.hold(of: head.coalition) == nil ? .applied : .held)
      }
      let next = (last?.number ?? 0) &+ 1
      let receipt = try author.receipt(
        alliance: alliance.alliance, number: planted(.receiptNumberCounts) ? next : max(next, now), signedAt: now,
        entries: entries)
      try writer.save(StoredReceipt(receipt: receipt, firstSeen: now))
      return receipt
    }
  }
}
