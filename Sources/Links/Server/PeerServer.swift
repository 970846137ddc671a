public import Alliance
public import FoundationEssentials
import HummingbirdCore
public import Logging
public import NIOCore
import NIOPosix
public import ServiceLifecycle
public import Wire

/// A node's door for its peers: HTTP/1.1 over mutual TLS 1.3, where each caller is judged inside the handshake.
///
/// Identity and trust are asked for at every handshake, so a renewed certificate and a changed roster act on the next
/// one. Links that are open keep what they were judged by: whoever changes roster or records calls ``judgeLinksAgain()``,
/// whoever changes the certificate ``renewLinks()``.
public final class PeerServer: Service, Sendable {
  private let host: String
  private let port: Int
  private let limits: LinkLimits
  private let eventLoopGroup: any EventLoopGroup
  private let logger: Logger
  private let registry: LinkRegistry
  private let channel: MutualTLSChannel
  private let judgeAgain: @Sendable (VerifiedPeer) async -> Bool
  private let bound = BoundPort()

  /// - Parameters:
  ///   - port: 0 takes any free port; see ``boundPort()``.
  ///   - now: the clock that certificates are judged by.
  ///   - admits: whether the operator lets this coalition in; asked at every request, a paused peer gets a 503.
  ///   - refused: told of every refused handshake, after it was logged.
  ///   - handle: answers one request of a verified peer; should heed cancellation if it waits, because a stopping node
  ///     cancels it.
  public init(
    host: String, port: Int,
    identity: @escaping @Sendable () -> LinkIdentity,
    trust: @escaping @Sendable () -> PeerTrust,
    now: @escaping @Sendable () -> Date = { Date() },
    limits: LinkLimits = LinkLimits(),
    admits: @escaping @Sendable (CoalitionID) -> Bool = { _ in true },
    refused: @escaping @Sendable (LinkRefusal) -> Void = { _ in },
    eventLoopGroup: (any EventLoopGroup)? = nil,
    logger: Logger,
    handle: @escaping @Sendable (CoalitionID, PeerRequest) async -> PeerResponse
  ) {
    let registry = LinkRegistry()
    let responder = LinkResponder(registry: registry, limits: limits, now: now, admits: admits, handle: handle)
    var http = HTTP1Channel.Configuration(
      idleTimeout: TimeAmount(limits.idle),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: limits.headerField, maxHeaderListSize: limits.headers,
        maxHeaderFieldCount: limits.headerCount))
    http.additionalChannelHandlers = { [] }
    self.host = host
    self.port = port
    self.limits = limits
    self.eventLoopGroup = eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton
    self.logger = logger
    self.registry = registry
    judgeAgain = { peer in
      let verdict = await trust().judge(chain: peer.chain, at: now(), role: .client, expecting: peer.coalition)
      if case .failure = verdict { return false }
      return true
    }
    channel = MutualTLSChannel(
      http1: HTTP1Channel(
        responder: { try await responder.respond($0, $1, $2) }, configuration: http),
      limits: limits, identity: identity,
      judge: { chain, channel in
        await Self.judge(chain, on: channel, trust: trust, now: now, limits: limits, registry: registry)
      },
      refused: { refusal, address in
        let report = LinkRefusal(at: now(), remoteAddress: Self.text(address), refusal: refusal)
        Self.log(report, logger)
        refused(report)
      })
  }

  /// Listens until the service group stops or the task is cancelled; requests under way may end within
  /// ``LinkLimits/drain``.
  public func run() async throws {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let server = channel.server(
      configuration: ServerConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)),
      onServerRunning: { [bound] in bound.settle($0.localAddress?.port) },
      eventLoopGroup: eventLoopGroup, logger: quiet)
    defer { bound.settle(nil) }
    try await withGracefulShutdownHandler {
      try await server.run()
    } onGracefulShutdown: { [registry, limits, eventLoopGroup] in
      eventLoopGroup.next().scheduleTask(in: TimeAmount(limits.drain)) { registry.close { _ in true } }
    }
  }

  /// Waits until the server listens.
  ///
  /// - Throws: `not-listening` if it ended without.
  public func boundPort() async throws(Problem) -> Int { try await bound.value() }

  /// Closes the live links of the chosen coalitions and answers nothing more on them; a handshake that is being judged
  /// meanwhile is judged again.
  public func closeLinks(where condition: (CoalitionID) -> Bool) { registry.close(where: condition) }

  /// Closes the links that the trust of now refuses.
  public func judgeLinksAgain() async { await registry.judgeAgain(judgeAgain) }

  /// Lets every link end with its next answer, so that the next ones show the certificate that we have now.
  public func renewLinks() { registry.renew() }

  /// How many verified links each coalition holds open.
  public var links: [CoalitionID: Int] { registry.counts }
}

extension PeerServer {
  private static func judge(
    _ chain: [[UInt8]], on channel: any Channel, trust: @Sendable () -> PeerTrust, now: @Sendable () -> Date,
    limits: LinkLimits, registry: LinkRegistry
  ) async -> Result<VerifiedPeer, PeerRefusal> {
    while true {
      let closings = registry.closings
      let verdict = await trust().judge(chain: chain, at: now(), role: .client, expecting: nil)
      guard case .success(let peer) = verdict else { return verdict }
      switch registry.add(peer, on: channel, judgedAfter: closings, limit: limits.linksPerPeer) {
      case .added:
        return verdict
      case .stale:
        continue
      case .full:
        return .failure(
          PeerRefusal(
            .tooManyLinks, "\(peer.coalition) already holds \(limits.linksPerPeer) links", coalition: peer.coalition))
      }
    }
  }

  private static func text(_ address: SocketAddress?) -> String {
    guard let address, let ip = address.ipAddress, let port = address.port else { return "unknown" }
    return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
  }

  private static func log(_ report: LinkRefusal, _ logger: Logger) {
    logger.warning(
      "link refused",
      metadata: [
        "vaka.link.code": "\(report.refusal.code.rawValue)", "vaka.link.reason": "\(report.refusal.reason)",
        "vaka.link.remote": "\(report.remoteAddress)",
        "vaka.link.claimed": "\(report.refusal.claimed ?? "none")",
      ])
  }
}
