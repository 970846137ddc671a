internal import Control
internal import HummingbirdCore
internal import Ledger
internal import Operations
internal import Replication
internal import Signing
internal import Wire

extension FuzzTarget {
  /// What a peer asks for, and what it answers.
  func readMessage(_ bytes: [UInt8]) throws {
    if self == .request { return try readRequest(String(decoding: bytes, as: UTF8.self)) }
    if self == .push { return try readVisit(bytes) }
    var choices = Choices(bytes)
    guard let se = CoalitionID("se") else { return }
    let resources: [PeerResource] = [
      .hello, .roster(1), .records(se), .frontier, .heads(after: nil, wait: 0), .deltas(se, epoch: 1, from: 0),
      .history(se, epoch: 1, from: 0), .snapshot(se, atLeast: nil, after: nil, bucket: nil), .buckets(se), .hashKey(1),
      .deliberation(2, part: 0),
    ]
    let resource = choices.one(of: resources) ?? .hello
    let body = choices.all()
    guard let answer = try? PeerAnswer(to: resource, body: body) else { return }
    switch answer {
    case .snapshot(let page):
      try BrokenPromise.check(
        zip(page.rows, page.rows.dropFirst()).allSatisfy { $0.key < $1.key }, "rows of a page ascend")
    case .deltas(let entries, _):
      try BrokenPromise.check(
        entries.enumerated().allSatisfy { $1.head.reference.index == UInt64($0) }, "heads of a page are consecutive")
    default: break
    }
  }

  /// Any target of a request leads to an answer, by the parser that stands before the node.
  private func readRequest(_ text: String) throws {
    guard let resource = Self.resource(text) else { return }
    // What names nothing, such as a cursor, need not survive being written into a path.
    if case .heads = resource {
    } else {
      try BrokenPromise.check(Self.resource(resource.path) == resource, "a resource is asked for by its path")
    }
    let bench = try FuzzAlliance.shared.get()
    guard let no = CoalitionID("no") else { return }
    guard let body = try bench.body(of: resource, from: no) else { return }
    try BrokenPromise.check(body.count <= Limits.pageBytes, "an answer is a page at most")
    do {
      _ = try PeerAnswer(to: resource, body: body)
    } catch {
      throw BrokenPromise("a peer can read what it is answered: \(error)")
    }
  }

  /// What is brought on a visit, read as an answer to what may have been asked, and what is asked back, as a request.
  private func readVisit(_ bytes: [UInt8]) throws {
    if let brought = try? PushExchange.answer(bytes) {
      try BrokenPromise.check(
        try PushExchange.answer(PushExchange.bytes(of: brought)) == brought, "an answer is read as it was written")
      try FuzzTarget.answer.readMessage([UInt8(truncatingIfNeeded: brought.question)] + brought.body)
    }
    if let asked = try? PushExchange.question(bytes) {
      try BrokenPromise.check(
        try PushExchange.question(PushExchange.bytes(of: asked)) == asked, "a question is read as it was written")
      try readRequest(asked.path)
    }
  }

  private static func resource(_ text: String) -> PeerResource? {
    let target = URI(text)
    var query: [String: String] = [:]
    for (name, value) in target.queryParameters where query[String(name)] == nil { query[String(name)] = String(value) }
    return PeerResource(path: target.path, query: query)
  }

  /// Frames and submissions of the control socket.
  func readControl(_ bytes: [UInt8]) throws {
    if self == .control {
      guard let (word, body) = ControlFrame.decode(bytes) else { return }
      try BrokenPromise.check(body.count < bytes.count && word.utf8.count <= 3 * 64, "a frame is its word and its body")
      return
    }
    guard let submission = try? Submission(bytes: bytes), let written = try? submission.bytes() else { return }
    let again = try? Submission(bytes: written)
    try BrokenPromise.check(
      again?.items.map(\.key) == submission.items.map(\.key)
        && again?.items.map(\.statement) == submission.items.map(\.statement),
      "a submission is read as it was written")
  }
}
