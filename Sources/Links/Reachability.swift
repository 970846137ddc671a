public import Alliance
internal import NIOCore
internal import NIOPosix
public import Wire

/// Whether somebody takes connections at an endpoint: no more than that, and nothing is said there.
public enum Reachability {
  /// - Returns: the milliseconds it took.
  public static func probe(_ endpoint: Endpoint, timeout: Duration = .seconds(3)) async -> Result<Double, Problem> {
    let started = ContinuousClock.now
    do {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(TimeAmount(timeout)).connect(host: endpoint.host, port: endpoint.port).get()
      let took = (ContinuousClock.now - started) / .milliseconds(1)
      try? await channel.close()
      return .success(took)
    } catch {
      return .failure(Problem("unreachable", Self.reason(error), object: "\(endpoint)"))
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let failure as NIOConnectionError:
      if failure.connectionErrors.isEmpty { return "the name does not resolve" }
      let last = failure.connectionErrors.last.map { Self.reason($0.error) }
      return last ?? "no connection"
    case let failure as IOError where failure.errnoCode == 111: return "connection refused: nobody listens there"
    case let failure as IOError where failure.errnoCode == 113: return "no route to the host"
    case ChannelError.connectTimeout: return "no answer in time: a firewall may drop it"
    default: return "no connection (\(type(of: error)))"
    }
  }
}
