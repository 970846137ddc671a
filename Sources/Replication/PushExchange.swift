internal import FoundationEssentials
internal import Ledger
internal import SwiftProtobuf
public import Wire

/// What travels on a visit of a node that cannot be dialled: an answer or nothing goes there, a question or nothing comes back.
public enum PushExchange {
  /// What the visitor was asked before, answered as if the question had come with GET.
  public struct Answer: Sendable, Hashable {
    public let question: UInt64
    public let status: Int
    public let contentType: String
    public let body: [UInt8]

    public init(question: UInt64, status: Int, contentType: String, body: [UInt8]) {
      (self.question, self.status, self.contentType, self.body) = (question, status, contentType, body)
    }
  }

  public struct Question: Sendable, Hashable {
    public let number: UInt64
    public let path: String

    public init(number: UInt64, path: String) { (self.number, self.path) = (number, path) }
  }

  static let mostPathBytes = 4_096

  /// Reads what a visitor brings; nil if that is no answer to anything.
  /// - Throws: `Problem` `push-unreadable`.
  public static func answer(_ bytes: [UInt8]) throws(Problem) -> Answer? {
    guard let wire = try? WirePushRequest(serializedBytes: bytes) else { throw unreadable("an answer to a question") }
    guard wire.question != 0 else { return nil }
    guard (100...599).contains(wire.status), wire.body.count <= Limits.pageBytes else {
      throw unreadable("an answer to a question")
    }
    return Answer(
      question: wire.question, status: Int(wire.status), contentType: String(wire.contentType.prefix(128)),
      body: Array(wire.body))
  }

  /// Reads what a visitor is asked; nil if that is nothing.
  /// - Throws: `Problem` `push-unreadable`.
  public static func question(_ bytes: [UInt8]) throws(Problem) -> Question? {
    guard let wire = try? WirePushAnswer(serializedBytes: bytes), wire.path.utf8.count <= mostPathBytes else {
      throw unreadable("a question")
    }
    return wire.question == 0 ? nil : Question(number: wire.question, path: wire.path)
  }

  /// - Throws: what encoding throws.
  public static func bytes(of answer: Answer?) throws -> [UInt8] {
    var wire = WirePushRequest()
    if let answer {
      (wire.question, wire.status) = (answer.question, UInt32(clamping: answer.status))
      (wire.contentType, wire.body) = (answer.contentType, Data(answer.body))
    }
    return try wire.serializedBytes()
  }

  /// - Throws: what encoding throws.
  public static func bytes(of question: Question?) throws -> [UInt8] {
    var wire = WirePushAnswer()
    if let question { (wire.question, wire.path) = (question.number, question.path) }
    return try wire.serializedBytes()
  }

  private static func unreadable(_ what: String) -> Problem {
    Problem("push-unreadable", "what came on a visit is not \(what)")
  }
}
