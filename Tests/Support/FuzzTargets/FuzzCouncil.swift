internal import Alliance
internal import AllianceBench
internal import Signing
internal import Wire

/// Four members and a few rosters that they may propose, made once: readers of rosters and deliberations, and elections in which
/// everyone signs what the bytes say.
struct FuzzCouncil: Sendable {
  static let shared = Result { try FuzzCouncil() }

  private let alliance: FoundedAlliance
  private let chain: RosterChain
  private let proposals: [Roster]

  private init() throws {
    alliance = try FoundedAlliance(["dk", "no", "se", "us"], seed: 61)
    let chain = alliance.membership.rosters
    self.chain = chain
    proposals = try ["One", "Two", "Three"].map { name in
      var change = RosterChange()
      change.allianceName = name
      return try chain.next(change, issuedAt: 5)
    }
  }

  func run(_ target: FuzzTarget, _ bytes: [UInt8]) throws {
    switch target {
    case .rosterBundle:
      guard let bundle = try? RosterBundle(bytes: bytes) else { return }
      try BrokenPromise.check(
        (try? RosterBundle(bytes: bundle.bytes)) == bundle, "a roster with its votes is read as it was written")
      if let longer = try? chain.appending(bundle) {
        try BrokenPromise.check(longer.newest.number == 2, "a chain grows by one")
      }
      _ = try? RosterContradiction(bytes: bytes)
      _ = try? RosterSigner(alliance.coalitions[0], after: chain, kept: bytes)
    case .deliberation:
      guard let read = try? Deliberation.read(bytes: bytes, after: chain) else { return }
      try checkUnion(read.deliberation, read.deliberation)
    default: try elect(bytes)
    }
  }

  /// Statements of any members about any rounds, in two piles: whatever they say, the piles unite to the same, one roster at most is
  /// decided unless somebody is shown to lie, and what is decided may follow.
  private func elect(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    var piles = [Deliberation(after: chain), Deliberation(after: chain)]
    let election = chain.election
    var count = 0
    while choices.areLeft, count < 48 {
      count += 1
      guard let member = choices.one(of: alliance.coalitions), let key = alliance.identities[member] else { return }
      let round = round(&choices)
      let pile = choices.below(2)
      if choices.below(3) == 0 {
        let latest = choices.below(2) == 0 ? nil : choice(&choices)
        guard
          let promise = try? RosterPromise.make(
            .init(member: member, round: round, latest: latest), in: election, key: key)
        else { continue }
        try? piles[pile].add(promise)
      } else if let roster = choices.one(of: proposals), let proposer = alliance.identities[round.proposer] {
        let choice = RosterChoice(round: round, proposal: roster.hash)
        guard let proposal = try? RosterVote.make(choice, of: round.proposer, in: election, keys: [proposer]),
          let vote = try? RosterVote.make(choice, of: member, in: election, keys: [key]),
          let ballot = try? Ballot(vote: vote, proposerVote: proposal, roster: roster, in: chain)
        else { continue }
        try? piles[pile].add(ballot)
      }
    }
    try checkUnion(piles[0], piles[1])
  }

  private func round(_ choices: inout Choices) -> RosterRound {
    let number = UInt32(choices.below(4)) + 1
    let first = chain.election.first
    return number == 1
      ? first : RosterRound(number: number, proposer: choices.one(of: alliance.coalitions) ?? first.proposer)
  }

  private func choice(_ choices: inout Choices) -> RosterChoice {
    RosterChoice(round: round(&choices), proposal: choices.one(of: proposals)?.hash ?? proposals[0].hash)
  }

  private func checkUnion(_ one: Deliberation, _ other: Deliberation) throws {
    let united = try one.merging(other)
    try BrokenPromise.check(try other.merging(one).bytes == united.bytes, "a union has no order")
    try BrokenPromise.check(try united.merging(one).bytes == united.bytes, "a union and its part are the union")
    let again = try Deliberation.read(bytes: united.bytes, after: chain)
    try BrokenPromise.check(
      again.refused.isEmpty && again.deliberation.bytes == united.bytes, "a deliberation is read as it was written")
    var whole = Deliberation(after: chain)
    for part in united.parts(of: 2_048).reversed() {
      whole = try whole.merging(Deliberation.read(bytes: part, after: chain).deliberation)
    }
    try BrokenPromise.check(whole.bytes == united.bytes, "its parts unite to it")
    if let decided = united.decided {
      try BrokenPromise.check(
        (try? chain.appending(RosterBundle(bytes: decided.bytes))) != nil, "what is decided is in force")
    }
    for proof in united.contradictions {
      try BrokenPromise.check(proof.isValid(in: chain.election), "a proof is signed by whom it accuses")
      try BrokenPromise.check(
        (try? RosterContradiction(bytes: proof.bytes)) == proof, "a proof is read as it was written")
    }
  }
}
