import NIOCore
import NIOSSL
import NIOTLS

/// Sits behind the TLS handler, bounds the time of the handshake and says once how it ended.
final class HandshakeWatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  enum End {
    case done
    case timedOut
    case failed(any Error)
  }

  private let limit: TimeAmount
  private let ended: (End) -> Void
  private var timer: Scheduled<Void>?
  private var isOver = false

  /// `ended` is called on the event loop.
  init(limit: TimeAmount, ended: @escaping (End) -> Void) {
    self.limit = limit
    self.ended = ended
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { start(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    start(context)
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    end(.failed(ChannelError.eof))
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.failed(ChannelError.eof))
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.handshakeCompleted) = event as? TLSUserEvent { end(.done) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(.failed(error))
    context.fireErrorCaught(error)
  }

  private func start(_ context: ChannelHandlerContext) {
    guard timer == nil, !isOver else { return }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
      self.end(.timedOut)
      context.channel.close(promise: nil)
    }
  }

  private func end(_ end: End) {
    guard !isOver else { return }
    isOver = true
    timer?.cancel()
    timer = nil
    ended(end)
  }
}
