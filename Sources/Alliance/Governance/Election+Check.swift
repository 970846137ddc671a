internal import Signing
public import Wire

extension Election {
  /// The promise with the signature that counts.
  /// - Throws: `Problem` `roster-statement-misplaced`, `not-an-elector` or `roster-statement-signature`.
  public func check(_ promise: RosterPromise) throws(Problem) -> RosterPromise {
    try place(
      alliance: promise.alliance, roster: promise.roster, previous: promise.previous, round: promise.round,
      of: promise.coalition)
    if let latest = promise.latest, !has(latest.round) {
      throw Problem(
        "roster-statement-misplaced", "it names a vote in a round that does not exist",
        object: "\(promise.coalition), \(promise.round)")
    }
    guard let key = electors[promise.coalition] else {
      throw Problem("not-an-elector", "only members of the roster in force promise", object: "\(promise.coalition)")
    }
    guard let signed = promise.signed.keeping([key]) else {
      throw Problem(
        "roster-statement-signature", "the promise is not signed by its member's identity key",
        object: "\(promise.coalition), \(promise.round)")
    }
    return promise.with(signed)
  }

  /// The vote with the signatures that count: by the key in the roster in force, by the key in the roster voted for, or both.
  /// - Throws: `Problem` `roster-statement-misplaced`, `not-an-elector` or `roster-statement-signature`.
  public func check(_ vote: RosterVote, for roster: Roster) throws(Problem) -> RosterVote {
    try place(
      alliance: vote.alliance, roster: vote.roster, previous: vote.previous, round: vote.choice.round,
      of: vote.coalition)
    guard roster.hash == vote.choice.proposal else {
      throw Problem(
        "roster-statement-misplaced", "the vote is for another roster", object: "\(vote.coalition), \(vote.choice)")
    }
    let keys = keys(of: vote.coalition, for: roster)
    guard !keys.isEmpty else {
      throw Problem(
        "not-an-elector", "a member of neither roster has no vote", object: "\(vote.coalition), \(vote.choice)")
    }
    // Who proposes does so as a member of the roster in force.
    guard let signed = vote.signed.keeping(keys),
      !vote.isProposal || electors[vote.coalition].map(signed.isSigned) == true
    else {
      throw Problem(
        "roster-statement-signature", "the vote is not signed by its member's identity key",
        object: "\(vote.coalition), \(vote.choice)")
    }
    return vote.with(signed)
  }

  /// Keys whose signature under a vote for this roster counts for something.
  func keys(of coalition: CoalitionID, for roster: Roster) -> [VerifyingKey] {
    [electors[coalition], roster.member(coalition)?.identityKey].compactMap { $0 }
  }

  /// Whether these votes for one roster in one round put it in force: a quorum of the old members and one of the new.
  public func isDecided(_ roster: Roster, by votes: some Sequence<RosterVote>) -> Bool {
    var (old, new) = (Set<CoalitionID>(), Set<CoalitionID>())
    for vote in votes {
      if let key = electors[vote.coalition], vote.signed.isSigned(by: key) { old.insert(vote.coalition) }
      if let key = roster.member(vote.coalition)?.identityKey, vote.signed.isSigned(by: key) {
        new.insert(vote.coalition)
      }
    }
    return quorum.isReached(by: old.count)
      && (planted(.newMembersNotAsked) || Quorum(of: roster.members.count).isReached(by: new.count))
  }
}
