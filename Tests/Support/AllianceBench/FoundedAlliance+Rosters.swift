public import Alliance
internal import Signing
public import Wire

extension FoundedAlliance {
  /// What is known after the member in turn has proposed this change, and these have voted for it.
  public func deliberation(
    on change: RosterChange, voters: [CoalitionID] = [], after chain: RosterChain? = nil
  ) throws -> Deliberation {
    let chain = chain ?? membership.rosters
    let roster = try chain.next(change, issuedAt: 5)
    let first = chain.election.first
    var known = Deliberation(after: chain)
    for member in [first.proposer] + voters.filter({ $0 != first.proposer }) {
      guard let identity = identities[member] else { throw Problem("test", "no identity key of \(member)") }
      var signer = try RosterSigner(member, after: chain, kept: nil)
      if member == first.proposer {
        _ = try signer.propose(roster, in: first, knowing: known, identities: [identity])
      } else {
        let choice = RosterChoice(round: first, proposal: roster.hash)
        _ = try signer.vote(for: choice, knowing: known, identities: [identity])
      }
      guard case .vote(let ballot)? = signer.kept() else { throw Problem("test", "no vote") }
      try known.add(ballot)
    }
    return known
  }

  /// The roster that this change makes, with everyone's votes.
  public func decided(_ change: RosterChange, after chain: RosterChain? = nil) throws -> RosterBundle {
    let voters = (chain ?? membership.rosters).newest.coalitions.filter { identities[$0] != nil }
    guard let bundle = try deliberation(on: change, voters: voters, after: chain).decided else {
      throw Problem("test", "not decided")
    }
    return bundle
  }
}
