import Alliance
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// One open connection to a peer, verified, carrying one exchange at a time.
final class PeerLink: Sendable {
  let peer: VerifiedPeer
  private let channel: any Channel
  private let end: LinkEnd

  init(peer: VerifiedPeer, channel: any Channel, end: LinkEnd) {
    self.peer = peer
    self.channel = channel
    self.end = end
  }

  /// Whether another request may go out; a link must not outlive the certificate that it was judged by.
  func isUsable(at time: Date) -> Bool {
    channel.isActive && end.failure == nil && time <= peer.notAfter
  }

  func exchange(
    _ head: HTTPRequestHead, _ body: ByteBuffer, until deadline: NIODeadline
  ) async throws(LinkFailure) -> PeerResponse {
    let promise = channel.eventLoop.makePromise(of: PeerResponse.self)
    let exchange = Exchange(head: head, body: body, limit: deadline - .now(), promise: promise)
    let written = channel.eventLoop.makePromise(of: Void.self)
    // On a channel that has closed, the exchange never reaches its handler.
    written.futureResult.whenFailure { [end] _ in
      promise.fail(end.failure ?? LinkFailure(.closed, "the link ended before the request was sent"))
    }
    channel.writeAndFlush(exchange, promise: written)
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        close()
      }
    } catch let failure as LinkFailure {
      throw failure
    } catch {
      throw LinkFailure(.closed, "the link ended before the answer was whole")
    }
  }

  func close() {
    end.note(LinkFailure(.closed, "the link was closed on this side"))
    channel.close(promise: nil)
  }

  func whenClosed(_ action: @escaping @Sendable () -> Void) {
    channel.closeFuture.whenComplete { _ in action() }
  }
}
