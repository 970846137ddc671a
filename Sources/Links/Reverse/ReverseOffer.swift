import Synchronization

/// The other end of a ``ReverseLink``: a node that a peer cannot dial goes to that peer for its questions, and brings the
/// answers.
public final class ReverseOffer: Sendable {
  /// Two questions may be long polls, and another one must find somebody who waits.
  public static let visitors = 3

  /// Carries an answer, or nothing, to the peer.
  /// - Returns: what it asks next; nil for nothing.
  public typealias Call =
    @Sendable (_ answer: ReverseLink.Answer?) async throws(LinkFailure) ->
    ReverseLink.Question?

  private let visits: Mutex<[Task<Void, Never>]>

  /// Begins at once, and goes on until ``stop()``.
  /// - Parameters:
  ///   - answer: what this node answers the peer that asks for a path.
  ///   - pause: after a call that failed.
  public init(
    pause: Duration = .seconds(5), call: @escaping Call, answer: @escaping @Sendable (String) async -> PeerResponse
  ) {
    visits = Mutex(
      (0..<Self.visitors).map { _ in
        Task.detached {
          var result: ReverseLink.Answer?
          while !Task.isCancelled {
            do throws(LinkFailure) {
              let question = try await call(result)
              result = nil
              if let question { result = (question.number, await answer(question.path)) }
            } catch {
              // Whoever asked has given up by then.
              result = nil
              try? await Task.sleep(for: pause)
            }
          }
        }
      })
  }

  public func stop() { for visit in visits.withLock({ $0 }) { visit.cancel() } }
}
