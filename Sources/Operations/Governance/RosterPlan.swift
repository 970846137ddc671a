internal import Alliance
internal import Control
internal import Keys
internal import Signing
internal import Store
public import Wire

/// One signature about the next roster, from the words that a person reads to the running node that passes it on.
public struct RosterPlan: Sendable {
  public let words: RosterWords
  let acts: RosterActs
  let act: RosterAct
  private let home: NodeHome
  private let client: ControlClient
  private let heard: RosterHeard
  /// What it is about, kept before anything is signed.
  private let draft: RosterDraft?
  /// A hash key that the proposal commits to, sealed to ourselves.
  private let hashKey: (key: SealedHashKey, commitment: String)?

  /// - Parameter newDraft: a roster that is not kept in the folder yet.
  /// - Throws: `Problem` `node-not-running`, `removes-proposer`, `newcomer-unknown` or `newcomer-differs`.
  init(
    _ act: RosterAct, _ acts: RosterActs, in home: NodeHome, repeats: Bool = false, newDraft: RosterDraft? = nil,
    hashKey: (key: SealedHashKey, commitment: String)? = nil
  ) throws {
    client = ControlClient(path: home.folder.controlSocket)
    // Before anybody is asked for a passphrase: without a running node nothing can be handed over.
    heard = try NodeCall.rosterHeard.ask(client, for: RosterHeard.self)
    if case .vote(let choice) = act, let roster = acts.roster(of: act) {
      guard roster.member(choice.round.proposer) != nil else {
        throw ProposedChange.removesProposer(
          choice.round.proposer, next: "propose it in a round of another member: vaka alliance propose --open-round")
      }
      try Newcomers.check(roster, after: acts.known.chain, records: home.records())
    }
    self.acts = acts
    self.act = act
    self.home = home
    self.draft = newDraft
    self.hashKey = hashKey
    words = RosterWords(act, acts, repeats: repeats)
  }

  /// The number of the roster that it is about.
  public var number: UInt32 { acts.known.election.number }

  public struct Answer: Sendable, Codable {
    /// `vote`, `promise` or `proposal`.
    public let signed: String
    public let roster: UInt32
    public let round: UInt32
    public let proposer: CoalitionID
    /// Hash of the roster that was voted for or proposed.
    public let proposal: String?
    /// The roster in force now.
    public let inForce: UInt32
    /// Whether it was decided by this.
    public let decided: Bool
    /// Whether it had been signed before and was handed over only now.
    public let again: Bool
  }

  /// - Parameter identityKey: where the identity key lies, if not in the node's folder.
  /// - Throws: `Problem` as `PledgedSigner`, or what the node says. What is signed and kept is handed over by the next call.
  public func run(identityKey: String?, passphrase: String) throws -> Answer {
    let chain = acts.known.chain
    var signer = try PledgedSigner(
      home.coalition, after: chain, identityKey: identityKey ?? home.folder.identityKey, passphrase: passphrase,
      heard: heard)
    var newcomers = try (draft ?? acts.draft)?.newcomers() ?? []
    // Signed and kept once, and lost on the way to the node: that comes first, and takes the place of what would contradict it.
    let unsaid = signer.released.filter { !$0.isKnown(in: acts.known) }
    let statement: RosterSigner.Statement
    var again = false
    if let blocking = unsaid.first(where: { $0.round >= act.round }) {
      statement = blocking
      newcomers = try acts.draft?.newcomers() ?? []
      again = true
    } else {
      try keepDraft()
      statement = try signer.sign(act, knowing: acts.known)
    }
    var said = Deliberation(after: chain)
    for one in unsaid + [statement] { try one.add(to: &said) }
    let answer = try NodeCall.deliberate.ask(
      client, RosterSubmission(said, records: newcomers), for: RosterSubmission.Answer.self)
    return Answer(
      signed: statement.name, roster: chain.election.number, round: statement.round.number,
      proposer: statement.round.proposer, proposal: statement.proposal, inForce: answer.roster,
      decided: answer.decided, again: again)
  }

  /// What another machine needs to sign it, where the identity key lies.
  public func export() throws -> String {
    try keepDraft()
    return try DetachedQuestion(self, draft: draft ?? acts.draft, file: file(), records: home.records(), heard: heard)
      .text
  }

  private func file() throws -> AllianceFile { try InviteMember.file(home) }

  private func keepDraft() throws(Problem) {
    if let hashKey {
      try ProposedHashKeyFile.write(hashKey.key, to: home.folder.proposedHashKey(hashKey.commitment))
    }
    try draft?.save(in: home)
  }
}

extension RosterSigner.Statement {
  var name: String {
    switch self {
    case .promise: "promise"
    case .vote(let ballot): ballot.vote.isProposal ? "proposal" : "vote"
    }
  }

  var round: RosterRound {
    switch self {
    case .promise(let promise): promise.round
    case .vote(let ballot): ballot.choice.round
    }
  }

  var proposal: String? {
    guard case .vote(let ballot) = self else { return nil }
    return ballot.choice.proposal.hex
  }

  func isKnown(in known: Deliberation) -> Bool {
    switch self {
    case .promise(let promise):
      known.promises.contains { $0.coalition == promise.coalition && $0.round == promise.round }
    case .vote(let ballot): known.ballots.contains { $0.coalition == ballot.coalition && $0.choice == ballot.choice }
    }
  }

  func add(to known: inout Deliberation) throws(Problem) {
    switch self {
    case .promise(let promise): try known.add(promise)
    case .vote(let ballot): try known.add(ballot)
    }
  }
}
