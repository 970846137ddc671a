internal import Store
internal import Synchronization

/// How many indicators the ledger speaks of, counted beside the node's other work after it has changed: at a million, a
/// count takes as long as many answers to `status`.
final class IndicatorCounter: Sendable {
  private struct State {
    var counts: IndicatorCounts
    var isStale = false
    var isCounting = false
    var countedAt: UInt64
  }

  /// Milliseconds between two counts.
  private static let pause: UInt64 = 2_000

  private let ledger: LedgerStore
  private let state: Mutex<State>

  /// Counts once, before anybody asks.
  init(_ ledger: LedgerStore, now: UInt64) throws {
    self.ledger = ledger
    state = Mutex(State(counts: try ledger.view { try $0.indicatorCounts() }, countedAt: now))
  }

  var counts: IndicatorCounts { state.withLock { $0.counts } }

  /// The ledger has changed.
  func noteChange() { state.withLock { $0.isStale = true } }

  /// Begins to count if something changed since the last time.
  func countIfDue(now: UInt64) {
    let isDue = state.withLock { state in
      guard state.isStale, !state.isCounting, now >= state.countedAt + Self.pause else { return false }
      (state.isStale, state.isCounting, state.countedAt) = (false, true, now)
      return true
    }
    guard isDue else { return }
    Task.detached(priority: .background) {
      let counts = try? self.ledger.view { try $0.indicatorCounts() }
      self.state.withLock { state in
        if let counts { state.counts = counts }
        state.isCounting = false
      }
    }
  }
}
