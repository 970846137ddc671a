internal import Signing
public import Wire

/// A vote with what it is a vote for: the roster, and the proposer's own vote of that round, which proposed it.
///
/// The three travel together, so that nobody's vote can be made worthless by withholding the proposal.
public struct Ballot: Sendable, Hashable {
  public let vote: RosterVote
  /// The same as the vote if it is the proposer's own.
  public let proposerVote: RosterVote
  public let roster: Roster

  public var coalition: CoalitionID { vote.coalition }
  public var choice: RosterChoice { vote.choice }

  /// - Throws: `Problem` as `Election.check` and `RosterChain.check`, or `roster-statement-misplaced`.
  public init(vote: RosterVote, proposerVote: RosterVote, roster: Roster, in chain: RosterChain) throws(Problem) {
    try chain.check(roster)
    try self.init(vote: vote, proposerVote: proposerVote, roster: roster, in: chain.election)
  }

  /// With a roster that was checked against the chain.
  init(vote: RosterVote, proposerVote: RosterVote, roster: Roster, in election: Election) throws(Problem) {
    guard proposerVote.isProposal, proposerVote.choice == vote.choice else {
      throw Problem(
        "roster-statement-misplaced", "the vote comes without its proposer's own vote for it",
        object: "\(vote.coalition), \(vote.choice)", next: "ask for it together with the proposal")
    }
    self.vote = try election.check(vote, for: roster)
    self.proposerVote = vote.isProposal ? self.vote : try election.check(proposerVote, for: roster)
    // Signatures under a roster body count for roster 1 alone, so that copies of a later one are the same.
    self.roster = try Roster(SignedObject(type: .roster, body: roster.signed.body, signatures: []))
  }

  private init(vote: RosterVote, proposerVote: RosterVote, roster: Roster) {
    self.vote = vote
    self.proposerVote = proposerVote
    self.roster = roster
  }

  /// Two copies of one vote: of bodies that say the same, the lower is kept; of one body, all signatures that count.
  func uniting(_ other: Ballot, in election: Election) -> Ballot {
    let vote = Self.unite(vote, other.vote, election, roster)
    return Ballot(
      vote: vote,
      proposerVote: vote.isProposal ? vote : Self.unite(proposerVote, other.proposerVote, election, roster),
      roster: roster)
  }

  private static func unite(_ one: RosterVote, _ other: RosterVote, _ election: Election, _ roster: Roster)
    -> RosterVote
  {
    guard one.signed == other.signed else { return one.signed.precedes(other.signed) ? one : other }
    if one.signed.signatures == other.signed.signatures { return one }
    return one.with(one.signed.uniting(other.signed, keys: election.keys(of: one.coalition, for: roster)))
  }
}

extension Ballot {
  /// - Parameter rosters: those that came with it, by hash, each checked against the chain.
  init(_ wire: WireRosterBallot, rosters: [ObjectHash: Roster], in election: Election) throws(Problem) {
    let vote = try RosterVote(SignedObject(type: .rosterVote, wire: wire.vote))
    guard let roster = rosters[vote.choice.proposal] else {
      throw Problem(
        "roster-statement-misplaced", "the vote comes without the roster that it is for",
        object: "\(vote.coalition), \(vote.choice)", next: "ask for it together with the proposal")
    }
    let proposerVote = vote.isProposal ? vote : try RosterVote(SignedObject(type: .rosterVote, wire: wire.proposerVote))
    try self.init(vote: vote, proposerVote: proposerVote, roster: roster, in: election)
  }

  var wire: WireRosterBallot {
    var wire = WireRosterBallot()
    wire.vote = vote.signed.wire
    if !vote.isProposal { wire.proposerVote = proposerVote.signed.wire }
    return wire
  }
}
