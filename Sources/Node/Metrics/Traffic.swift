internal import Alliance
internal import Links
internal import Replication
internal import Synchronization
internal import Wire

/// What has happened on the links and in the ledger since the node started, counted for metrics.
///
/// Every key is bounded: members of the roster, kinds of resources, and codes of this software. A text that a peer
/// chose is never one.
final class Traffic: Sendable {
  struct Exchange: Hashable, Sendable {
    let peer: CoalitionID
    /// A kind of resource.
    let resource: String
    /// `ok`, or a code.
    let outcome: String
  }

  struct Fault: Hashable, Sendable {
    let coalition: CoalitionID
    let code: String
  }

  struct Counts: Sendable {
    var asked: [Exchange: Int] = [:]
    var answered: [Exchange: Int] = [:]
    /// Bytes of message bodies.
    var received: [CoalitionID: Int] = [:]
    var sent: [CoalitionID: Int] = [:]
    var refusals: [PeerRefusalCode: Int] = [:]
    var appliedChanges: [CoalitionID: Int] = [:]
    var appliedHeads: [CoalitionID: Int] = [:]
    var copies: [CoalitionID: Int] = [:]
    var faults: [Fault: Int] = [:]
    var storeFailures = 0
  }

  private let state = Mutex(Counts())

  var counts: Counts { state.withLock { $0 } }

  /// A peer answered what we asked.
  func asked(_ peer: CoalitionID, for resource: PeerResource, status: Int, bytes: Int, readable: Bool) {
    let outcome = status == 200 ? (readable ? "ok" : "answer-unreadable") : Self.outcome(of: status)
    state.withLock { counts in
      counts.asked[Exchange(peer: peer, resource: resource.kind, outcome: outcome), default: 0] += 1
      counts.received[peer, default: 0] += bytes
    }
  }

  /// The link failed before there was an answer.
  func asked(_ peer: CoalitionID, for resource: PeerResource, failed code: LinkFailure.Code) {
    let exchange = Exchange(peer: peer, resource: resource.kind, outcome: code.rawValue)
    state.withLock { $0.asked[exchange, default: 0] += 1 }
  }

  /// We answered a peer.
  /// - Parameter resource: nil for what does not exist.
  func answered(_ peer: CoalitionID, for resource: PeerResource?, status: Int, bytes: Int) {
    let outcome = status == 200 ? "ok" : Self.outcome(of: status)
    state.withLock { counts in
      counts.answered[Exchange(peer: peer, resource: resource?.kind ?? "none", outcome: outcome), default: 0] += 1
      counts.sent[peer, default: 0] += bytes
    }
  }

  func refused(_ code: PeerRefusalCode) { state.withLock { $0.refusals[code, default: 0] += 1 } }

  func applied(_ heads: Int, changes: Int, of coalition: CoalitionID) {
    state.withLock { counts in
      counts.appliedHeads[coalition, default: 0] += heads
      counts.appliedChanges[coalition, default: 0] += changes
    }
  }

  /// A whole position was taken over, without the deltas that led to it.
  func copied(_ coalition: CoalitionID) { state.withLock { $0.copies[coalition, default: 0] += 1 } }

  func stopped(_ coalition: CoalitionID, by code: String) {
    state.withLock { $0.faults[Fault(coalition: coalition, code: code), default: 0] += 1 }
  }

  func storeFailed() { state.withLock { $0.storeFailures += 1 } }

  /// The statuses of the wire contract by number, all others as one.
  private static func outcome(of status: Int) -> String {
    [400, 404, 405, 410, 413, 414, 429, 500, 503].contains(status) ? "status-\(status)" : "status-other"
  }
}

extension PeerResource {
  /// The first part of its place under `/peer/v1/`: one of as many words as there are resources.
  var kind: String {
    path.split(separator: "/").dropFirst(2).first.map { String($0.prefix { $0 != "?" }) } ?? "none"
  }
}
