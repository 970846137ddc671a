public import NIOCore
import NIOPosix
import Synchronization

/// A peer that nobody can dial is asked over connections that it made itself: it comes with an empty hand, takes a
/// question with it, and comes again with the answer.
///
/// A question that comes of no connection within ``LinkLimits/reversePause`` fails, as a dial does that nobody takes.
public final class ReverseLink: Sendable {
  /// What a peer takes with it: a path with its query, to be answered as if it had been asked for with GET.
  public struct Question: Sendable, Hashable {
    public let number: UInt64
    public let path: String

    public init(number: UInt64, path: String) {
      self.number = number
      self.path = path
    }
  }

  /// What a peer brings: the number of the question, and its answer.
  public typealias Answer = (number: UInt64, response: PeerResponse)

  private typealias Asking = CheckedContinuation<Result<PeerResponse, LinkFailure>, Never>
  private typealias Waiting = CheckedContinuation<Question?, Never>

  private struct State {
    var nextNumber: UInt64
    var nextVisit: UInt64 = 0
    /// Asked, and not yet answered.
    var asking: [UInt64: (Asking, timers: [Scheduled<Void>])] = [:]
    /// Of these, what nobody has taken along yet, oldest first.
    var untaken: [Question] = []
    /// Visits that wait for a question, oldest first.
    var visits: [(id: UInt64, waiting: Waiting)] = []
    var lastVisit: NIODeadline?
  }

  private let state: Mutex<State>
  private let limits: LinkLimits
  private let eventLoop: any EventLoop

  /// - Parameter firstNumber: random, so that an answer to what the process before asked is known for what it is.
  public init(
    limits: LinkLimits = LinkLimits(), firstNumber: UInt64 = .random(in: 1...(.max / 2)),
    eventLoopGroup: (any EventLoopGroup)? = nil
  ) {
    self.limits = limits
    state = Mutex(State(nextNumber: firstNumber))
    eventLoop = (eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton).next()
  }

  /// Whether the peer waits for a question now, or was here a moment ago.
  public var isOffered: Bool {
    isWaitedAt
      || state.withLock { $0.lastVisit.map { .now() - $0 < TimeAmount(limits.reversePause) } ?? false }
  }

  /// Whether the peer waits for a question now.
  public var isWaitedAt: Bool { state.withLock { !$0.visits.isEmpty } }

  /// Asks the peer when it comes next.
  /// - Throws: `unreachable` if it does not come, `timeout` if it comes with no answer, `closed` after ``drop()``.
  public func get(_ path: String, timeout: Duration) async throws(LinkFailure) -> PeerResponse {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { (asking: Asking) in
        ask(Question(number: number, path: path), asking, timeout)
      }
    } onCancel: {
      settle(number, .failure(LinkFailure(.closed, "the request was given up")))
    }
    return try outcome.get()
  }

  /// The peer is here, perhaps with an answer, and waits some time for a question to take along.
  /// - Returns: nil if there is none, or if too many of its visits wait already.
  public func visit(
    bringing answer: Answer?, waiting time: Duration
  ) async -> Question? {
    if let answer { settle(answer.number, .success(answer.response)) }
    let id = state.withLock { state in
      state.lastVisit = .now()
      state.nextVisit += 1
      return state.nextVisit
    }
    let question = await withTaskCancellationHandler {
      await withCheckedContinuation { waiting in receive(id, waiting, time) }
    } onCancel: {
      end(id)
    }
    state.withLock { $0.lastVisit = .now() }
    return question
  }

  /// Fails everything that was asked and sends all visitors away.
  public func drop() {
    let (asking, visits) = state.withLock { state in
      defer { (state.asking, state.untaken, state.visits, state.lastVisit) = ([:], [], [], nil) }
      return (state.asking, state.visits)
    }
    for (continuation, timers) in asking.values {
      for timer in timers { timer.cancel() }
      continuation.resume(returning: .failure(LinkFailure(.closed, "the link was closed on this side")))
    }
    for visit in visits { visit.waiting.resume(returning: nil) }
  }
}

extension ReverseLink {
  static let absence = LinkFailure(.unreachable, "the peer cannot be dialled, and has not called")

  private func ask(_ question: Question, _ asking: Asking, _ timeout: Duration) {
    let number = question.number
    let visitor = state.withLock { state -> Waiting? in
      // Made under the lock, so that none of them comes before what it ends.
      let timers = [
        eventLoop.scheduleTask(in: TimeAmount(timeout)) {
          self.settle(number, .failure(LinkFailure(.timeout, "the peer brought no answer in time")))
        },
        eventLoop.scheduleTask(in: TimeAmount(limits.reversePause)) { self.giveUp(number) },
      ]
      state.asking[number] = (asking, timers)
      // The newest: an older one may belong to a process that is gone.
      if let visit = state.visits.popLast() { return visit.waiting }
      state.untaken.append(question)
      return nil
    }
    visitor?.resume(returning: question)
    // Cancelled before it was noted: the cancellation found nothing to settle.
    if Task.isCancelled { settle(question.number, .failure(LinkFailure(.closed, "the request was given up"))) }
  }

  private func receive(_ id: UInt64, _ waiting: Waiting, _ time: Duration) {
    let (question, isTurnedAway) = state.withLock { state -> (Question?, Bool) in
      if !state.untaken.isEmpty { return (state.untaken.removeFirst(), true) }
      guard state.visits.count < limits.linksPerPeer, !Task.isCancelled else { return (nil, true) }
      state.visits.append((id, waiting))
      eventLoop.scheduleTask(in: TimeAmount(time)) { self.end(id) }
      return (nil, false)
    }
    if isTurnedAway { waiting.resume(returning: question) }
  }

  private func end(_ id: UInt64) {
    let waiting = state.withLock { state -> Waiting? in
      guard let index = state.visits.firstIndex(where: { $0.id == id }) else { return nil }
      return state.visits.remove(at: index).waiting
    }
    waiting?.resume(returning: nil)
  }

  /// Fails a question that nobody has come for.
  private func giveUp(_ number: UInt64) {
    let isUntaken = state.withLock { state in state.untaken.contains { $0.number == number } }
    guard isUntaken else { return }
    settle(number, .failure(Self.absence))
  }

  private func settle(_ number: UInt64, _ outcome: Result<PeerResponse, LinkFailure>) {
    let asked = state.withLock { state in
      state.untaken.removeAll { $0.number == number }
      return state.asking.removeValue(forKey: number)
    }
    guard let (asking, timers) = asked else { return }
    for timer in timers { timer.cancel() }
    asking.resume(returning: outcome)
  }
}
