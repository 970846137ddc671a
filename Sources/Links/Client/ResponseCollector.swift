import NIOCore
import NIOHTTP1

/// Gathers one response within its limit; says what to do and does nothing itself.
struct ResponseCollector {
  enum Action {
    case none
    /// The response is whole; `reusable` says whether the link may carry another request.
    case complete(PeerResponse, reusable: Bool)
    case fail(LinkFailure)
  }

  private enum State {
    case head
    case body(HTTPResponseHead, ByteBuffer)
    case over
  }

  private let limit: Int
  private var state = State.head

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether nothing of the response has arrived.
  var isUntouched: Bool {
    if case .head = state { true } else { false }
  }

  mutating func receive(_ part: HTTPClientResponsePart) -> Action {
    switch (state, part) {
    case (.head, .head(let head)) where (100..<200).contains(head.status.code):
      return .none
    case (.head, .head(let head)):
      if let text = head.headers.first(name: "content-length"), let length = Int(text), length > limit {
        return tooLarge()
      }
      state = .body(head, ByteBuffer())
      return .none
    case (.body(let head, var body), .body(let more)):
      state = .over
      guard body.readableBytes + more.readableBytes <= limit else { return tooLarge() }
      body.writeImmutableBuffer(more)
      state = .body(head, body)
      return .none
    case (.body(let head, let body), .end):
      state = .over
      let response = PeerResponse(
        status: Int(head.status.code), contentType: head.headers.first(name: "content-type") ?? "",
        body: Array(body.readableBytesView))
      return .complete(response, reusable: head.isKeepAlive)
    case (.head, .end) where isUntouched:
      // The end of an informational response.
      return .none
    default:
      state = .over
      return .fail(LinkFailure(.protocolError, "the peer's answer does not follow HTTP/1.1"))
    }
  }

  private mutating func tooLarge() -> Action {
    state = .over
    return .fail(LinkFailure(.tooLarge, "the peer's answer is larger than \(limit) bytes"))
  }
}
