import Alliance
import CertificateBench
import Foundation
import Links
import Logging
import ServiceLifecycle
import Synchronization
import Testing
import Wire

/// A peer's door on 127.0.0.1 for the length of a test, and what it refused.
final class RunningNode: Sendable {
  typealias Handler = @Sendable (CoalitionID, PeerRequest) async -> PeerResponse

  struct Settings: Sendable {
    var trust: PeerTrust
    var identity: LinkIdentity
    var paused: Set<CoalitionID> = []
    var now = Bench.now
    /// Called after the trust was read for a handshake.
    var onTrust: (@Sendable () -> Void)?
  }

  let alliance: BenchAlliance
  let server: PeerServer
  let port: Int
  private let refused: Refusals

  /// Runs a door of Norway's and hands it to the test; stops it afterwards.
  static func run<Result: Sendable>(
    in alliance: BenchAlliance, _ settings: Settings? = nil, limits: LinkLimits = LinkLimits(),
    logger: Logger = .quiet, handle: @escaping Handler = RunningNode.echo,
    _ test: (RunningNode) async throws -> Result
  ) async throws -> Result {
    let usual = Settings(trust: try alliance.trust(), identity: LinkIdentity(try alliance.leaf("no")))
    let box = Box(settings ?? usual)
    let refused = Refusals()
    let server = PeerServer(
      host: "127.0.0.1", port: 0,
      identity: { box.value.withLock { $0.identity } }, trust: { box.trust() },
      now: { box.value.withLock { $0.now } }, limits: limits,
      admits: { coalition in box.value.withLock { !$0.paused.contains(coalition) } },
      refused: { refused.add($0) }, logger: logger, handle: handle)
    let group = ServiceGroup(configuration: .init(services: [server], logger: .quiet))
    let running = Task { try await group.run() }
    do {
      let node = RunningNode(alliance, box, server, try await server.boundPort(), refused)
      let result = try await test(node)
      await group.triggerGracefulShutdown()
      try await running.value
      return result
    } catch {
      await group.triggerGracefulShutdown()
      _ = await running.result
      throw error
    }
  }

  final class Box: Sendable {
    let value: Mutex<Settings>
    init(_ settings: Settings) { value = Mutex(settings) }

    func trust() -> PeerTrust {
      let (trust, onTrust) = value.withLock { ($0.trust, $0.onTrust) }
      onTrust?()
      return trust
    }
  }

  private let box: Box

  private init(_ alliance: BenchAlliance, _ box: Box, _ server: PeerServer, _ port: Int, _ refused: Refusals) {
    self.alliance = alliance
    self.box = box
    self.server = server
    self.port = port
    self.refused = refused
  }

  func change(_ change: (inout Settings) -> Void) { box.value.withLock { change(&$0) } }

  /// Waits for the next refusal that was reported.
  func nextRefusal() async throws -> LinkRefusal { try await refused.next() }
  var refusals: [LinkRefusal] { refused.all }

  /// A client of Sweden's, unless another certificate is given.
  func client(
    _ leaf: BenchLeaf? = nil, dialling coalition: String = "no", limits: LinkLimits = LinkLimits(),
    trust: PeerTrust? = nil, refused: @escaping @Sendable (LinkRefusal) -> Void = { _ in }
  ) throws -> PeerClient {
    let identity = LinkIdentity(try leaf ?? alliance.leaf("se"))
    let trust = try trust ?? alliance.trust()
    return PeerClient(
      coalition: try Bench.coalition(coalition), endpoints: [try endpoint], identity: { identity },
      trust: { trust }, now: { Bench.now }, limits: limits, refused: refused)
  }

  var endpoint: Endpoint {
    get throws { try #require(Endpoint("127.0.0.1:\(port)")) }
  }

  @Sendable static func echo(_ coalition: CoalitionID, _ request: PeerRequest) async -> PeerResponse {
    let query = request.query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    let text = "\(coalition) \(request.method) \(request.path) \(query) \(request.acceptsJSON) \(request.body.count)"
    return PeerResponse(status: 200, contentType: "text/plain", body: Array(text.utf8))
  }
}

extension LinkIdentity {
  init(_ leaf: BenchLeaf) { self.init(chain: leaf.chain, privateKeyPEM: leaf.privateKeyPEM) }
}

extension PeerResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}

extension Logger {
  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
