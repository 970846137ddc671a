import Alliance
import ArgumentParser
internal import CMalloc
import Control
import Foundation
internal import Links
import Logging
import NIOPosix
import Node
import Operations
import ServiceLifecycle
import Store
import Telemetry
internal import UnixSignals
import Wire

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Run the node until it is told to stop.")
  @OptionGroup var home: HomeOption
  @Option(help: "The address to listen on; else as set by init.")
  var listenHost: String?
  @Option(help: "The port to listen on; else as set by init.")
  var listenPort: Int?
  @Option(help: "Where health and metrics are asked, HOST:PORT or off; else as set by init, \(HealthListen.standard).")
  var healthListen: String?

  func run() async throws {
    // Pages of rows are read on one thread and written on another: with an arena for each thread, the C library keeps
    // twice what is in use.
    mallopt(M_ARENA_MAX, 1)
    let opened = try home.open()
    let settings = try await NodeSettings.read(
      home.folder, listenHost: listenHost, listenPort: listenPort, healthListen: healthListen)
    var logger = Logger(label: "vaka") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = settings.logLevel
    let node = try Node(NodeMaterials(opened, now: Date()), version: softwareVersion, logger: logger)
    let server = node.peerServer(host: settings.listenHost, port: settings.listenPort)
    await node.setCloseIncoming { peer in server.closeLinks { $0 == peer } }
    await node.setIncoming(judgeAgain: { await server.judgeLinksAgain() }, renew: { server.renewLinks() })
    let control = ControlServer(
      path: home.folder.controlSocket, group: MultiThreadedEventLoopGroup.singleton, logger: logger
    ) { operation, body, caller in
      let answer = await node.reply(operation, body, caller: caller)
      if operation == NodeCall.submit.rawValue { Task { await node.submitted() } }
      return answer
    }
    logger.info(
      "node starts",
      metadata: [
        "vaka.coalition": "\(opened.coalition)", "vaka.listen": "\(settings.listenHost):\(settings.listenPort)",
      ])
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
      .init(service: server), .init(service: control), .init(service: Ticker(node: node)),
    ]
    if case .at(let place) = settings.healthListen {
      services.append(
        .init(
          service: HealthServer(host: place.host, port: place.port, source: node.healthSource(), logger: logger),
          // Health tells of the node; it never stops it.
          successTerminationBehavior: .ignore, failureTerminationBehavior: .ignore))
    }
    let group = ServiceGroup(
      configuration: .init(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      try await group.run()
    } catch {
      await node.stop()
      throw error
    }
    await node.stop()
  }
}

/// Lets time pass for the node.
struct Ticker: Service {
  let node: Node

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await node.tick()
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
  }
}
