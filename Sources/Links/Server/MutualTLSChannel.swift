import Alliance
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Wire

/// An HTTP/1.1 connection behind mutual TLS whose peer is judged inside the handshake.
struct MutualTLSChannel: ServerChildChannel {
  let http1: HTTP1Channel
  let limits: LinkLimits
  let identity: @Sendable () -> LinkIdentity
  let judge: @Sendable ([[UInt8]], any Channel) async -> Result<VerifiedPeer, PeerRefusal>
  let refused: @Sendable (PeerRefusal, SocketAddress?) -> Void

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    channel.eventLoop.makeCompletedFuture {
      do {
        try addHandlers(to: channel)
      } catch {
        logger.error("the node's own certificate or key cannot be used for links")
        // NIO would leave the caller waiting on a connection that nobody reads.
        channel.close(promise: nil)
        throw error
      }
    }.flatMap { http1.setup(channel: channel, logger: logger) }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await http1.handle(value: value, logger: logger)
  }

  private func addHandlers(to channel: any Channel) throws {
    let context = try LinkContext.server(identity())
    let verifier = PeerVerifier { [judge] chain in await judge(chain, channel) }
    let address = channel.remoteAddress
    let watch = HandshakeWatch(limit: TimeAmount(limits.handshake)) { [refused] end in
      guard let refusal = Self.refusal(end, verifier: verifier) else { return }
      refused(refusal, address)
    }
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(
      NIOSSLServerHandler(context: context, customVerificationCallbackWithMetadata: verifier.callback))
    try pipeline.addHandler(watch)
  }

  /// What to report of a handshake's end; a connection that just went away is not worth a line.
  private static func refusal(_ end: HandshakeWatch.End, verifier: PeerVerifier) -> PeerRefusal? {
    switch end {
    case .done:
      return nil
    case .timedOut:
      return PeerRefusal(.handshakeTimeout, "the handshake took longer than its limit")
    case .failed(let error):
      if let refusal = verifier.refusal { return refusal }
      let fault = TLSFault(error)
      if case .alert(let name)? = fault {
        return PeerRefusal(.refusedUs, "the peer refused our certificate or handshake: alert \(name)")
      }
      return fault?.refusal
    }
  }
}
