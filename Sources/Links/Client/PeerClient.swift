public import Alliance
public import FoundationEssentials
public import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
public import Wire

/// Asks one peer: HTTP/1.1 over mutual TLS 1.3 on a few kept-alive connections, the peer judged inside the handshake.
///
/// A refusal by the peer shows at the first answer, not in the handshake, because in TLS 1.3 the client is done before
/// the server has seen its certificate.
public final class PeerClient: Sendable {
  private struct State {
    var idle: [PeerLink] = []
    var open: [ObjectIdentifier: PeerLink] = [:]
    /// Of these, those that end with the request under way, because our own certificate is another one now.
    var ending: Set<ObjectIdentifier> = []
    var endpoints: [Endpoint]
    var isClosed = false
    /// Goes up when the links are dropped: what was asked before then ends, wherever it has got to.
    var drops: UInt64 = 0
    var certificateEnds: Date?
  }

  public let coalition: CoalitionID
  private let state: Mutex<State>
  private let places: Places
  private let dialler: Dialler
  private let eventLoop: any EventLoop
  private let now: @Sendable () -> Date
  private let instance: String?

  /// - Parameters:
  ///   - endpoints: tried in order, the one that last worked first.
  ///   - instance: what this process calls itself, 32 hexadecimal digits.
  ///   - now: the clock that certificates are judged by.
  ///   - refused: told when our check of the peer's certificate failed.
  public init(
    coalition: CoalitionID, endpoints: [Endpoint], instance: String? = nil,
    identity: @escaping @Sendable () -> LinkIdentity,
    trust: @escaping @Sendable () -> PeerTrust,
    now: @escaping @Sendable () -> Date = { Date() },
    limits: LinkLimits = LinkLimits(),
    refused: @escaping @Sendable (LinkRefusal) -> Void = { _ in },
    eventLoopGroup: (any EventLoopGroup)? = nil
  ) {
    let eventLoop = (eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton).next()
    self.coalition = coalition
    self.eventLoop = eventLoop
    self.now = now
    self.instance = instance
    state = Mutex(State(endpoints: endpoints))
    places = Places(limits.connectionsToPeer)
    dialler = Dialler(
      coalition: coalition, limits: limits, identity: identity, trust: trust, now: now, refused: refused,
      eventLoop: eventLoop)
  }

  /// Asks for a resource; asked once more on a new link if a kept-alive one turns out to have ended.
  ///
  /// - Parameters:
  ///   - path: with its query, percent-encoded.
  ///   - timeout: for all of it: waiting for a link, dialling and the answer.
  public func get(_ path: String, acceptingJSON: Bool = false, timeout: Duration) async throws(LinkFailure)
    -> PeerResponse
  {
    var headers = HTTPHeaders()
    headers.add(name: "accept", value: acceptingJSON ? "application/json" : "application/protobuf")
    return try await request(.GET, path, headers, ByteBuffer(), timeout)
  }

  /// Sends a body; never sent twice, so `closed` leaves open whether the peer has acted on it.
  public func post(
    _ path: String, body: [UInt8], contentType: String = "application/protobuf", timeout: Duration
  ) async throws(LinkFailure) -> PeerResponse {
    var headers = HTTPHeaders()
    headers.add(name: "accept", value: "application/protobuf")
    headers.add(name: "content-type", value: contentType)
    headers.add(name: "content-length", value: String(body.count))
    return try await request(.POST, path, headers, ByteBuffer(bytes: body), timeout)
  }

  /// Closes all links, those with a request under way too; the next request dials anew and is judged anew.
  public func dropLinks() {
    let links = state.withLock { state in
      state.idle = []
      state.drops += 1
      return Array(state.open.values)
    }
    for link in links { link.close() }
  }

  /// Lets every link end once its request is answered, so that the next ones show the certificate that we have now.
  public func renewLinks() {
    let idle = state.withLock { state in
      defer { state.idle = [] }
      state.ending = Set(state.open.keys)
      return state.idle
    }
    for link in idle { link.close() }
  }

  /// Closes the links whose peer is not trusted any more: its authority is another one, or its serial was taken back.
  public func judgeLinksAgain(by trust: PeerTrust) async {
    for link in state.withLock({ Array($0.open.values) }) {
      let verdict = await trust.judge(chain: link.peer.chain, at: now(), role: .server, expecting: coalition)
      if case .failure = verdict { link.close() }
    }
  }

