import Alliance
import AllianceBench
import Signing
import Testing
import Wire

@testable import Operations

/// What a member is offered to sign, from what lies on the table.
@Suite struct RosterActsTests {
  private let alliance: FoundedAlliance
  private let first: CoalitionID

  init() throws {
    alliance = try FoundedAlliance(["dk", "no", "se", "us"], seed: 41)
    first = alliance.membership.rosters.election.first.proposer
  }

  private func id(_ text: String) throws -> CoalitionID { try #require(CoalitionID(text)) }

  private func renaming(_ name: String) -> RosterChange {
    var change = RosterChange()
    change.allianceName = name
    return change
  }

  private func promise(_ member: CoalitionID, _ round: RosterRound, _ known: inout Deliberation) throws {
    var signer = try RosterSigner(member, after: alliance.membership.rosters, kept: nil)
    _ = try signer.promise(round, knowing: known, identity: #require(alliance.identities[member]))
    guard case .promise(let promise)? = signer.kept() else { throw Problem("test", "no promise") }
    try known.add(promise)
  }

  @Test func whoseTurnItIsProposesAndTheOthersVoteOnce() throws {
    let nothing = Deliberation(after: alliance.membership.rosters)
    for member in alliance.coalitions {
      let acts = RosterActs(nothing, of: member)
      #expect(acts.hasFirstRound == (member == first) && acts.votes.isEmpty && acts.promise == nil)
    }
    let voter = try #require(alliance.coalitions.first { $0 != first })
    let proposed = try alliance.deliberation(on: renaming("Another"))
    #expect(RosterActs(proposed, of: first).votes.isEmpty, "a proposal is a vote")
    #expect(RosterActs(proposed, of: voter).votes.map(\.round) == [proposed.election.first])
    let voted = try alliance.deliberation(on: renaming("Another"), voters: [voter])
    #expect(RosterActs(voted, of: voter).votes.isEmpty)
    #expect(RosterProposals(RosterActs(voted, of: voter), isElector: true).next.isEmpty)
    let third = try #require(alliance.coalitions.first { $0 != first && $0 != voter })
    let shown = RosterProposals(RosterActs(voted, of: third), isElector: true)
    #expect(shown.next == ["vaka alliance approve 2"] && shown.rounds.first?.proposals.first?.votesNow.lacks == 1)
    #expect(
      shown.rounds.first?.proposals.first?.changes == ["names the alliance Another, no longer Simulated alliance"])
  }

  @Test func aRoundOfOnesOwnWaitsForAQuorum() throws {
    let opener = try #require(alliance.coalitions.first { $0 != first })
    var known = Deliberation(after: alliance.membership.rosters)
    let round = known.nextRound(of: opener)
    let roster = try alliance.membership.rosters.next(renaming("Mine"), issuedAt: 9)
    let draft = RosterDraft(roster, round: round, newcomers: [])
    try promise(opener, round, &known)
    #expect(RosterActs(known, of: opener, draft: draft).ownRound == round)
    #expect(try RosterActs(known, of: opener, draft: draft).proposal() == nil, "it has one promise of three")
    for member in alliance.coalitions.filter({ $0 != opener }).prefix(2) {
      #expect(RosterActs(known, of: member).promise == round)
      try promise(member, round, &known)
      #expect(RosterActs(known, of: member).promise == nil, "once")
    }
    let proposal = try RosterActs(known, of: opener, draft: draft).proposal()
    #expect(proposal?.act == .propose(roster, round) && proposal?.repeats == false)
    let next = RosterProposals(RosterActs(known, of: opener, draft: draft), isElector: true).next
    #expect(next == ["vaka alliance propose --continue"])
    #expect(try RosterActs(known, of: opener).proposal() == nil, "nothing is drafted")
  }

  /// Whatever an earlier round may have decided unseen comes first, whatever the opener had in mind.
  @Test func repeatsWhatMayHaveBeenDecided() throws {
    let others = alliance.coalitions.filter { $0 != first }
    var known = try alliance.deliberation(on: renaming("First"), voters: [others[0], others[1]])
    let decided = try #require(known.ballots.first).roster
    let opener = others[2]
    let round = known.nextRound(of: opener)
    let mine = RosterDraft(
      try alliance.membership.rosters.next(renaming("Mine"), issuedAt: 9), round: round, newcomers: [])
    try promise(opener, round, &known)
    for member in others.prefix(2) { try promise(member, round, &known) }
    let proposal = try RosterActs(known, of: opener, draft: mine).proposal()
    #expect(proposal?.act == .propose(decided, round) && proposal?.repeats == true)
    let words = try RosterWords(#require(proposal).act, RosterActs(known, of: opener, draft: mine), repeats: true)
    #expect(words.act.contains("again"))
  }

  @Test func countsInWords() throws {
    let members = alliance.coalitions
    let count = RosterCount([members[1]], of: members)
    #expect(count.words == "no (1 of 3 needed); not yet dk, se, us" && count.lacks == 2)
    #expect(RosterCount(Set(members), of: members).words == "dk, no, se, us (4 of 3 needed)")
    #expect(RosterCount([], of: members).words == "nobody (0 of 3 needed); not yet dk, no, se, us")
  }
}
