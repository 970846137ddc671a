import Alliance
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Wire

/// Opens verified links to one coalition.
struct Dialler: Sendable {
  let coalition: CoalitionID
  let limits: LinkLimits
  let identity: @Sendable () -> LinkIdentity
  let trust: @Sendable () -> PeerTrust
  let now: @Sendable () -> Date
  let refused: @Sendable (LinkRefusal) -> Void
  let eventLoop: any EventLoop

  func dial(_ endpoint: Endpoint, until deadline: NIODeadline) async throws(LinkFailure) -> PeerLink {
    let context: NIOSSLContext
    do {
      context = try LinkContext.client(identity())
    } catch {
      throw LinkFailure(.ownIdentity, "our own certificate or key cannot be used")
    }
    let verifier = PeerVerifier { [trust, now, coalition] chain in
      await trust().judge(chain: chain, at: now(), role: .server, expecting: coalition)
    }
    let end = LinkEnd()
    let handshake = eventLoop.makePromise(of: Void.self)
    let channel: any Channel
    do {
      channel = try await connect(endpoint, context, verifier, end, handshake, until: deadline)
    } catch {
      handshake.fail(error)
      let late = deadline <= .now()
      throw LinkFailure(
        late ? .timeout : .unreachable, "\(endpoint) did not take the connection: \(Self.cause(error))")
    }
    do {
      try await withTaskCancellationHandler {
        try await handshake.futureResult.get()
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      throw failure(error, endpoint, verifier)
    }
    guard let peer = verifier.peer else {
      channel.close(promise: nil)
      throw LinkFailure(.protocolError, "\(endpoint) ended the handshake without a certificate")
    }
    return PeerLink(peer: peer, channel: channel, end: end)
  }

  private struct HandshakeTimeout: Error {}

  private func connect(
    _ endpoint: Endpoint, _ context: NIOSSLContext, _ verifier: PeerVerifier, _ end: LinkEnd,
    _ handshake: EventLoopPromise<Void>, until deadline: NIODeadline
  ) async throws -> any Channel {
    let remaining = max(deadline - .now(), .nanoseconds(0))
    let handshakeLimit = min(TimeAmount(limits.handshake), remaining)
    let responseLimit = limits.responseBody
    return try await ClientBootstrap(group: eventLoop)
      .connectTimeout(min(TimeAmount(limits.connect), remaining))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            NIOSSLClientHandler(
              context: context, serverHostname: nil, customVerificationCallbackWithMetadata: verifier.callback))
          try pipeline.addHandler(
            HandshakeWatch(limit: handshakeLimit) { outcome in
              switch outcome {
              case .done: handshake.succeed()
              case .timedOut: handshake.fail(HandshakeTimeout())
              case .failed(let error): handshake.fail(error)
              }
            })
          try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
          try pipeline.addHandler(ExchangeHandler(end: end, responseLimit: responseLimit))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port).get()
  }

  private func failure(_ error: any Error, _ endpoint: Endpoint, _ verifier: PeerVerifier) -> LinkFailure {
    let fault = TLSFault(error)
    if let refusal = verifier.refusal ?? fault?.refusal {
      refused(LinkRefusal(at: now(), remoteAddress: endpoint.description, refusal: refusal))
      return LinkFailure(.refusedThem, "we refused \(endpoint): \(refusal.reason)", refusal: refusal)
    }
    if error is HandshakeTimeout {
      return LinkFailure(.timeout, "\(endpoint) did not end the handshake in time")
    }
    if case .alert(let name)? = fault {
      return LinkFailure(.refusedUs, "\(endpoint) refused us: alert \(name)", alert: name)
    }
    return LinkFailure(.closed, "\(endpoint) ended the connection in the handshake")
  }

  private static func cause(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { "\($0.error)" } ?? "the name has no address"
    case ChannelError.connectTimeout: "no answer in time"
    default: "\(error)"
    }
  }
}
