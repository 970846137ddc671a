internal import HTTPTypes
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle

/// The local listener that monitoring asks: plain HTTP, a few short connections of one request each.
///
/// It never stops the node: while its port is taken it warns once and tries again now and then.
public final class HealthServer: Service, Sendable {
  private let host: String
  private let port: Int
  private let routes: HealthRoutes
  private let limits: HealthLimits
  private let logger: Logger

  public convenience init(host: String, port: Int, source: HealthSource, logger: Logger) {
    self.init(host: host, port: port, source: source, limits: HealthLimits(), logger: logger)
  }

  init(host: String, port: Int, source: HealthSource, limits: HealthLimits, logger: Logger) {
    self.host = host
    self.port = port
    routes = HealthRoutes(source: source, patience: limits.patience)
    self.limits = limits
    self.logger = logger
  }

  /// Listens until a graceful shutdown.
  public func run() async throws {
    var hasWarned = false
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      do {
        try await server().run()
        return
      } catch {
        if !hasWarned { warn(error) }
        hasWarned = true
      }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: self.limits.retryPause) }
    }
  }

  private func server() -> any Service {
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .error)
    let (logger, host, port) = (logger, host, port)
    return channel.server(
      configuration: ServerConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)),
      onServerRunning: { _ in
        logger.info("health and metrics are answered", metadata: ["vaka.health.listen": "\(host):\(port)"])
      },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
  }

  private var channel: HTTP1Channel {
    let routes = routes
    let lifetime = TimeAmount(limits.lifetime)
    var configuration = HTTP1Channel.Configuration(
      idleTimeout: lifetime,
      httpDecoderConfiguration: .init(maxHeaderFieldSize: 4 << 10, maxHeaderListSize: 8 << 10, maxHeaderFieldCount: 64))
    configuration.additionalChannelHandlers = { [ConnectionLifetime(lifetime)] }
    return HTTP1Channel(
      responder: { request, writer, channel in
        let reply = await routes.reply(to: request.method.rawValue, request.uri.path)
        let body = ByteBuffer(string: reply.body)
        var head = HTTPResponse(status: .init(code: reply.status))
        head.headerFields[.contentType] = reply.contentType
        head.headerFields[.contentLength] = String(body.readableBytes)
        head.headerFields[.connection] = "close"
        if reply.status == 405 { head.headerFields[.allow] = "GET" }
        try await writer.write(
          response: head, body: request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: body))
        // One request a connection: the next one never meets a connection at the end of its life.
        channel.close(mode: .output, promise: nil)
      }, configuration: configuration)
  }

  private func warn(_ error: any Error) {
    logger.warning(
      "health and metrics are not answered: the port cannot be opened. The node works on without",
      metadata: [
        "vaka.health.listen": "\(host):\(port)", "vaka.reason": "\(error)",
        "vaka.next": "name another with --health-listen HOST:PORT or VAKA_HEALTH_LISTEN, or say off",
      ])
  }
}
