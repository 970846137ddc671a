import NIOCore
import NIOHTTP1
import Testing

@testable import Links

@Suite("Gathering a response")
struct ResponseCollectorTests {
  private func head(_ status: HTTPResponseStatus = .ok, _ headers: HTTPHeaders = [:]) -> HTTPClientResponsePart {
    .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))
  }

  private func run(_ parts: [HTTPClientResponsePart], limit: Int = 10) -> ResponseCollector.Action {
    var collector = ResponseCollector(limit: limit)
    var last = ResponseCollector.Action.none
    for part in parts {
      last = collector.receive(part)
      if case .none = last { continue }
      break
    }
    return last
  }

  @Test func aWholeResponse() {
    let action = run([
      head(.created, ["content-type": "text/plain"]), .body(ByteBuffer(string: "12345")),
      .body(ByteBuffer(string: "67890")), .end(nil),
    ])
    guard case .complete(let response, reusable: true) = action else {
      Issue.record("\(action)")
      return
    }
    #expect(response == PeerResponse(status: 201, contentType: "text/plain", body: Array("1234567890".utf8)))
  }

  @Test func aClosingResponseIsNotReusable() {
    guard case .complete(_, reusable: false) = run([head(.ok, ["connection": "close"]), .end(nil)]) else {
      Issue.record("reusable")
      return
    }
  }

  @Test func anInformationalHeadIsPassedOver() {
    guard case .complete(let response, _) = run([head(.continue), .end(nil), head(), .end(nil)]) else {
      Issue.record("not complete")
      return
    }
    #expect(response.status == 200)
  }

  @Test func tooLargeIsSeenInTheHeadAndInTheBody() {
    for parts in [[head(.ok, ["content-length": "11"])], [head(), .body(ByteBuffer(string: "12345678901"))]] {
      guard case .fail(let failure) = run(parts) else {
        Issue.record("accepted")
        return
      }
      #expect(failure.code == .tooLarge)
    }
  }

  @Test func partsOutOfOrderBreakTheProtocol() {
    for parts in [[.body(ByteBuffer(string: "1"))], [head(), head()]] as [[HTTPClientResponsePart]] {
      guard case .fail(let failure) = run(parts) else {
        Issue.record("accepted")
        return
      }
      #expect(failure.code == .protocolError)
    }
  }
}
