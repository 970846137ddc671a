public import Control
public import Wire

/// What a command can ask of the running node.
public enum NodeCall: String, Sendable, CaseIterable {
  case status
  case health
  case submit
  case screen
  case coverage
  case signNow = "sign-now"
  case pause
  case resume
  case probe
  case epochPlan = "epoch-plan"
  case openEpoch = "open-epoch"
  case records
  case releaseHold = "release-hold"
  case replay
  case certificate
  case recordHolders = "record-holders"
  case deliberate
  case rosterHeard = "roster-heard"

  /// No body, or no answer.
  public struct Nothing: Sendable, Codable {
    public init() {}
  }

  /// A call about one peer.
  public struct Peer: Sendable, Codable {
    public let peer: CoalitionID

    public init(peer: CoalitionID) { self.peer = peer }
  }

  public func ask<Answer: Decodable>(
    _ client: ControlClient, _ question: some Encodable = Nothing(), for answer: Answer.Type, seconds: Int = 60
  ) throws(Problem) -> Answer {
    try ask(client, bytes: AnswerFormat.encode(question), for: answer, seconds: seconds)
  }

  /// The same with a question that is bytes already.
  func ask<Answer: Decodable>(
    _ client: ControlClient, bytes: [UInt8], for answer: Answer.Type, seconds: Int = 60
  ) throws(Problem) -> Answer {
    try AnswerFormat.decode(answer, from: client.call(rawValue, bytes, seconds: seconds))
  }
}
