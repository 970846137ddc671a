internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// A member's vote for a roster in a round. The vote of the round's proposer is what proposes.
public struct RosterVote: Sendable, Hashable {
  public static let mostBytes = 4 << 10

  public private(set) var signed: SignedObject
  public let alliance: ObjectHash
  /// Number of the roster that is being decided.
  public let roster: UInt32
  public let previous: ObjectHash
  public let coalition: CoalitionID
  public let choice: RosterChoice

  public var isProposal: Bool { coalition == choice.round.proposer }

  /// Reads a vote; whether it counts is asked by `Election.check`.
  /// - Throws: `Problem` `roster-vote-unreadable`.
  public init(_ signed: SignedObject) throws(Problem) {
    guard signed.body.count <= Self.mostBytes, let wire = try? WireRosterVote(serializedBytes: signed.body),
      let alliance = ObjectHash(wire.alliance), let previous = ObjectHash(wire.previous),
      let coalition = CoalitionID(wire.coalition), let round = RosterRound(wire.round),
      let proposal = ObjectHash(wire.proposal), wire.roster >= 2
    else { throw Problem("roster-vote-unreadable", "the bytes are not a vote") }
    self.signed = signed
    self.alliance = alliance
    self.previous = previous
    self.coalition = coalition
    roster = wire.roster
    choice = RosterChoice(round: round, proposal: proposal)
  }

  /// Signs a vote; only `RosterSigner` does so for a member.
  /// - Parameter keys: the identity key; both, while a roster is decided that gives the member another one.
  /// - Throws: `Problem` as `init(_:)`.
  public static func make(
    _ choice: RosterChoice, of member: CoalitionID, in election: Election, keys: [SigningKey]
  ) throws(Problem) -> RosterVote {
    var wire = WireRosterVote()
    wire.alliance = Data(election.alliance.bytes)
    wire.roster = election.number
    wire.previous = Data(election.previous.bytes)
    wire.coalition = member.rawValue
    wire.round = choice.round.wire
    wire.proposal = Data(choice.proposal.bytes)
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("roster-vote-unreadable", "the vote cannot be encoded", object: "\(member)")
    }
    var signatures: [WireSignature] = []
    for key in keys { signatures.append(try key.sign(.rosterVote, body: body)) }
    return try RosterVote(SignedObject(type: .rosterVote, body: body, signatures: signatures))
  }

  /// With other signatures under the same body.
  func with(_ signed: SignedObject) -> RosterVote {
    var copy = self
    copy.signed = signed
    return copy
  }
}
