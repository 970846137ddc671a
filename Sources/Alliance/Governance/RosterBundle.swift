internal import FoundationEssentials
internal import Signing
internal import SwiftProtobuf
public import Wire

/// A roster from the second on, with the votes that put it in force: what is stored, served and handed to newcomers.
public struct RosterBundle: Sendable, Hashable {
  public static let mostBytes = 1 << 20
  /// A vote each of the members of two rosters.
  public static let mostVotes = 2 * Roster.mostMembers

  public let roster: Roster
  public let votes: [RosterVote]

  public init(roster: Roster, votes: [RosterVote]) {
    self.roster = roster
    self.votes = votes
  }

  /// Votes that cannot be read are left out: they count for nothing.
  /// - Throws: `Problem` `roster-unreadable` or `roster-malformed`.
  public init(_ wire: WireRosterBundle) throws(Problem) {
    roster = try Roster(SignedObject(type: .roster, wire: wire.roster))
    var votes: [RosterVote] = []
    for vote in wire.votes.prefix(Self.mostVotes) {
      if let vote = try? RosterVote(SignedObject(type: .rosterVote, wire: vote)) { votes.append(vote) }
    }
    self.votes = votes
  }

  /// - Throws: `Problem` as `init(_:)`.
  public init(bytes: [UInt8]) throws(Problem) {
    guard bytes.count <= Self.mostBytes, let wire = try? WireRosterBundle(serializedBytes: bytes) else {
      throw Problem("roster-unreadable", "the bytes are not a roster with its votes")
    }
    try self.init(wire)
  }

  public var wire: WireRosterBundle {
    var wire = WireRosterBundle()
    wire.roster = roster.signed.wire
    wire.votes = votes.map(\.signed.wire)
    return wire
  }

  public var bytes: [UInt8] { (try? wire.serializedBytes()) ?? [] }

  /// Whether the votes of one round are a quorum of the old members and of the new.
  func isInForce(by election: Election) -> Bool {
    var byRound: [RosterRound: [RosterVote]] = [:]
    for vote in votes {
      guard let vote = try? election.check(vote, for: roster) else { continue }
      byRound[vote.choice.round, default: []].append(vote)
    }
    return byRound.values.contains { election.isDecided(roster, by: $0) }
  }
}
