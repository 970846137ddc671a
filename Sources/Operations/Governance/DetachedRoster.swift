public import Alliance
internal import Foundation
internal import Keys
internal import Signing
public import Wire

/// What leaves the node for the machine where the identity key lies: all that a signature depends on, in one text file.
struct DetachedQuestion: Codable {
  private let coalition: CoalitionID
  /// The alliance file: all rosters with their votes, and the members' records.
  private let alliance: String
  private let statements: Data
  /// Records of proposed newcomers; nil if there are none.
  private let newcomers: String?
  private let heard: RosterHeard
  private let draft: RosterDraft?
  /// The one thing that is asked for.
  private let signs: String
  private let round: UInt32
  private let proposer: CoalitionID
  private let proposal: String?

  init(
    _ plan: RosterPlan, draft: RosterDraft?, file: AllianceFile, records: [MemberRecord], heard: RosterHeard
  ) {
    coalition = plan.acts.member
    alliance = file.text
    statements = Data(plan.acts.known.bytes)
    let proposed = Set(plan.acts.known.candidatePins.keys)
    let candidates = records.filter { proposed.contains($0.coalition) }
    newcomers = candidates.isEmpty ? nil : RecordsFile.text(candidates)
    self.heard = heard
    self.draft = draft
    (round, proposer) = (plan.act.round.number, plan.act.round.proposer)
    switch plan.act {
    case .vote(let choice): (signs, proposal) = ("vote", choice.proposal.hex)
    case .promise: (signs, proposal) = ("promise", nil)
    case .propose(let roster, _): (signs, proposal) = ("proposal", roster.hash.hex)
    }
  }

  /// - Throws: `Problem` `roster-question-unreadable`, or as `Armour.unwrap`.
  init(text: String, file: String) throws(Problem) {
    let bytes = try Armour.rosterQuestion.unwrap(text, from: file)
    do {
      self = try AnswerFormat.decode(DetachedQuestion.self, from: bytes)
    } catch {
      throw Problem(
        "roster-question-unreadable", "the file is damaged", object: file, next: "export it again")
    }
  }

  var text: String {
    get throws(Problem) { Armour.rosterQuestion.wrap(try AnswerFormat.encode(self)) }
  }

  /// Everything read and verified anew: the whole chain of rosters, every statement, and that what is asked for may be signed.
  func open(_ file: String) throws(Problem) -> (alliance: AllianceFile, acts: RosterActs, act: RosterAct, repeats: Bool)
  {
    let alliance = try AllianceFile.read(text: self.alliance, file: file).0
    let chain = try alliance.chain()
    let (known, _) = try Deliberation.read(bytes: Array(statements), after: chain)
    let acts = RosterActs(known, of: coalition, draft: draft)
    var records = alliance.allRecords
    if let newcomers { records += try RecordsFile.read(newcomers, file: file) }
    let own = try acts.proposal()
    let act: RosterAct
    switch (signs, proposal.flatMap { ObjectHash(hex: $0) }) {
    case ("vote", let hash?):
      let choice = RosterChoice(round: RosterRound(number: round, proposer: proposer), proposal: hash)
      guard let roster = known.roster(hash) else { throw changed(file) }
      try Newcomers.check(roster, after: chain, records: records)
      act = .vote(choice)
    case ("promise", _): act = .promise(RosterRound(number: round, proposer: proposer))
    case ("proposal", let hash?):
      if case .propose(let roster, _)? = own?.act, roster.hash == hash {
        act = .propose(roster, RosterRound(number: round, proposer: proposer))
      } else if let roster = try draft?.roster(), roster.hash == hash {
        act = .propose(roster, RosterRound(number: round, proposer: proposer))
      } else {
        throw changed(file)
      }
    default: throw changed(file)
    }
    return (alliance, acts, act, own?.repeats ?? false)
  }

  func sign(_ act: RosterAct, _ acts: RosterActs, identityKey: String, passphrase: String) throws(Problem) -> String {
    var signer = try PledgedSigner(
      coalition, after: acts.known.chain, identityKey: identityKey, passphrase: passphrase, heard: heard)
    var said = Deliberation(after: acts.known.chain)
    let unsaid = signer.released.filter { !$0.isKnown(in: acts.known) }
    for statement in unsaid { try statement.add(to: &said) }
    // Signed here before and lost on its way: the file is made again, and nothing new is signed.
    if !unsaid.contains(where: { $0.round >= act.round }) {
      try signer.sign(act, knowing: acts.known).add(to: &said)
    }
    let submission = RosterSubmission(said, records: try draft?.newcomers() ?? [])
    return Armour.rosterStatements.wrap(try AnswerFormat.encode(submission))
  }

  private func changed(_ file: String) -> Problem {
    Problem(
      "roster-question-unreadable", "it does not hold what it asks to sign", object: file, next: "export it again")
  }
}

/// `vaka alliance sign`: signs on the machine where the identity key lies what `--export` has asked for. It needs no node and no
/// network, and believes nothing that it cannot verify.
public struct SignDetached: Sendable {
  public let words: RosterWords
  /// The alliance, as its members read it out.
  public let fingerprint: Fingerprint
  public let alliance: String
  private let question: DetachedQuestion
  private let acts: RosterActs
  private let act: RosterAct

  /// The number of the roster that it is about.
  public var number: UInt32 { acts.known.election.number }

  /// - Throws: `Problem` `roster-question-unreadable`, or what does not hold.
  public init(text: String, file: String) throws(Problem) {
    question = try DetachedQuestion(text: text, file: file)
    let opened = try question.open(file)
    (acts, act) = (opened.acts, opened.act)
    words = RosterWords(act, acts, repeats: opened.repeats)
    fingerprint = opened.alliance.fingerprint
    alliance = acts.known.chain.newest.name
  }

  /// - Returns: the text for `vaka alliance approve --import`.
  /// - Throws: `Problem` as `RosterPlan.run`.
  public func run(identityKey: String, passphrase: String) throws(Problem) -> String {
    try question.sign(act, acts, identityKey: identityKey, passphrase: passphrase)
  }
}
