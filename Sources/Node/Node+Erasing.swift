internal import Logging
internal import Replication
internal import Store
internal import Wire

/// What the node remembers of erasures between two ticks.
struct OpenErasures {
  /// Whether there are any of ours; looked up at start.
  var areOpen = true
  /// Whether a head is needed although nothing may be queued.
  var needHead = false
  /// Since when older pages may lie in a write-ahead log; from the start, because a crash leaves them there.
  var logsSince: UInt64? = 0
  var due: UInt64 = 0
}

extension Node {
  private static let erasurePause: UInt64 = 250
  /// A long reading keeps the log from being emptied; a receipt waits no longer than this for it.
  private static let longestLogWait: UInt64 = 30_000

  /// Something was dropped for good: the logs go before the next receipt says so.
  func noteErased() { erasures.logsSince = erasures.logsSince ?? Self.pace() }

  var waitsForEmptyLog: Bool {
    erasures.logsSince.map { Self.pace() < $0 + Self.longestLogWait } ?? false
  }

  func eraseWhatIsDue() {
    guard Self.pace() >= erasures.due else { return }
    erasures.due = Self.pace() + Self.erasurePause
    do {
      if erasures.logsSince != nil, try ledger.emptyLog(), try vault.emptyLog() { erasures.logsSince = nil }
      guard erasures.areOpen, erasures.logsSince == nil else { return }
      guard let author else { return }
      (erasures.needHead, erasures.areOpen) = try author.settleErasures(
        in: ledger, membership: membership, now: Self.milliseconds())
    } catch {
      logger.error("an erasure could not go on", metadata: ["vaka.reason": "\(error)"])
      erasures.due = Self.pace() + 5_000
    }
  }
}
