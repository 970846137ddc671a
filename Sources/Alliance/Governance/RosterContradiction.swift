internal import FoundationEssentials
internal import Signing
internal import SwiftProtobuf
public import Wire

/// Proof that a member's identity key signed what no honest signer signs. It is kept and shown; people decide what follows.
public struct RosterContradiction: Sendable, Hashable {
  public let first: RosterStatement
  public let second: RosterStatement

  public var coalition: CoalitionID { first.coalition }

  /// Nil if an honest signer could have made both.
  public init?(_ one: RosterStatement, _ other: RosterStatement) {
    guard one.coalition == other.coalition, Self.election(of: one) == Self.election(of: other),
      RosterStatement.contradiction(in: [one, other]) != nil
    else { return nil }
    // The same pair is the same proof, whichever was heard first.
    (first, second) = Self.precedes(one, other) ? (one, other) : (other, one)
  }

  /// The first pair among these statements of one member that proves something.
  public init?(in statements: [RosterStatement]) {
    guard let (one, other) = RosterStatement.contradiction(in: statements) else { return nil }
    self.init(one, other)
  }

  private static func election(of statement: RosterStatement) -> [ObjectHash] {
    switch statement {
    case .promise(let promise): [promise.alliance, promise.previous]
    case .vote(let vote): [vote.alliance, vote.previous]
    }
  }

  private static func precedes(_ one: RosterStatement, _ other: RosterStatement) -> Bool {
    one.isPromise == other.isPromise ? one.signed.hash < other.signed.hash : one.isPromise
  }

  /// Whether the member's identity key in the roster in force signs both.
  public func isValid(in election: Election) -> Bool {
    guard let key = election.electors[coalition], Self.election(of: first) == [election.alliance, election.previous]
    else {
      return false
    }
    return first.signed.isSigned(by: key) && second.signed.isSigned(by: key)
  }

  /// For people.
  public var description: String {
    switch (first, second) {
    case (.vote(let one), .vote(let other)):
      "\(coalition) voted twice in \(one.choice.round): for \(Self.short(one.choice)) and \(Self.short(other.choice))"
    case (.promise(let one), .promise(let other)):
      "\(coalition) told of its votes in two ways, when it promised \(one.round) and \(other.round)"
    case (.promise(let promise), .vote(let vote)), (.vote(let vote), .promise(let promise)):
      "\(coalition) voted for \(Self.short(vote.choice)) in \(vote.choice.round), and its promise of \(promise.round) denies it"
    }
  }

  private static func short(_ choice: RosterChoice) -> String { String(choice.proposal.hex.prefix(12)) }
}

extension RosterContradiction {
  /// - Throws: `Problem` `roster-contradiction-unreadable`.
  public init(bytes: [UInt8]) throws(Problem) {
    func unreadable() -> Problem {
      Problem("roster-contradiction-unreadable", "the bytes are not two statements that contradict each other")
    }
    guard bytes.count <= 256 << 10, let wire = try? WireRosterContradiction(serializedBytes: bytes) else {
      throw unreadable()
    }
    var statements: [RosterStatement] = []
    for promise in wire.promises.prefix(2) {
      statements.append(.promise(try RosterPromise(SignedObject(type: .rosterPromise, wire: promise))))
    }
    for vote in wire.votes.prefix(2) {
      statements.append(.vote(try RosterVote(SignedObject(type: .rosterVote, wire: vote))))
    }
    guard statements.count == 2, let proof = RosterContradiction(statements[0], statements[1]) else {
      throw unreadable()
    }
    self = proof
  }

  public var bytes: [UInt8] {
    var wire = WireRosterContradiction()
    for statement in [first, second] {
      switch statement {
      case .promise(let promise): wire.promises.append(promise.signed.wire)
      case .vote(let vote): wire.votes.append(vote.signed.wire)
      }
    }
    return (try? wire.serializedBytes()) ?? []
  }
}
