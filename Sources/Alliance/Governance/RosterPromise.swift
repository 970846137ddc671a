internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// A member's word that it votes in no round below this one, with its latest vote.
public struct RosterPromise: Sendable, Hashable {
  public static let mostBytes = 4 << 10

  public private(set) var signed: SignedObject
  public let alliance: ObjectHash
  /// Number of the roster that is being decided.
  public let roster: UInt32
  public let previous: ObjectHash
  public let coalition: CoalitionID
  public let round: RosterRound
  public let latest: RosterChoice?

  public var claim: Justification.Promise { .init(member: coalition, round: round, latest: latest) }

  /// Reads a promise; whether it counts is asked by `Election.check`.
  /// - Throws: `Problem` `roster-promise-unreadable`.
  public init(_ signed: SignedObject) throws(Problem) {
    guard signed.body.count <= Self.mostBytes, let wire = try? WireRosterPromise(serializedBytes: signed.body),
      let alliance = ObjectHash(wire.alliance), let previous = ObjectHash(wire.previous),
      let coalition = CoalitionID(wire.coalition), let round = RosterRound(wire.round)
    else { throw Problem("roster-promise-unreadable", "the bytes are not a promise") }
    let object = "\(coalition), \(round)"
    guard wire.roster >= 2, round.number >= 2 else {
      throw Problem("roster-promise-unreadable", "neither roster 1 nor round 1 needs promises", object: object)
    }
    if wire.hasVotedRound || !wire.voted.isEmpty {
      guard let voted = RosterRound(wire.votedRound), voted < round, let proposal = ObjectHash(wire.voted) else {
        throw Problem("roster-promise-unreadable", "it names no vote of an earlier round", object: object)
      }
      latest = RosterChoice(round: voted, proposal: proposal)
    } else {
      latest = nil
    }
    self.signed = signed
    self.alliance = alliance
    self.previous = previous
    self.coalition = coalition
    self.round = round
    roster = wire.roster
  }

  /// Signs a promise; only `RosterSigner` does so for a member.
  /// - Throws: `Problem` as `init(_:)`.
  public static func make(_ claim: Justification.Promise, in election: Election, key: SigningKey) throws(Problem)
    -> RosterPromise
  {
    var wire = WireRosterPromise()
    wire.alliance = Data(election.alliance.bytes)
    wire.roster = election.number
    wire.previous = Data(election.previous.bytes)
    wire.coalition = claim.member.rawValue
    wire.round = claim.round.wire
    if let latest = claim.latest {
      wire.votedRound = latest.round.wire
      wire.voted = Data(latest.proposal.bytes)
    }
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("roster-promise-unreadable", "the promise cannot be encoded", object: "\(claim.member)")
    }
    return try RosterPromise(SignedObject(type: .rosterPromise, body: body, key: key))
  }

  /// With other signatures under the same body.
  func with(_ signed: SignedObject) -> RosterPromise {
    var copy = self
    copy.signed = signed
    return copy
  }
}
