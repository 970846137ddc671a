internal import Signing
public import Wire

/// What a member has promised and voted about one roster number: all that its next signature depends on.
///
/// The two rules of the signer stand here. They are kept by refusing: an honest member never takes anything back.
public struct Pledge: Sendable, Hashable {
  /// It votes in no round below this one.
  public private(set) var promised: RosterRound?
  /// Its latest vote.
  public private(set) var voted: RosterChoice?

  public init() {}

  /// After a promise, which names the latest vote.
  /// - Throws: `Problem` `roster-promised`.
  public func promising(_ round: RosterRound) throws(Problem) -> Pledge {
    if let promised, round <= promised {
      throw Problem(
        "roster-promised", "we have promised or voted in \(promised) already", object: "\(round)",
        next: "open a round with a higher number")
    }
    var next = self
    next.promised = round
    return next
  }

  /// After a vote. A vote is a promise too: nothing below it will be signed.
  /// - Throws: `Problem` `roster-promised` or `roster-voted`.
  public func voting(_ choice: RosterChoice) throws(Problem) -> Pledge {
    if let promised, choice.round < promised, !planted(.votesBelowPromise) {
      throw Problem(
        "roster-promised", "we have promised to vote in no round below \(promised)", object: "\(choice)",
        next: "vote in that round or a later one")
    }
    if let voted, choice.round == voted.round, choice != voted {
      throw Problem(
        "roster-voted", "we have voted in this round, for \(voted.proposal.hex.prefix(12))", object: "\(choice)")
    }
    var next = self
    next.promised = planted(.votesBelowPromise) ? max(promised ?? choice.round, choice.round) : choice.round
    next.voted = choice
    return next
  }

  /// With a statement of ours that somebody else showed: a restored copy learns what it said.
  func recalling(promised round: RosterRound, voted choice: RosterChoice?) -> Pledge {
    var next = self
    next.promised = max(promised ?? round, round)
    if let choice { next.voted = max(voted ?? choice, choice) }
    return next
  }
}