  /// When the certificate of the peer's newest link ends, or its authority's if that is sooner; nil before the first link.
  public var certificateEnds: Date? { state.withLock { $0.certificateEnds } }

  /// Takes other endpoints from the next dialling on.
  public func setEndpoints(_ endpoints: [Endpoint]) {
    state.withLock { $0.endpoints = endpoints }
  }

  /// Closes all links and fails all requests, now and later.
  public func close() async {
    state.withLock { $0.isClosed = true }
    places.close()
    dropLinks()
  }
}

extension PeerClient {
  private func request(
    _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders, _ body: ByteBuffer, _ timeout: Duration
  ) async throws(LinkFailure) -> PeerResponse {
    guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), path.hasPrefix("/") else {
      throw LinkFailure(.protocolError, "a path starts with / and holds no blanks or control characters")
    }
    let deadline = NIODeadline.now() + TimeAmount(timeout)
    let drops = state.withLock { $0.drops }
    try await places.take(until: deadline, on: eventLoop)
    defer { places.give() }
    var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    head.headers.add(name: "host", value: "node")
    if let instance { head.headers.add(name: PeerRequest.instanceField, value: instance) }
    if let link = idleLink() {
      do throws(LinkFailure) {
        return try await exchange(head, body, on: link, until: deadline)
      } catch {
        guard method == .GET, error.code == .closed, !Task.isCancelled, !isClosed, isWanted(drops) else { throw error }
      }
    }
    guard isWanted(drops) else { throw Self.dropped }
    return try await exchange(head, body, on: try await dial(until: deadline, drops), until: deadline)
  }

  private func exchange(
    _ head: HTTPRequestHead, _ body: ByteBuffer, on link: PeerLink, until deadline: NIODeadline
  ) async throws(LinkFailure) -> PeerResponse {
    let response = try await link.exchange(head, body, until: deadline)
    let id = ObjectIdentifier(link)
    let isKept = state.withLock { state in
      guard state.open[id] != nil, !state.ending.contains(id) else { return false }
      state.idle.append(link)
      return true
    }
    if !isKept { link.close() }
    return response
  }

  private var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Whether no link was dropped since so many had been.
  private func isWanted(_ drops: UInt64) -> Bool { state.withLock { $0.drops == drops } }

  private static var dropped: LinkFailure { LinkFailure(.closed, "the links to the peer were dropped") }

  /// The link used last, because it is the least likely to have been closed for idleness.
  private func idleLink() -> PeerLink? {
    while let link = state.withLock({ $0.idle.popLast() }) {
      if link.isUsable(at: now()) { return link }
      link.close()
    }
    return nil
  }

  private func dial(until deadline: NIODeadline, _ drops: UInt64) async throws(LinkFailure) -> PeerLink {
    let endpoints = state.withLock { $0.endpoints }
    var failures: [LinkFailure] = []
    for endpoint in endpoints {
      do throws(LinkFailure) {
        let link = try await dialler.dial(endpoint, until: deadline)
        try keep(link, from: endpoint, drops)
        return link
      } catch {
        failures.append(error)
        if isClosed || Task.isCancelled || !isWanted(drops) { break }
      }
    }
    // A refusal tells more than an endpoint that is down.
    throw failures.first { $0.code == .refusedThem } ?? failures.last
      ?? LinkFailure(.unreachable, "no endpoint of \(coalition) is known")
  }

  private func keep(_ link: PeerLink, from endpoint: Endpoint, _ drops: UInt64) throws(LinkFailure) {
    let id = ObjectIdentifier(link)
    let isKept = state.withLock { state -> Bool in
      guard !state.isClosed, state.drops == drops else { return false }
      state.open[id] = link
      state.certificateEnds = link.peer.notAfter
      if let index = state.endpoints.firstIndex(of: endpoint), index > 0 {
        state.endpoints.swapAt(0, index)
      }
      return true
    }
    link.whenClosed { [weak self] in self?.forget(id) }
    guard isKept else {
      link.close()
      throw isClosed ? LinkFailure(.closed, "the client was closed") : Self.dropped
    }
  }

  private func forget(_ id: ObjectIdentifier) {
    state.withLock { state in
      state.open[id] = nil
      state.ending.remove(id)
      state.idle.removeAll { ObjectIdentifier($0) == id }
    }
  }
}
