internal import Alliance
internal import Audit
internal import Logging
internal import Operations
internal import Replication
internal import Store
internal import Wire

/// Where the node is in looking for listings of ours that are past their last day.
struct ExpiryRound {
  var under: Expiry?
  /// When the next round begins, by the clock that paces the node; at start at once.
  var due: UInt64 = 0
  /// What the last round found and left, for `status`.
  var left: (unconfirmed: Int, later: Int) = (0, 0)
  /// Statements of this round that lost a digest under a closed hash key.
  var restated = 0
}

extension Node {
  private static let expiryPause: UInt64 = 3_600_000
  /// A round that found no word of others comes again sooner: at start nobody may have answered yet.
  private static let unconfirmedPause: UInt64 = 60_000

  /// One page of rows at a time, so that a tick stays short.
  func expireWhatIsPast() {
    let now = Self.pace()
    guard gate.isOpen, expiry.under != nil || now >= expiry.due else { return }
    do {
      var round =
        try expiry.under
        ?? Expiry(
          of: home.coalition, in: ledger, roster: membership.roster, now: Self.milliseconds())
      let step = try round.step(in: ledger)
      expiry.under = round
      hasQueue = true
      if !round.closed.isEmpty {
        expiry.restated += round.closed.count
        writeDown(AuditNote(.indicatorsRestated, count: round.closed.count), forgetting: round.closed)
      }
      guard case .finished(let removed, let unconfirmed, let left) = step else { return }
      let isNews = unconfirmed > 0 && expiry.left.unconfirmed == 0
      let restated = expiry.restated
      expiry = ExpiryRound(
        due: now + (unconfirmed > 0 ? Self.unconfirmedPause : Self.expiryPause), left: (unconfirmed, left))
      if removed > restated {
        writeDown(AuditNote(.indicatorsExpired, count: removed - restated))
        logger.info(
          "listings of ours are past their last day and are removed",
          metadata: ["vaka.removed": "\(removed - restated)", "vaka.left": "\(left)"])
      }
      if restated > 0 {
        logger.notice(
          "statements of ours no longer name a digest under a closed hash key",
          metadata: ["vaka.restated": "\(restated)", "vaka.left": "\(left)"])
      }
      if isNews {
        logger.warning(
          """
          listings of ours are past their last day by this clock alone; they are hidden, and stay until another \
          coalition's receipt is of that day: compare the clock
          """,
          metadata: ["vaka.listings": "\(unconfirmed)"])
      }
    } catch {
      logger.error("listings past their last day could not be removed", metadata: ["vaka.reason": "\(error)"])
      expiry = ExpiryRound(due: now + Self.unconfirmedPause, left: expiry.left)
    }
  }
}
