internal import Alliance
internal import Foundation
internal import Ledger
internal import Links
internal import Replication
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
  private let instance: [UInt8]
  private let version: String
  private let announcements: Announcements
  private let traffic: Traffic
  private let state: Mutex<(membership: Membership, paused: Set<CoalitionID>)>

  init(
    coalition: CoalitionID, ledger: LedgerStore, membership: Membership, sealer: HashKeySealer,
    instance: [UInt8], version: String, announcements: Announcements, paused: Set<CoalitionID>, traffic: Traffic
  ) {
    self.coalition = coalition
    self.ledger = ledger
    self.sealer = sealer
    self.instance = instance
    self.version = version
    self.announcements = announcements
    self.traffic = traffic
    state = Mutex((membership, paused))
  }

  var membership: Membership {
    get { state.withLock { $0.membership } }
    set { state.withLock { $0.membership = newValue } }
  }

  func setPaused(_ isPaused: Bool, _ peer: CoalitionID) {
    state.withLock { if isPaused { $0.paused.insert(peer) } else { $0.paused.remove(peer) } }
  }

  func admits(_ peer: CoalitionID) -> Bool { state.withLock { !$0.paused.contains(peer) } }

  func answer(_ peer: CoalitionID, _ request: PeerRequest) async -> PeerResponse {
    let resource = PeerResource(path: request.path, query: request.query)
    let response = await answer(peer, request, resource)
    traffic.answered(peer, for: resource, status: response.status, bytes: response.body.count)
    return response
  }

  private func answer(_ peer: CoalitionID, _ request: PeerRequest, _ resource: PeerResource?) async -> PeerResponse {
    guard request.method == "GET" else {
      return .problem(Problem("method", "peer resources are read with GET", object: request.path), status: 405)
    }
    guard let resource else {
      return .problem(Problem("not-found", "there is no such resource", object: request.path), status: 404)
    }
    do {
      var reply = try look(up: resource, for: peer, mayWait: true)
      if case .wait(let sequence, let seconds) = reply {
        var receipts: Set = [coalition]
        if case .heads(_, _, let relay) = resource { receipts.formUnion(relay) }
        await announcements.wait(past: sequence, receiptsOf: receipts, seconds: seconds)
        reply = try look(up: resource, for: peer, mayWait: false)
      }
      return try Self.response(reply, asJSON: request.acceptsJSON)
    } catch {
      let problem = error as? Problem ?? Problem("internal", "the node could not answer")
      return .problem(Problem(problem.code, problem.what), status: 500)
    }
  }

  private func look(up resource: PeerResource, for peer: CoalitionID, mayWait: Bool) throws -> Responder.Reply {
    let membership = membership
    var sealed: [SealedHashKey] = []
    if case .hashKey(let epoch) = resource, let record = membership.record(of: peer) {
      sealed = sealer.seal(epoch, to: record, alliance: membership.alliance).map { [$0] } ?? []
    }
    let responder = Responder(
      coalition: coalition, membership: membership, instance: instance, version: version, feed: announcements.feed,
      sealedKeys: sealed)
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
