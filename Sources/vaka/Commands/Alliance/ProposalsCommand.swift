import ArgumentParser
import Operations
import Wire

struct ProposalsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proposals", abstract: "Show what is proposed for the next roster, who has signed, and what we can do."
  )
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() throws {
    let proposals = try RosterProposals(home.open())
    if output.json { return try Terminal.json(proposals) }
    Terminal.say(
      "roster \(proposals.inForce) is in force; \(proposals.needed) of \(proposals.members) members decide on roster \(proposals.roster)"
    )
    if proposals.rounds.isEmpty {
      Terminal.say("nothing is proposed · it is \(proposals.turn)'s turn")
    }
    for round in proposals.rounds { show(round) }
    for contradiction in proposals.contradictions { Terminal.say("PROOF  \(contradiction.what)") }
    for next in proposals.next { Terminal.say("next: \(next)") }
  }

  private func show(_ round: RosterProposals.Round) {
    Terminal.say("")
    Terminal.say("round \(round.round) of \(round.proposer)")
    if let promises = round.promises { Terminal.say("  promises  \(promises.words)") }
    if round.proposals.isEmpty { Terminal.say("  nothing is proposed in it yet") }
    for proposal in round.proposals {
      Terminal.say("  proposal \(proposal.proposal.prefix(12))\(proposal.allowed ? "" : " · may not be voted for yet")")
      for change in proposal.changes { Terminal.say("    - \(change)") }
      Terminal.say("    votes  \(proposal.votesNow.words)")
      if proposal.votesThen.signed + proposal.votesThen.missing != proposal.votesNow.signed + proposal.votesNow.missing
      {
        Terminal.say("    votes of the members then  \(proposal.votesThen.words)")
      }
    }
  }
}
