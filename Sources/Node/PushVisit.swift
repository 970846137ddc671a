internal import Links
internal import Replication
internal import Wire

/// One visit of a node that cannot be dialled, as it travels: an answer or nothing goes there, a question or nothing comes
/// back.
enum PushVisit {
  static let path = "/peer/v1/push"
  /// How long a visitor waits for a question: shorter than a link may lie idle.
  static let wait = Duration.seconds(25)

  /// What the one who is visited makes of it.
  static func take(_ request: PeerRequest, on reverse: ReverseLink?) async -> PeerResponse {
    guard let reverse else {
      return .problem(Problem("not-found", "there is no such resource", object: request.path), status: 404)
    }
    do {
      let answer: ReverseLink.Answer? = try PushExchange.answer(request.body).map { brought in
        (brought.question, PeerResponse(status: brought.status, contentType: brought.contentType, body: brought.body))
      }
      let question = await reverse.visit(bringing: answer, waiting: wait)
        .map { PushExchange.Question(number: $0.number, path: $0.path) }
      return PeerResponse(
        status: 200, contentType: "application/protobuf", body: try PushExchange.bytes(of: question))
    } catch {
      return .problem(
        Problem("push-unreadable", "what was brought is no answer to a question", object: request.path), status: 400)
    }
  }

  /// What the visitor does.
  static func call(
    _ client: PeerClient, with answer: ReverseLink.Answer?
  ) async throws(LinkFailure) -> ReverseLink.Question? {
    let brought = answer.map { number, response in
      PushExchange.Answer(
        question: number, status: response.status, contentType: response.contentType, body: response.body)
    }
    let body: [UInt8]
    do { body = try PushExchange.bytes(of: brought) } catch {
      throw LinkFailure(.protocolError, "no answer could be made")
    }
    let response = try await client.post(path, body: body, timeout: wait + .seconds(30))
    guard response.status == 200 else {
      throw LinkFailure(.protocolError, "the peer did not take the visit: \(response.status)")
    }
    do throws(Problem) {
      let wanted = try PushExchange.question(response.body)
      return wanted.map { ReverseLink.Question(number: $0.number, path: $0.path) }
    } catch {
      throw LinkFailure(.protocolError, "what the peer asked on the visit cannot be read")
    }
  }
}
