public import Alliance
public import Foundation
internal import Signing
public import Wire

/// `vaka alliance proposals`: everything that was said about the roster that comes next, and what we can do about it.
public struct RosterProposals: Sendable, Codable {
  public struct Proposal: Sendable, Codable {
    /// Hash of the roster.
    public let proposal: String
    public let changes: [String]
    /// Whether it may be voted for by what was promised.
    public let allowed: Bool
    public let votesNow: RosterCount
    /// Of the members that it would have.
    public let votesThen: RosterCount
  }

  public struct Round: Sendable, Codable {
    public let round: UInt32
    public let proposer: CoalitionID
    /// Absent in the round that needs none.
    public let promises: RosterCount?
    public let proposals: [Proposal]
  }

  public struct Contradiction: Sendable, Codable {
    public let coalition: CoalitionID
    public let what: String
    /// The two signed statements, for anybody who verifies it.
    public let proof: Data
  }

  /// The number of the roster that is to be decided.
  public let roster: UInt32
  public let inForce: UInt32
  public let members: Int
  public let needed: Int
  /// Whose the round is that needs no promises.
  public let turn: CoalitionID
  public let rounds: [Round]
  public let contradictions: [Contradiction]
  /// What we can sign now.
  public let next: [String]

  public init(_ home: NodeHome) throws {
    try self.init(home, knowing: home.deliberation())
  }

  /// - Parameter known: what the running node knows.
  public init(_ home: NodeHome, knowing known: Deliberation) throws {
    let acts = RosterActs(known, of: home.coalition, draft: try RosterDraft.read(home, after: known.chain))
    self.init(acts, isElector: known.election.electors[home.coalition] != nil)
  }

  init(_ acts: RosterActs, isElector: Bool) {
    let (known, election) = (acts.known, acts.known.election)
    roster = election.number
    inForce = known.chain.newest.number
    members = election.electors.count
    needed = election.quorum.size
    turn = election.first.proposer
    let justification = known.justification
    let proposals = Dictionary(grouping: known.proposals, by: \.round)
    rounds = Set(Array(proposals.keys) + known.promises.map(\.round)).sorted().map { round in
      Round(
        round: round.number, proposer: round.proposer,
        promises: round == election.first ? nil : known.promises(for: round),
        proposals: (proposals[round] ?? []).sorted().compactMap { choice in
          known.roster(choice.proposal).map { roster in
            let votes = known.votes(for: choice, roster)
            return Proposal(
              proposal: choice.proposal.hex, changes: roster.differences(from: known.chain.newest).map(\.words),
              allowed: justification.allows(choice), votesNow: votes.now, votesThen: votes.then)
          }
        })
    }
    contradictions = known.contradictions.map {
      Contradiction(coalition: $0.coalition, what: $0.description, proof: Data($0.bytes))
    }
    next = isElector ? Self.next(acts) : []
  }

  /// For `vaka status`.
  public var inShort: NodeStatus.Deciding { .init(roster: roster, awaitsUs: !next.isEmpty) }

  /// Commands, exactly as they are typed, with what they do.
  private static func next(_ acts: RosterActs) -> [String] {
    let number = acts.known.election.number
    let votes = acts.votes
    var next: [String] = []
    if Set(votes.map(\.proposal)).count > 1 {
      next += votes.map { "vaka alliance approve \(number) --proposal \($0.proposal.hex.prefix(12))" }
    } else if !votes.isEmpty {
      next.append("vaka alliance approve \(number)")
    }
    if acts.promise != nil {
      next.append("vaka alliance approve \(number)\(votes.isEmpty ? "" : " --promise")")
    }
    if let answer = acts.ownAnswer, !answer.waits {
      next.append(
        answer.isFree && acts.draft == nil ? "vaka alliance propose" : "vaka alliance propose --continue")
    }
    if acts.known.isEmpty, acts.hasFirstRound { next.append("vaka alliance propose") }
    return next
  }
}
