import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// One request and the promise of its response.
struct Exchange: Sendable {
  let head: HTTPRequestHead
  let body: ByteBuffer
  let limit: TimeAmount
  let promise: EventLoopPromise<PeerResponse>
}

/// Why a link ended, readable from outside of its event loop; the first reason counts, because the others follow from
/// it.
final class LinkEnd: Sendable {
  private let first = Mutex<LinkFailure?>(nil)

  var failure: LinkFailure? { first.withLock { $0 } }

  func note(_ failure: LinkFailure) {
    first.withLock { $0 = $0 ?? failure }
  }
}

/// Carries one exchange at a time over a link: writes the request, gathers the response, keeps the time limit.
final class ExchangeHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = Exchange
  typealias OutboundOut = HTTPClientRequestPart

  private struct Running {
    let exchange: Exchange
    var collector: ResponseCollector
    let timer: Scheduled<Void>
  }

  private let end: LinkEnd
  private let responseLimit: Int
  private var running: Running?

  init(end: LinkEnd, responseLimit: Int) {
    self.end = end
    self.responseLimit = responseLimit
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let exchange = unwrapOutboundIn(data)
    guard running == nil, end.failure == nil else {
      exchange.promise.fail(end.failure ?? LinkFailure(.closed, "the link is busy"))
      promise?.succeed()
      return
    }
    let timer = context.eventLoop.assumeIsolated().scheduleTask(in: exchange.limit) {
      self.fail(LinkFailure(.timeout, "the peer did not answer in time"), context)
    }
    running = Running(exchange: exchange, collector: ResponseCollector(limit: responseLimit), timer: timer)
    context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
    if exchange.body.readableBytes > 0 {
      context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
    }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    guard var current = running else {
      fail(LinkFailure(.protocolError, "the peer sent an answer to no question"), context)
      return
    }
    let action = current.collector.receive(part)
    running = current
    switch action {
    case .none:
      break
    case .complete(let response, let reusable):
      running = nil
      current.timer.cancel()
      if !reusable {
        end.note(LinkFailure(.closed, "the peer closed the link"))
        context.close(promise: nil)
      }
      current.exchange.promise.succeed(response)
    case .fail(let failure):
      fail(failure, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(Self.failure(error), context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(LinkFailure(.closed, "the link ended before the answer was whole"), context)
    context.fireChannelInactive()
  }

  private func fail(_ failure: LinkFailure, _ context: ChannelHandlerContext) {
    end.note(failure)
    if let current = running {
      running = nil
      current.timer.cancel()
      current.exchange.promise.fail(end.failure ?? failure)
    }
    context.close(promise: nil)
  }

  private static func failure(_ error: any Error) -> LinkFailure {
    switch TLSFault(error) {
    case .alert(let name):
      LinkFailure(.refusedUs, "the peer refused us: alert \(name)", alert: name)
    case .some:
      LinkFailure(.protocolError, "the peer broke the TLS protocol")
    case nil where error is HTTPParserError:
      LinkFailure(.protocolError, "the peer's answer does not follow HTTP/1.1")
    case nil:
      LinkFailure(.closed, "the link ended before the answer was whole")
    }
  }
}
