/// One reader of bytes from outside, under a name: what a fuzzer drives, and what the tests replay from `Fuzz/Corpus`.
public enum FuzzTarget: String, CaseIterable, Sendable {
  // Signed objects, as `Signed` messages.
  case head, record, roster, receipt
  case delta
  case forkProof = "fork-proof"
  case sealedKey = "sealed-key"
  // Rosters with their votes, what is said about the next one, and members that sign whatever they like.
  case rosterBundle = "roster-bundle"
  case deliberation, election
  // What a caller presents in the handshake, and the authorities in records that it is judged by.
  case certificate
  // What coalitions state, whatever its kind, and the verdict on it.
  case statement
  // Files that people send each other.
  case card
  case memberCard = "member-card"
  case alliance
  case memberList = "member-list"
  case listContent = "list-content"
  case records
  case auditLog = "audit-log"
  // Files that people import.
  case table, document, mapping, policy
  case neverList = "never-list"
  case text, identifier
  // What a peer asks and answers, on a visit of a node that cannot be dialled too; a whole session of the puller; copies of
  // positions.
  case request, answer, push, puller, copy, apply
  // The socket between command and node.
  case control, submission

  /// Reads the bytes. What they break must come out as an error that the reader declares, never as a trap.
  /// - Throws: `BrokenPromise` when something that always holds did not.
  public func run(_ bytes: [UInt8]) throws {
    switch self {
    case .head, .record, .roster, .receipt, .delta, .sealedKey: try readObject(bytes)
    case .rosterBundle, .deliberation, .election: try FuzzCouncil.shared.get().run(self, bytes)
    case .forkProof: try FuzzForks.shared.get().run(bytes)
    case .certificate: try FuzzCertificates.shared.get().run(bytes)
    case .statement: try judgeStatements(bytes)
    case .card, .memberCard, .alliance, .memberList, .listContent, .records, .auditLog: try readSentFile(bytes)
    case .table, .document, .mapping, .policy, .neverList, .text, .identifier: try readImportedFile(bytes)
    case .request, .answer, .push: try readMessage(bytes)
    case .puller:
      var session = try PullerSession(bytes)
      try session.run()
    case .copy:
      var session = try CopySession(bytes)
      try session.run()
    case .apply: try CopySession.apply(bytes)
    case .control, .submission: try readControl(bytes)
    }
  }
}

/// Something that always holds did not.
public struct BrokenPromise: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }

  static func check(_ holds: Bool, _ promise: @autoclosure () -> String) throws {
    if !holds { throw BrokenPromise(promise()) }
  }
}
