internal import Ledger
internal import Replication
internal import SwiftProtobuf
internal import Wire

/// What a node answers to a request, read as the asker reads it. The same answer to many askers is read once.
enum Served {
  case wait(seconds: Int)
  case answer(PeerAnswer, bytes: Int)
  /// Bytes that the asker cannot read.
  case unreadable(Problem)
  case problem(Problem)

  init(_ reply: Responder.Reply, to resource: PeerResource) throws {
    let body: [UInt8]
    switch reply {
    case .wait(_, let seconds):
      self = .wait(seconds: seconds)
      return
    case .problem(_, let problem):
      self = .problem(problem)
      return
    case .message(let message): body = try message.serializedBytes()
    case .bytes(let bytes): body = bytes
    }
    do throws(Problem) {
      self = .answer(try PeerAnswer(to: resource, body: body), bytes: body.count)
    } catch {
      self = .unreadable(error)
    }
  }

  /// Bytes of deltas and of rows in it.
  var bodyBytes: UInt64 {
    guard case .answer(let answer, _) = self else { return 0 }
    return switch answer {
    case .heads(let page): page.heads.reduce(0) { $0 + UInt64($1.delta?.count ?? 0) }
    case .deltas(let entries, _): entries.reduce(0) { $0 + UInt64($1.delta.count) }
    case .snapshot(let page): page.rows.reduce(0) { $0 + $1.liveBytes }
    default: 0
    }
  }
}
