import Alliance
import NIOCore
import Synchronization
import Wire

/// The live, verified links of a server, by channel, so that a request knows its peer and a change of roster can close
/// what it no longer allows.
final class LinkRegistry: Sendable {
  enum Entry {
    case added
    /// Links were closed while this one was being judged: judge again, by the trust of now.
    case stale
    case full
  }

  private struct Link {
    let peer: VerifiedPeer
    let channel: any Channel
    /// Whether it ends with the next answer, because our own certificate is another one now.
    var isEnding = false
  }

  private struct State {
    var links: [ObjectIdentifier: Link] = [:]
    var closings: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Counts the calls of `close`; read it before judging a peer and hand it to `add`.
  var closings: UInt64 { state.withLock { $0.closings } }

  func add(_ peer: VerifiedPeer, on channel: any Channel, judgedAfter closings: UInt64, limit: Int) -> Entry {
    let id = ObjectIdentifier(channel)
    let entry = state.withLock { state -> Entry in
      guard state.closings == closings else { return .stale }
      let held = state.links.values.count { $0.peer.coalition == peer.coalition }
      guard held < limit else { return .full }
      state.links[id] = Link(peer: peer, channel: channel)
      return .added
    }
    if entry == .added {
      channel.closeFuture.whenComplete { _ in self.remove(id) }
    }
    return entry
  }

  /// The peer at the other end, or nil once the link was told to close.
  func peer(on channel: any Channel) -> VerifiedPeer? {
    state.withLock { $0.links[ObjectIdentifier(channel)]?.peer }
  }

  /// Forgets the links at once, so that nothing more is answered on them, and closes their channels.
  func close(where condition: (CoalitionID) -> Bool) {
    let closing = state.withLock { state -> [Link] in
      state.closings &+= 1
      let chosen = state.links.filter { condition($0.value.peer.coalition) }
      for id in chosen.keys { state.links[id] = nil }
      return Array(chosen.values)
    }
    for link in closing { link.channel.close(promise: nil) }
  }

  /// Lets every link end with its next answer.
  func renew() {
    state.withLock { state in
      for id in state.links.keys { state.links[id]?.isEnding = true }
    }
  }

  func isEnding(_ channel: any Channel) -> Bool {
    state.withLock { $0.links[ObjectIdentifier(channel)]?.isEnding ?? false }
  }

  /// Judges every live link again, and closes those that are refused now. What is being judged meanwhile is judged anew.
  func judgeAgain(_ judge: (VerifiedPeer) async -> Bool) async {
    let live = state.withLock { state in
      state.closings &+= 1
      return state.links
    }
    for (id, link) in live where await !judge(link.peer) {
      state.withLock { $0.links[id] = nil }
      link.channel.close(promise: nil)
    }
  }

  var counts: [CoalitionID: Int] {
    state.withLock { state in
      Dictionary(grouping: state.links.values, by: \.peer.coalition).mapValues(\.count)
    }
  }

  private func remove(_ id: ObjectIdentifier) {
    state.withLock { $0.links[id] = nil }
  }
}
