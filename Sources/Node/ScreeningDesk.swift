internal import Alliance
internal import Indicators
internal import Ledger
internal import Operations
internal import Replication
internal import Store
internal import Synchronization
internal import Wire

/// Answers about single values from memory, beside the node's other work: who is not listed is known without asking the store, which may
/// be busy with a long transaction.
///
/// The index follows every head that is applied. It may hold what is listed no longer, but it never lacks what is.
final class ScreeningDesk: Sendable {
  private struct State {
    var index: FollowingIndex
    /// Whether everything listed is in the index; while not, the store is asked about all.
    var isComplete = true
    /// Goes up with each change that the index could not follow.
    var gaps = 0
    /// Listed while the index is made anew; nil while it is not.
    var meanwhile: [IndicatorDigest]?
    var freshness: (value: ListFreshness, at: UInt64)?
  }

  /// Milliseconds for which a freshness is given out again.
  private static let freshnessPause: UInt64 = 500
  /// As many added digests take the memory of a million in the index.
  private static let mostAdded = 100_000

  private let ledger: LedgerStore
  private let source: Mutex<NodeSource>
  private let state: Mutex<State>

  /// Reads the index once, before anybody asks.
  init(_ home: NodeHome, ledger: LedgerStore) throws {
    self.ledger = ledger
    source = Mutex(try NodeSource(home, ledger: ledger, now: 0, needsKeys: false))
    state = Mutex(State(index: FollowingIndex(try ledger.view { try $0.prefixIndex() })))
  }

  /// Another roster is in force: who is asked, and which hash keys there are, may be others.
  func change(to home: NodeHome) {
    guard let changed = try? NodeSource(home, ledger: ledger, now: 0, needsKeys: false) else { return }
    source.withLock { $0 = changed }
  }

  /// - Parameter now: milliseconds since 1970.
  func answer(_ question: ListQuestion, at now: UInt64) throws -> ListAnswer {
    let (isPossible, known) = state.withLock { state in
      (
        !state.isComplete || question.digests.contains { state.index.mayContain($0) },
        state.freshness.flatMap { now < $0.at + Self.freshnessPause ? $0.value : nil }
      )
    }
    let source = source.withLock { $0 }
    if isPossible { return try source.inStore(question, at: now) }
    if let known { return ListAnswer(nil, freshness: known) }
    let freshness = try source.freshness(at: now)
    state.withLock { $0.freshness = (freshness, now) }
    return ListAnswer(nil, freshness: freshness)
  }

  /// A head was applied: what it lists is in the index when this returns.
  /// - Returns: what it lists; nil if its delta is not here.
  func follow(_ head: HeadReference) -> [IndicatorDigest]? {
    do {
      let entry = try ledger.read { try $0.entry(of: head.coalition, epoch: head.epoch, index: head.index) }
      guard let entry else { throw Problem("deltas-gone", "the delta of this head is not kept") }
      let listed = try Delta(bytes: entry.delta).changes.flatMap { change -> [IndicatorDigest] in
        guard case .put(let row) = change else { return [] }
        return [row.previous?.digest, row.key.digest].compactMap { $0 }
      }
      let isLarge = state.withLock { state in
        state.index.add(listed)
        state.meanwhile?.append(contentsOf: listed)
        return state.index.addedCount > Self.mostAdded
      }
      if isLarge { Task.detached(priority: .utility) { self.remake() } }
      return listed
    } catch {
      noteGap()
      return nil
    }
  }

  /// The ledger has changed in a way that the index could not follow, as when a whole position was replaced.
  func noteGap() {
    state.withLock { state in
      state.gaps += 1
      state.isComplete = false
    }
    Task.detached(priority: .utility) { self.remake() }
  }

  private func remake() {
    let isOurs = state.withLock { state in
      if state.meanwhile != nil { return false }
      state.meanwhile = []
      return true
    }
    guard isOurs else { return }
    while true {
      let gaps = state.withLock { $0.gaps }
      let index = try? ledger.view { try $0.prefixIndex() }
      let isDone = state.withLock { state in
        if let index {
          state.index.replace(with: index, later: state.meanwhile ?? [])
          state.isComplete = state.gaps == gaps
        }
        // A gap that came meanwhile asks for another round; a store that cannot be read is asked again at the next one.
        let isDone = index == nil || state.isComplete
        state.meanwhile = isDone ? nil : []
        return isDone
      }
      if isDone { return }
    }
  }
}
