public import Alliance
internal import Signing
public import Wire

/// One thing that a member signs about the next roster.
public enum RosterAct: Sendable, Hashable {
  case vote(RosterChoice)
  case promise(RosterRound)
  case propose(Roster, RosterRound)

  public var round: RosterRound {
    switch self {
    case .vote(let choice): choice.round
    case .promise(let round), .propose(_, let round): round
    }
  }
}

/// What a member can sign now, by what is known of the next roster. Its pledge has the last word, where the identity key lies.
public struct RosterActs: Sendable {
  public let known: Deliberation
  public let member: CoalitionID
  public let draft: RosterDraft?

  private let justification: Justification
  /// The highest round that the member has promised or voted in.
  private let pledged: RosterRound?
  private let voted: [RosterRound: ObjectHash]

  public init(_ known: Deliberation, of member: CoalitionID, draft: RosterDraft? = nil) {
    self.known = known
    self.member = member
    self.draft = draft
    justification = known.justification
    let votes = known.ballots.filter { $0.coalition == member }.map(\.choice)
    voted = Dictionary(votes.map { ($0.round, $0.proposal) }) { first, _ in first }
    pledged = (known.promises.filter { $0.coalition == member }.map(\.round) + voted.keys).max()
  }

  /// Proposals that it may vote for and has not, the highest round first.
  public var votes: [RosterChoice] {
    known.proposals.filter { choice in
      justification.allows(choice) && voted[choice.round] == nil && (pledged.map { $0 <= choice.round } ?? true)
    }.sorted(by: >)
  }

  /// The highest round that somebody has opened, and that it may promise.
  public var promise: RosterRound? {
    Set(known.promises.map(\.round)).filter { round in
      round.number <= known.highestOpen && (pledged.map { $0 < round } ?? true)
    }.max()
  }

  /// The round of its own that it has opened and not proposed in.
  public var ownRound: RosterRound? {
    guard let pledged, pledged.proposer == member, pledged != known.election.first, voted[pledged] == nil else {
      return nil
    }
    return pledged
  }

  /// What the promises for its own round leave it; nil without such a round.
  public var ownAnswer: Justification.Answer? { ownRound.map { justification.answer(for: $0) } }

  /// Whether the round that needs no promises is its own and still unused.
  public var hasFirstRound: Bool { known.election.first.proposer == member && pledged == nil }

  /// The proposal that it can make in the round that it has opened: its draft, or what must be repeated.
  public func proposal() throws(Problem) -> (act: RosterAct, repeats: Bool)? {
    guard let ownRound, let answer = ownAnswer, !answer.waits else { return nil }
    if answer.isFree {
      guard let draft else { return nil }
      return (.propose(try draft.roster(), ownRound), false)
    }
    if let draft = try draft?.roster(), answer.allows(draft.hash) { return (.propose(draft, ownRound), false) }
    guard let hash = answer.repeats.sorted().first, let roster = known.roster(hash) else { return nil }
    return (.propose(roster, ownRound), true)
  }

  /// The roster that an act is about; nil for a promise.
  public func roster(of act: RosterAct) -> Roster? {
    switch act {
    case .vote(let choice): known.roster(choice.proposal)
    case .promise: nil
    case .propose(let roster, _): roster
    }
  }
}
