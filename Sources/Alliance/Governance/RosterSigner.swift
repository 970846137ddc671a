public import Signing
public import Wire

/// One member's hand in an election: what it may still sign, and what must be durable before anybody sees it.
///
/// A signature is made, kept, and only then released: `promise` and `vote` return what to keep, `kept` what to release. A signer
/// that dies in between reads back what it kept and releases that; one that kept nothing has said nothing.
public struct RosterSigner: Sendable {
  /// Made and signed, and nobody may see it before it is kept.
  public enum Statement: Sendable, Hashable {
    case promise(RosterPromise)
    case vote(Ballot)
  }

  /// All that survives: written whole, in the place of what was kept before.
  struct Kept: Sendable, Hashable {
    var pledge = Pledge()
    var promise: RosterPromise?
    var ballot: Ballot?
  }

  private enum State: Sendable {
    case ready
    case keeping(Kept, Statement)
  }

  public let member: CoalitionID
  let chain: RosterChain
  private(set) var record: Kept
  private var state = State.ready

  public var election: Election { chain.election }
  public var pledge: Pledge { record.pledge }

  /// - Parameter kept: the bytes that were to be kept last; nil if nothing ever was.
  /// - Throws: `Problem` `roster-pledge-unreadable` or `roster-pledge-ahead`. Such a signer must not begin anew.
  public init(_ member: CoalitionID, after chain: RosterChain, kept: [UInt8]?) throws(Problem) {
    self.member = member
    self.chain = chain
    record = try kept.map { bytes throws(Problem) in try Kept(bytes: bytes, of: member, after: chain) } ?? Kept()
  }

  /// What it has said and may say again, for instance after a start.
  public var released: [Statement] {
    [record.promise.map(Statement.promise), record.ballot.map(Statement.vote)].compactMap { $0 }
  }

  /// Promises a round: nothing below it will be voted for.
  /// - Returns: the bytes to keep.
  /// - Throws: `Problem` `roster-round`, `not-an-elector`, `roster-keeping` or as `Pledge.promising`.
  public mutating func promise(
    _ round: RosterRound, knowing known: Deliberation, identity: SigningKey
  ) throws(Problem) -> [UInt8] {
    var next = try recalled(known)
    guard election.has(round), round != election.first else {
      throw Problem("roster-round", "this round does not exist, or needs no promises", object: "\(round)")
    }
    guard round.number <= known.highestOpen else {
      throw Problem(
        "roster-round", "rounds are opened one after the other, and the next is round \(known.highestOpen)",
        object: "\(round)", next: "merge what the others have said, then promise again")
    }
    let latest = next.pledge.voted
    next.pledge = try next.pledge.promising(round)
    let promise = try RosterPromise.make(
      .init(member: member, round: round, latest: latest), in: election, key: identity)
    let checked = try election.check(promise)
    next.promise = checked
    return keep(next, .promise(checked))
  }

  /// Proposes a roster in a round of this member, which is to vote for it.
  /// - Returns: the bytes to keep.
  /// - Throws: `Problem` as `vote`.
  public mutating func propose(
    _ roster: Roster, in round: RosterRound, knowing known: Deliberation, identities: [SigningKey]
  ) throws(Problem) -> [UInt8] {
    guard round.proposer == member, election.has(round) else {
      throw Problem("roster-round", "only \(round.proposer) proposes in this round", object: "\(round)")
    }
    let choice = RosterChoice(round: round, proposal: roster.hash)
    let next = try recalled(known)
    let pledge = try next.pledge.voting(choice)
    guard known.justification.answer(for: round).allows(roster.hash) else { throw unjustified(choice, known) }
    let vote = try RosterVote.make(choice, of: member, in: election, keys: identities)
    return try keep(Ballot(vote: vote, proposerVote: vote, roster: roster, in: chain), pledge, next)
  }

  /// Votes for a proposal.
  /// - Parameter identities: the identity key; both, if the roster gives this member another one.
  /// - Returns: the bytes to keep.
  /// - Throws: `Problem` `roster-not-proposed`, `roster-not-justified`, `roster-keeping`, or as `Pledge.voting` and
  ///   `Ballot.init`.
  public mutating func vote(
    for choice: RosterChoice, knowing known: Deliberation, identities: [SigningKey]
  ) throws(Problem) -> [UInt8] {
    guard let proposal = known.ballots.first(where: { $0.choice == choice }) else {
      throw Problem(
        "roster-not-proposed", "nobody has proposed this roster in this round", object: "\(choice)",
        next: "vaka alliance log shows what is proposed")
    }
    let next = try recalled(known)
    let pledge = try next.pledge.voting(choice)
    guard known.justification.allows(choice) else { throw unjustified(choice, known) }
    let vote = try RosterVote.make(choice, of: member, in: election, keys: identities)
    return try keep(
      Ballot(vote: vote, proposerVote: proposal.proposerVote, roster: proposal.roster, in: chain), pledge, next)
  }

  /// What was returned last is durable: from now on it may be seen.
  /// - Returns: what to release; nil if nothing was to be kept.
  public mutating func kept() -> Statement? {
    guard case .keeping(let next, let statement) = state else { return nil }
    record = next
    state = .ready
    return statement
  }

  private mutating func keep(_ ballot: Ballot, _ pledge: Pledge, _ record: Kept) throws(Problem) -> [UInt8] {
    var next = record
    next.pledge = pledge
    next.ballot = ballot
    return keep(next, .vote(ballot))
  }

  private mutating func keep(_ next: Kept, _ statement: Statement) -> [UInt8] {
    state = .keeping(next, statement)
    return next.bytes
  }

  /// What was kept, and what others show of our own statements: a restored copy may know less than they do.
  private func recalled(_ known: Deliberation) throws(Problem) -> Kept {
    if case .keeping = state {
      throw Problem(
        "roster-keeping", "what was signed last is not known to be durable", object: "\(member)",
        next: "restart, so that what was kept is read back")
    }
    guard known.election == election else {
      throw Problem(
        "roster-statement-misplaced",
        "it is about another roster than the one that follows roster \(chain.newest.number)",
        object: "\(member)")
    }
    var next = record
    if planted(.ownStatementsForgotten) { return next }
    for promise in known.promises where promise.coalition == member {
      next.pledge = next.pledge.recalling(promised: promise.round, voted: promise.latest)
      if next.promise.map({ $0.round < promise.round }) ?? true { next.promise = promise }
    }
    for ballot in known.ballots where ballot.coalition == member {
      next.pledge = next.pledge.recalling(promised: ballot.choice.round, voted: ballot.choice)
      if next.ballot.map({ $0.choice < ballot.choice }) ?? true { next.ballot = ballot }
    }
    return next
  }

  private func unjustified(_ choice: RosterChoice, _ known: Deliberation) -> Problem {
    let answer = known.justification.answer(for: choice.round)
    return Problem(
      "roster-not-justified",
      answer.waits
        ? "\(choice.round) lacks the promises of a quorum" : "an earlier round may have decided another roster",
      object: "\(choice)",
      next: answer.waits
        ? "wait for more promises"
        : "propose \(answer.repeats.map(\.hex).sorted().map { String($0.prefix(12)) }.joined(separator: " or ")) again")
  }
}
