internal import Alliance
internal import Signing
internal import Wire

/// `vaka alliance propose`: what it takes to propose a change in the round that is ours, or to open one.
public enum ProposeRoster {
  /// - Parameters:
  ///   - opensRound: whether to open a round of ours where it is not our turn.
  ///   - now: milliseconds since 1970.
  /// - Throws: `Problem` `nothing-to-propose`, `roster-turn`, `roster-waits`, or what the change says.
  public static func plan(
    _ change: ProposedChange, in home: NodeHome, opensRound: Bool, now: UInt64
  ) throws -> RosterPlan {
    let acts = try acts(home)
    let (known, chain) = (acts.known, acts.known.chain)
    let resolved = try change.resolve(home.currentMembership(), records: home.records(), of: home.coalition)
    let roster = try chain.next(resolved.change, issuedAt: now)
    guard !roster.differences(from: chain.newest).isEmpty else {
      throw Problem(
        "nothing-to-propose", "this changes nothing of roster \(chain.newest.number)",
        next: "see it: vaka alliance show; vaka alliance propose --help")
    }
    let round = try round(acts, opensRound: opensRound, staying: Set(roster.coalitions))
    // Those of an earlier draft too: what was signed then and lost on its way is handed over with them.
    let earlier = try acts.draft?.newcomers().filter { !resolved.newcomers.contains($0) } ?? []
    let draft = RosterDraft(roster, round: round, newcomers: resolved.newcomers + earlier)
    let proposes = round == known.election.first || round == acts.ownRound
    return try RosterPlan(
      proposes ? .propose(roster, round) : .promise(round), acts, in: home, newDraft: draft, hashKey: resolved.hashKey)
  }

  /// The proposal in the round that we have opened before.
  /// - Throws: `Problem` `roster-waits`, or `roster-round` if no round is ours.
  public static func plan(continuing home: NodeHome) throws -> RosterPlan {
    let acts = try acts(home)
    guard let (act, repeats) = try acts.proposal() else {
      guard let round = acts.ownRound else {
        throw Problem(
          "roster-round", "no round of ours is open", next: "see what is: vaka alliance proposals")
      }
      throw waits(round, acts)
    }
    return try RosterPlan(act, acts, in: home, repeats: repeats)
  }

  static func acts(_ home: NodeHome) throws(Problem) -> RosterActs {
    let known = try home.deliberation()
    guard known.election.electors[home.coalition] != nil else {
      throw Problem(
        "not-an-elector", "only members of the roster in force decide which comes next", object: "\(home.coalition)",
        next: "see who they are: vaka alliance show")
    }
    return RosterActs(known, of: home.coalition, draft: try RosterDraft.read(home, after: known.chain))
  }

  private static func round(
    _ acts: RosterActs, opensRound: Bool, staying: Set<CoalitionID>
  ) throws(Problem) -> RosterRound {
    let (known, member) = (acts.known, acts.member)
    if let round = acts.ownRound {
      guard acts.ownAnswer?.isFree == true else { throw waits(round, acts) }
      return round
    }
    if acts.hasFirstRound { return known.election.first }
    guard opensRound else {
      let first = known.election.first
      let next = "--open-round opens a round of ours, which takes a promise of the others before it takes a vote"
      throw Problem(
        "roster-turn",
        first.proposer == member
          ? "\(first) is used already" : "it is \(first.proposer)'s turn to propose roster \(known.election.number)",
        object: "\(member)",
        // Whom it would remove will hardly propose it.
        next: first.proposer == member || !staying.contains(first.proposer)
          ? next : "send \(first.proposer) what you want proposed; or \(next)")
    }
    return known.nextRound(of: member)
  }

  static func waits(_ round: RosterRound, _ acts: RosterActs) -> Problem {
    guard let answer = acts.ownAnswer, !answer.waits else {
      return Problem(
        "roster-waits", "it is open, and waits for promises: \(acts.known.promises(for: round).words)",
        object: "\(round)",
        next: "they promise with vaka alliance approve \(acts.known.election.number); then go on here")
    }
    return Problem(
      "roster-waits",
      answer.isFree
        ? "it is open, and nothing is drafted" : "an earlier round may have decided, so that roster comes first",
      object: "\(round)",
      next: answer.isFree ? "say what to propose: vaka alliance propose --help" : "vaka alliance propose --continue")
  }
}
