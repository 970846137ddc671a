internal import Alliance
internal import Foundation
internal import Ledger
internal import Links
internal import Replication
internal import Signing
internal import Store
internal import SwiftProtobuf
internal import Synchronization
internal import Wire

/// The responder behind the server: routes a verified peer's request, lets it wait for news, and gives the answer its
/// form.
final class PeerDoor: Sendable {
  private let coalition: CoalitionID
  private let ledger: LedgerStore
  private let sealer: HashKeySealer
  let instance: [UInt8]
  private let version: String
  private let announcements: Announcements
  private let traffic: Traffic
  private let lines: Lines
  private let state: Mutex<(membership: Membership, next: OpenRoster, paused: Set<CoalitionID>)>
  private let callers = Mutex(Callers())

  init(
    coalition: CoalitionID, ledger: LedgerStore, membership: Membership, next: OpenRoster, sealer: HashKeySealer,
    instance: [UInt8], version: String, announcements: Announcements, paused: Set<CoalitionID>, traffic: Traffic,
    lines: Lines
  ) {
    self.coalition = coalition
    self.ledger = ledger
    self.sealer = sealer
    self.instance = instance
    self.version = version
    self.announcements = announcements
    self.traffic = traffic
    self.lines = lines
    state = Mutex((membership, next, paused))
  }

  var membership: Membership {
    get { state.withLock { $0.membership } }
    set { state.withLock { $0.membership = newValue } }
  }

  var next: OpenRoster {
    get { state.withLock { $0.next } }
    set { state.withLock { $0.next = newValue } }
  }

  /// A roster is in force: who is in it, and what is said about the one after it.
  func set(_ membership: Membership, next: OpenRoster) {
    state.withLock { ($0.membership, $0.next) = (membership, next) }
  }

  func setPaused(_ isPaused: Bool, _ peer: CoalitionID) {
    state.withLock { if isPaused { $0.paused.insert(peer) } else { $0.paused.remove(peer) } }
  }

  /// Who was removed is refused in the handshake; what it had under way ends here.
  func admits(_ peer: CoalitionID) -> Bool {
    state.withLock { !$0.paused.contains(peer) && $0.membership.roster.member(peer) != nil }
  }

  /// Answers what came over a connection that the peer made.
  func answer(_ peer: CoalitionID, _ request: PeerRequest) async -> PeerResponse {
    if let instance = request.instance.flatMap({ Hexadecimal.decode($0) }) { meet(instance, of: peer) }
    if request.path == PushVisit.path {
      guard request.method == "POST" else {
        return .problem(Problem("method", "answers are brought with POST", object: request.path), status: 405)
      }
      return await PushVisit.take(request, on: lines[peer]?.reverse)
    }
    guard request.method == "GET" else {
      return .problem(Problem("method", "peer resources are read with GET", object: request.path), status: 405)
    }
    callers.withLock { $0.lastAsked[peer] = Node.pace() }
    let resource = PeerResource(path: request.path, query: request.query)
    return await answer(peer, resource, path: request.path, asJSON: request.acceptsJSON)
  }

  /// Answers a question that we fetched from a peer who cannot dial us.
  func answer(_ peer: CoalitionID, fetched target: String) async -> PeerResponse {
    guard admits(peer) else {
      return .problem(
        Problem("paused", "its operator has paused the exchange with this coalition", object: peer.rawValue),
        status: 503)
    }
    return await answer(peer, PeerResource(target: target), path: target, asJSON: false)
  }

  /// When the peer last asked over a connection of its own making, on the node's pace; nil if never.
  func lastAsked(by peer: CoalitionID) -> UInt64? { callers.withLock { $0.lastAsked[peer] } }

  /// An instance of the peer's node has asked or answered.
  func meet(_ instance: [UInt8], of peer: CoalitionID) {
    callers.withLock { $0.instances.meet(instance, of: peer, at: Node.pace()) }
  }

  /// The peer's instances that run at the same time, if there are several.
  func instancesTogether(of peer: CoalitionID) -> [[UInt8]] {
    callers.withLock { $0.instances.together(peer, at: Node.pace()) }
  }

  private func answer(
    _ peer: CoalitionID, _ resource: PeerResource?, path: String, asJSON: Bool
  ) async -> PeerResponse {
    let response = await response(for: peer, resource, path: path, asJSON: asJSON)
    traffic.answered(peer, for: resource, status: response.status, bytes: response.body.count)
    return response
  }

  private func response(
    for peer: CoalitionID, _ resource: PeerResource?, path: String, asJSON: Bool
  ) async -> PeerResponse {
    guard let resource else {
      return .problem(Problem("not-found", "there is no such resource", object: path), status: 404)
    }
    do {
      var reply = try look(up: resource, for: peer, mayWait: true)
      if case .wait(let sequence, let seconds) = reply {
        var receipts: Set = [coalition]
        if case .heads(_, _, let relay) = resource { receipts.formUnion(relay) }
        await announcements.wait(past: sequence, receiptsOf: receipts, seconds: seconds)
        reply = try look(up: resource, for: peer, mayWait: false)
      }
      return try Self.response(reply, asJSON: asJSON)
    } catch {
      let problem = error as? Problem ?? Problem("internal", "the node could not answer")
      return .problem(Problem(problem.code, problem.what), status: 500)
    }
  }

  private func look(up resource: PeerResource, for peer: CoalitionID, mayWait: Bool) throws -> Responder.Reply {
    let (membership, next) = state.withLock { ($0.membership, $0.next) }
    var sealed: [SealedHashKey] = []
    if case .hashKey(let epoch) = resource, let record = membership.record(of: peer) {
      sealed = sealer.seal(epoch, to: record, alliance: membership.alliance).map { [$0] } ?? []
    }
    let responder = Responder(
      coalition: coalition, membership: membership, instance: instance, version: version, feed: announcements.feed,
      sealedKeys: sealed, instances: instancesTogether(of: peer), next: next)
    return try ledger.read { try responder.reply(to: resource, from: peer, reading: $0, mayWait: mayWait) }
  }

  private static func response(_ reply: Responder.Reply, asJSON: Bool) throws -> PeerResponse {
    switch reply {
    case .message(let message) where asJSON:
      return PeerResponse(status: 200, contentType: "application/json", body: Array(try message.jsonUTF8Data()))
    case .message(let message):
      return PeerResponse(status: 200, contentType: "application/protobuf", body: try message.serializedBytes())
    case .bytes(let hashes) where asJSON:
      return PeerResponse(status: 200, contentType: "application/json", body: try HistoryPage(hashes).json)
    case .bytes(let bytes): return PeerResponse(status: 200, contentType: "application/octet-stream", body: bytes)
    case .problem(let status, let problem): return .problem(problem, status: status)
    case .wait: return .problem(Problem("internal", "the node could not answer"), status: 500)
    }
  }
}

/// Who has called, and which instances of whom.
private struct Callers {
  var lastAsked: [CoalitionID: UInt64] = [:]
  var instances = InstanceWatch()
}
