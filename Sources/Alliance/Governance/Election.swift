public import Signing
public import Wire

/// The question which roster follows this one, and who decides it: the members of the roster in force.
public struct Election: Sendable, Hashable {
  public let alliance: ObjectHash
  /// Number of the roster to be decided.
  public let number: UInt32
  /// Hash of the roster in force.
  public let previous: ObjectHash
  /// Identity keys of the members who decide.
  public let electors: [CoalitionID: VerifyingKey]
  public let quorum: Quorum
  /// The round that needs no promises. It goes round: one member after the other, roster by roster, has the turn.
  public let first: RosterRound

  public init(after roster: Roster, in alliance: ObjectHash) {
    self.alliance = alliance
    number = roster.number + 1
    previous = roster.hash
    electors = Dictionary(roster.members.map { ($0.coalition, $0.identityKey) }) { first, _ in first }
    quorum = Quorum(of: roster.members.count)
    let turn = Int(roster.number - 1) % roster.members.count
    first = RosterRound(number: 1, proposer: roster.members[turn].coalition)
  }

  /// Whether this round exists here.
  public func has(_ round: RosterRound) -> Bool {
    round.number == 1 ? round == first : electors[round.proposer] != nil && round.number <= RosterRound.last
  }

  /// Whether a statement belongs to this election and round.
  /// - Throws: `Problem` `roster-statement-misplaced`.
  func place(
    alliance: ObjectHash, roster: UInt32, previous: ObjectHash, round: RosterRound, of coalition: CoalitionID
  ) throws(Problem) {
    guard alliance == self.alliance, roster == number, previous == self.previous, has(round) else {
      throw Problem(
        "roster-statement-misplaced", "it is about another roster, or a round that does not exist",
        object: "\(coalition), \(round)", next: "fetch the rosters first")
    }
  }
}
