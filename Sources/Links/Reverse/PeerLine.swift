public import Alliance
public import FoundationEssentials
import NIOCore
import Synchronization

/// The way to one peer: dialled, or over the connections that the peer makes to us where it cannot be dialled.
public final class PeerLine: Sendable {
  /// How long a failed dial speaks for the next ones, while the peer calls us.
  private static let redialPause = TimeAmount.seconds(60)

  private struct State {
    var canBeDialled: Bool
    var dialFailed: NIODeadline?
    var isReverse = false
  }

  public let reverse: ReverseLink
  private let client: PeerClient
  private let state: Mutex<State>

  public init(_ client: PeerClient, canBeDialled: Bool, reverse: ReverseLink = ReverseLink()) {
    self.client = client
    self.reverse = reverse
    state = Mutex(State(canBeDialled: canBeDialled))
  }

  /// Whether the last answer came over the peer's own connection.
  public var isReverse: Bool { state.withLock { $0.isReverse } }
  public var certificateEnds: Date? { client.certificateEnds }

  /// Asks for a resource; see ``PeerClient/get(_:acceptingJSON:timeout:)`` and ``ReverseLink/get(_:timeout:)``.
  public func get(_ path: String, timeout: Duration) async throws(LinkFailure) -> PeerResponse {
    let deadline = NIODeadline.now() + TimeAmount(timeout)
    let (canBeDialled, dialFailed) = state.withLock { ($0.canBeDialled, $0.dialFailed) }
    let isWorthDialling = dialFailed.map { .now() - $0 >= Self.redialPause } ?? true
    if canBeDialled, isWorthDialling || !reverse.isOffered {
      do throws(LinkFailure) {
        let response = try await client.get(path, timeout: timeout)
        state.withLock { ($0.dialFailed, $0.isReverse) = (nil, false) }
        return response
      } catch {
        guard error.code == .unreachable, reverse.isOffered else { throw error }
        state.withLock { $0.dialFailed = .now() }
      }
    } else if !reverse.isOffered {
      throw ReverseLink.absence
    }
    let remaining = max(0, (deadline - .now()).nanoseconds)
    let response = try await reverse.get(path, timeout: .nanoseconds(remaining))
    state.withLock { $0.isReverse = true }
    return response
  }

  public func setEndpoints(_ endpoints: [Endpoint]) {
    client.setEndpoints(endpoints)
    state.withLock { ($0.canBeDialled, $0.dialFailed) = (!endpoints.isEmpty, nil) }
  }

  /// Ends all that is under way; what is asked next takes a new connection.
  public func dropLinks() {
    client.dropLinks()
    reverse.drop()
  }

  /// See ``PeerClient/renewLinks()``.
  public func renewLinks() { client.renewLinks() }

  /// See ``PeerClient/judgeLinksAgain(by:)``.
  public func judgeLinksAgain(by trust: PeerTrust) async { await client.judgeLinksAgain(by: trust) }

  public func close() async {
    await client.close()
    reverse.drop()
  }
}
