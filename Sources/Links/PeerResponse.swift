import FoundationEssentials
public import Wire

/// What a peer is answered.
public struct PeerResponse: Sendable, Hashable {
  /// An HTTP status code.
  public var status: Int
  public var contentType: String
  public var body: [UInt8]

  public init(status: Int, contentType: String, body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// A refusal as problem details (RFC 9457), with the problem's code as an extension member.
  public static func problem(_ problem: Problem, status: Int) -> PeerResponse {
    let details = ProblemDetails(
      title: problem.what, status: status, code: problem.code, object: problem.object, next: problem.next)
    let body = (try? JSONEncoder().encode(details)) ?? Data()
    return PeerResponse(status: status, contentType: "application/problem+json", body: Array(body))
  }

  /// The problem that a peer answered with, or nil if the body is not problem details.
  public var problem: Problem? {
    guard contentType.hasPrefix("application/problem+json"),
      let details = try? JSONDecoder().decode(ProblemDetails.self, from: Data(body))
    else { return nil }
    return Problem(details.code, details.title, object: details.object, next: details.next)
  }
}

private struct ProblemDetails: Codable {
  var type = "about:blank"
  var title: String
  var status: Int
  var code: String
  var object: String?
  var next: String?
}
