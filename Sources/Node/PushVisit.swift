internal import FoundationEssentials
internal import Links
internal import Replication
internal import SwiftProtobuf
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
      let brought = try WirePushRequest(serializedBytes: request.body)
      let response = PeerResponse(
        status: Int(brought.status), contentType: String(brought.contentType.prefix(128)), body: Array(brought.body))
      let answer: ReverseLink.Answer? = brought.question == 0 ? nil : (brought.question, response)
      let question = await reverse.visit(bringing: answer, waiting: wait)
      return PeerResponse(
        status: 200, contentType: "application/protobuf", body: try Self.wire(question).serializedBytes())
    } catch {
      return .problem(
        Problem("push-unreadable", "what was brought is no answer to a question", object: request.path), status: 400)
    }
  }

  /// What the visitor does.
  static func call(
    _ client: PeerClient, with answer: ReverseLink.Answer?
  ) async throws(LinkFailure) -> ReverseLink.Question? {
    var brought = WirePushRequest()
    if let (number, response) = answer {
      brought.question = number
      brought.status = UInt32(clamping: response.status)
      brought.contentType = response.contentType
      brought.body = Data(response.body)
    }
    let body: [UInt8]
    do { body = try brought.serializedBytes() } catch { throw LinkFailure(.protocolError, "no answer could be made") }
    let response = try await client.post(path, body: body, timeout: wait + .seconds(30))
    guard response.status == 200, let wanted = try? WirePushAnswer(serializedBytes: response.body) else {
      throw LinkFailure(.protocolError, "the peer did not take the visit: \(response.status)")
    }
    return wanted.question == 0 ? nil : ReverseLink.Question(number: wanted.question, path: wanted.path)
  }

  private static func wire(_ question: ReverseLink.Question?) -> WirePushAnswer {
    var answer = WirePushAnswer()
    if let question { (answer.question, answer.path) = (question.number, question.path) }
    return answer
  }
}
