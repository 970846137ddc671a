internal import Replication
internal import Synchronization
internal import Wire

/// Who waits for news, and what the news is: lets long polls sleep until a head or receipt is committed.
final class Announcements: Sendable {
  private struct State {
    var feed: HeadsFeed
    var waiting: [UInt64: (after: UInt64, receipts: Set<CoalitionID>, CheckedContinuation<Void, Never>)] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state: Mutex<State>

  init(process: [UInt8]) { state = Mutex(State(feed: HeadsFeed(process: process))) }

  var feed: HeadsFeed { state.withLock { $0.feed } }

  func headCommitted(of coalition: CoalitionID) { announce { $0.headCommitted(of: coalition) } }
  func proofCommitted(of coalition: CoalitionID) { announce { $0.proofCommitted(of: coalition) } }
  func recordCommitted(of coalition: CoalitionID) { announce { $0.recordCommitted(of: coalition) } }
  func rostersCommitted() { announce { $0.rostersCommitted() } }
  func receiptCommitted(of coalition: CoalitionID) {
    announce(receiptOf: coalition) { $0.receiptCommitted(of: coalition) }
  }

  private func announce(receiptOf coalition: CoalitionID? = nil, _ change: (inout HeadsFeed) -> Void) {
    let woken = state.withLock { state in
      change(&state.feed)
      let ready = state.waiting.filter { _, waiter in
        waiter.after < state.feed.sequence && (coalition.map(waiter.receipts.contains) ?? true)
      }
      for id in ready.keys { state.waiting[id] = nil }
      return ready.values.map(\.2)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Returns when the feed has gone past the sequence with a head or one of these coalitions' receipts, after the time, or
  /// when the task is cancelled.
  func wait(past sequence: UInt64, receiptsOf receipts: Set<CoalitionID>, seconds: Int) async {
    await withTaskGroup { tasks in
      tasks.addTask { await self.sleep(past: sequence, receipts) }
      tasks.addTask { try? await Task.sleep(for: .seconds(seconds)) }
      await tasks.next()
      tasks.cancelAll()
    }
  }

  private func sleep(past sequence: UInt64, _ receipts: Set<CoalitionID>) async {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.feed.sequence > sequence || Task.isCancelled { return true }
          state.waiting[id] = (sequence, receipts, continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.2.resume()
    }
  }
}
