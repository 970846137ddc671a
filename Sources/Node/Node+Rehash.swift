internal import Alliance
internal import Audit
internal import Logging
internal import Operations
internal import Replication
internal import Store
internal import Wire

/// Where the node is in moving statements of ours to the newest hash key.
struct RehashRound {
  var under: Rehash?
  /// When the next round begins, by the clock that paces the node; at start at once.
  var due: UInt64 = 0
  /// Listings of ours that stay under an older key, because the vault does not have them; for `status`.
  var withoutPlaintext = 0
}

extension Node {
  /// A listing that a dispute follows may move at any time, and a key may close at midnight.
  private static let rehashPause: UInt64 = 600_000

  /// A roster or a hash key has come: there may be something to move, or a key that has closed.
  func rehashSoon() {
    rehash.due = 0
    expiry.due = 0
  }

  /// One head's worth at a time, and the next when that is signed: peers find each listing in one place or the other.
  func rehashWhatIsOld() {
    let now = Self.pace()
    guard gate.isOpen, author != nil, signingProblem == nil, !hasQueue, rehash.under != nil || now >= rehash.due else {
      return
    }
    do {
      guard
        var round = try rehash.under
          ?? Rehash(home, roster: membership.roster, now: Self.milliseconds())
      else {
        rehash = RehashRound(due: now + Self.rehashPause)
        return
      }
      let step = try round.step(in: ledger, vault: vault)
      rehash.under = round
      hasQueue = true
      guard case .finished(let outcome) = step else { return }
      try FollowHolds.run(home.folder, in: ledger, coalition: home.coalition)
      let isNews = outcome.withoutPlaintext > 0 && rehash.withoutPlaintext == 0
      rehash = RehashRound(due: now + Self.rehashPause, withoutPlaintext: outcome.withoutPlaintext)
      if outcome.moved > 0 {
        writeDown(AuditNote(.indicatorsRestated, count: outcome.moved))
        logger.notice("statements of ours move to the newest hash key", metadata: ["vaka.moved": "\(outcome.moved)"])
      }
      if isNews {
        logger.warning(
          """
          listings of ours cannot move to the newest hash key, because the vault does not have their plaintext: list them \
          again from their source (vaka indicator list --old-key)
          """,
          metadata: ["vaka.listings": "\(outcome.withoutPlaintext)"])
      }
    } catch {
      logger.error(
        "statements of ours could not be moved to the newest hash key", metadata: ["vaka.reason": "\(error)"])
      rehash = RehashRound(due: now + Self.rehashPause, withoutPlaintext: rehash.withoutPlaintext)
    }
  }
}
