public import Alliance
internal import Foundation
public import Wire

/// Promises and votes on their way from a person with an identity key to the running node, which keeps them and passes them on.
public struct RosterSubmission: Sendable, Codable {
  /// Bytes of a `Deliberation`, or of a part of one.
  private let statements: Data
  /// Records of newcomers that are proposed with it, as `RecordsFile` writes them.
  private let records: String?

  public init(_ statements: Deliberation, records: [MemberRecord] = []) {
    self.statements = Data(statements.bytes)
    self.records = records.isEmpty ? nil : RecordsFile.text(records)
  }

  /// - Throws: `Problem` of the first statement that does not count: nothing of it is then kept.
  public func deliberation(after chain: RosterChain) throws(Problem) -> Deliberation {
    let (read, refused) = try Deliberation.read(bytes: Array(statements), after: chain)
    if let problem = refused.first { throw problem }
    return read
  }

  public func newcomers() throws(Problem) -> [MemberRecord] {
    try records.map { text throws(Problem) in try RecordsFile.read(text, file: "newcomers' records") } ?? []
  }

  /// What became of it.
  public struct Answer: Sendable, Codable {
    /// The number of the roster in force now.
    public let roster: UInt32
    /// Whether this submission decided it.
    public let decided: Bool

    public init(roster: UInt32, decided: Bool) {
      self.roster = roster
      self.decided = decided
    }
  }
}

/// Who has shown the running node what it knows of the next roster: whoever lost what it had signed asks a quorum first.
public struct RosterHeard: Sendable, Codable {
  public let roster: UInt32
  public let peers: [CoalitionID]

  public init(roster: UInt32, peers: [CoalitionID]) {
    self.roster = roster
    self.peers = peers
  }
}
