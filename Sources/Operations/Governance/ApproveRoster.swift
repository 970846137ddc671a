internal import Alliance
internal import Control
internal import Keys
internal import Signing
internal import Store
internal import Wire

/// `vaka alliance approve`: which of the things that can be signed now is meant.
public enum ApproveRoster {
  /// - Parameters:
  ///   - roster: the number of the roster that is being decided.
  ///   - proposal: how the hash of the proposal begins, if several can be voted for.
  ///   - promisesOnly: whether to vote for nothing, and promise the highest round that was opened.
  /// - Throws: `Problem` `roster-decided`, `roster-not-proposed`, `roster-several`, `nothing-to-sign`, or as `RosterPlan`.
  public static func plan(
    _ home: NodeHome, roster: UInt32, proposal: String? = nil, promisesOnly: Bool = false
  ) throws -> RosterPlan {
    let acts = try ProposeRoster.acts(home)
    try check(roster, acts)
    if !promisesOnly, let choice = try choice(acts, proposal) { return try RosterPlan(.vote(choice), acts, in: home) }
    if let round = acts.promise { return try RosterPlan(.promise(round), acts, in: home) }
    if let (act, repeats) = try acts.proposal() { return try RosterPlan(act, acts, in: home, repeats: repeats) }
    if let round = acts.ownRound { throw ProposeRoster.waits(round, acts) }
    throw Problem(
      acts.known.isEmpty ? "roster-not-proposed" : "nothing-to-sign",
      acts.known.isEmpty ? "nobody has proposed it" : "we have signed all that can be signed now",
      object: "roster \(roster)", next: "see who is still to sign: vaka alliance proposals")
  }

  /// Hands over what was signed where the identity key lies.
  /// - Throws: `Problem` `roster-statements-unreadable`, or what does not count.
  public static func take(_ text: String, file: String, in home: NodeHome) throws -> RosterPlan.Answer {
    let bytes = try Armour.rosterStatements.unwrap(text, from: file)
    let submission: RosterSubmission
    do throws(Problem) {
      submission = try AnswerFormat.decode(RosterSubmission.self, from: bytes)
    } catch {
      throw Problem("roster-statements-unreadable", "the file is damaged", object: file, next: "sign it again")
    }
    let said = try submission.deliberation(after: home.requireMembership().rosters)
    let statements = said.promises.map(RosterSigner.Statement.promise) + said.ballots.map(RosterSigner.Statement.vote)
    guard let last = statements.max(by: { $0.round < $1.round }) else {
      throw Problem("roster-statements-unreadable", "nothing is signed in it", object: file, next: "sign it again")
    }
    let answer = try NodeCall.deliberate.ask(
      ControlClient(path: home.folder.controlSocket), submission, for: RosterSubmission.Answer.self)
    return RosterPlan.Answer(
      signed: last.name, roster: said.election.number, round: last.round.number, proposer: last.round.proposer,
      proposal: last.proposal, inForce: answer.roster, decided: answer.decided, again: false)
  }

  private static func check(_ number: UInt32, _ acts: RosterActs) throws(Problem) {
    let election = acts.known.election
    if number == election.number { return }
    throw Problem(
      number < election.number ? "roster-decided" : "roster-not-proposed",
      number < election.number ? "it is in force already" : "roster \(election.number) comes first",
      object: "roster \(number)", next: "vaka alliance proposals")
  }

  private static func choice(_ acts: RosterActs, _ prefix: String?) throws(Problem) -> RosterChoice? {
    var votes = acts.votes
    if let prefix {
      votes = votes.filter { $0.proposal.hex.hasPrefix(prefix.lowercased()) }
      guard !votes.isEmpty else {
        throw Problem(
          "roster-not-proposed", "no proposal that can be voted for begins so", object: prefix,
          next: "see them: vaka alliance proposals")
      }
    }
    guard Set(votes.map(\.proposal)).count <= 1 else {
      throw Problem(
        "roster-several", "several proposals can be voted for: \(votes.map(\.description).joined(separator: "; "))",
        object: "roster \(acts.known.election.number)",
        next: "see them with vaka alliance proposals, then say which: --proposal HASH")
    }
    // The same roster in several rounds: the vote in the highest is the one that others will meet.
    return votes.first
  }
}
