internal import Alliance
internal import Keys
internal import Signing
internal import Wire

/// An identity key with what it has pledged: it signs, keeps what it signed beside the key, and only then hands it out.
struct PledgedSigner {
  private let identity: SigningKey
  private let pledge: PledgeFile
  private var signer: RosterSigner

  /// - Parameters:
  ///   - heard: members who have shown what they know, for a key whose pledge is not there: with ourselves they must be a
  ///     quorum, so that one of them has seen whatever we signed that could have counted.
  /// - Throws: `Problem` `identity-key-away`, `wrong-passphrase`, `identity-key-other`, `not-an-elector`, `roster-pledge-missing`,
  ///   `roster-pledge-ahead` or `roster-pledge-unreadable`.
  init(
    _ member: CoalitionID, after chain: RosterChain, identityKey path: String, passphrase: String, heard: RosterHeard
  ) throws(Problem) {
    guard DurableFile.exists(path) else {
      throw Problem(
        "identity-key-away", "the identity key is not on this machine", object: path,
        next: "bring it and the file \(path).pledge back for this one act, or sign where they lie: --export FILE")
    }
    identity = try IdentityKeyFile.open(text: NodeHome.text(path, "identity key"), file: path, passphrase: passphrase)
    let election = chain.election
    guard let key = election.electors[member] else {
      throw Problem(
        "not-an-elector", "only members of the roster in force decide which comes next", object: "\(member)",
        next: "see who they are: vaka alliance show")
    }
    guard key == identity.verifyingKey else {
      throw Problem("identity-key-other", "this is not the identity key that the roster in force names", object: path)
    }
    pledge = PledgeFile(besides: path)
    guard pledge.exists else {
      let others = chain.newest.coalitions.filter { $0 != member }
      let shown = heard.roster == chain.newest.number ? others.filter(heard.peers.contains) : []
      let needed = election.quorum.size - 1
      guard shown.count >= needed else {
        let silent = others.filter { !shown.contains($0) }.map(\.rawValue).joined(separator: ", ")
        throw Problem(
          "roster-pledge-missing",
          "what this identity key has signed is not known here, and only \(shown.count) of \(needed) other members have shown it",
          object: pledge.path,
          next: "put the file back beside the key, or keep the node running until one more of \(silent) has been heard")
      }
      signer = try RosterSigner(member, after: chain, kept: nil)
      return
    }
    signer = try RosterSigner(member, after: chain, kept: pledge.read())
  }

  /// What was signed and kept before, and may never have been handed over.
  var released: [RosterSigner.Statement] { signer.released }

  /// - Throws: `Problem` of `RosterSigner`, or `file-not-written`; nothing was then signed that anybody may see.
  mutating func sign(_ act: RosterAct, knowing known: Deliberation) throws(Problem) -> RosterSigner.Statement {
    let kept =
      switch act {
      case .promise(let round): try signer.promise(round, knowing: known, identity: identity)
      case .vote(let choice): try signer.vote(for: choice, knowing: known, identities: [identity])
      case .propose(let roster, let round):
        try signer.propose(roster, in: round, knowing: known, identities: [identity])
      }
    try pledge.write(kept)
    guard let statement = signer.kept() else {
      throw Problem("roster-keeping", "nothing was signed", object: "\(signer.member)")
    }
    return statement
  }
}
