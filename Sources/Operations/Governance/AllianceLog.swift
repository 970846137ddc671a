internal import Alliance
internal import Signing
public import Wire

/// `vaka alliance log`: every roster from the first, verified against the one before, with what it changed and who decided it.
public struct AllianceLog: Sendable, Codable {
  public struct Entry: Sendable, Codable {
    public let roster: UInt32
    public let hash: String
    public let issuedAt: String
    public let members: Int
    public let changes: [String]
    /// Absent for roster 1, which all founders signed.
    public let proposedBy: CoalitionID?
    public let round: UInt32?
    /// Members of the roster before who voted for it; of roster 1, the founders.
    public let signedBy: [CoalitionID]
    /// Members of this roster who voted for it.
    public let votesThen: [CoalitionID]
  }

  public let alliance: String
  public let id: String
  public let fingerprint: String
  public let entries: [Entry]

  /// - Throws: `Problem` `no-alliance`, or what does not hold in the chain.
  public init(_ home: NodeHome) throws(Problem) {
    let file = try home.allianceFile()
    self.init(try file.chain())
  }

  init(_ chain: RosterChain) {
    alliance = chain.newest.name
    id = chain.alliance.hex
    fingerprint = Fingerprint(chain.alliance).description
    var entries = [
      Entry(
        roster: 1, hash: chain.first.hash.hex, issuedAt: Moment.text(chain.first.issuedAt),
        members: chain.first.members.count,
        changes: chain.first.members.map {
          "founded by \($0.coalition) (\($0.name)), identity fingerprint \($0.fingerprint)"
        },
        proposedBy: nil, round: nil, signedBy: chain.first.signers, votesThen: [])
    ]
    var before = chain.first
    for bundle in chain.later {
      entries.append(Self.entry(bundle, after: before, in: chain.alliance))
      before = bundle.roster
    }
    self.entries = entries
  }

  private static func entry(_ bundle: RosterBundle, after before: Roster, in alliance: ObjectHash) -> Entry {
    let (roster, election) = (bundle.roster, Election(after: before, in: alliance))
    let votes = bundle.votes.compactMap { try? election.check($0, for: roster) }
    // The bundle has the votes of one round; of several, the lowest that decided counts.
    let round = Dictionary(grouping: votes, by: \.choice.round)
      .filter { election.isDecided(roster, by: $0.value) }.keys.min()
    let counted = votes.filter { $0.choice.round == round }
    return Entry(
      roster: roster.number, hash: roster.hash.hex, issuedAt: Moment.text(roster.issuedAt),
      members: roster.members.count, changes: roster.differences(from: before).map(\.words),
      proposedBy: round?.proposer, round: round?.number, signedBy: voters(counted, election.electors),
      votesThen: voters(
        counted, Dictionary(roster.members.map { ($0.coalition, $0.identityKey) }) { first, _ in first }))
  }

  private static func voters(_ votes: [RosterVote], _ keys: [CoalitionID: VerifyingKey]) -> [CoalitionID] {
    Set(votes.filter { vote in keys[vote.coalition].map { vote.signed.isSigned(by: $0) } ?? false }.map(\.coalition))
      .sorted()
  }
}
