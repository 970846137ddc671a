import Alliance
import AllianceBench
import Seeded
import Signing
import Testing
import Wire

/// Members of an alliance with their hands on a common table: what each signs is kept and lies there for all.
struct Council {
  var chain: RosterChain
  var known: Deliberation
  /// Current identity keys.
  var identities: [CoalitionID: SigningKey]
  /// The newest record of each.
  var records: [CoalitionID: MemberRecord]
  /// What each was told to keep last.
  var kept: [CoalitionID: [UInt8]] = [:]
  var random: SeededRandom

  init(_ names: [String] = ["dk", "no", "se", "us"], seed: UInt64) throws {
    random = SeededRandom(seed: seed)
    let alliance = try FoundedAlliance(names, random: &random)
    chain = alliance.membership.rosters
    known = Deliberation(after: chain)
    identities = alliance.identities
    records = Dictionary(uniqueKeysWithValues: alliance.records.map { ($0.coalition, $0) })
  }

  var members: [CoalitionID] { chain.newest.coalitions }

  func signer(_ member: CoalitionID) throws -> RosterSigner {
    try RosterSigner(member, after: chain, kept: kept[member])
  }

  /// Promises a round as this member.
  @discardableResult mutating func promise(_ member: CoalitionID, _ round: RosterRound) throws -> RosterPromise {
    var signer = try signer(member)
    kept[member] = try signer.promise(round, knowing: known, identity: #require(identities[member]))
    guard case .promise(let promise)? = signer.kept() else { throw Problem("test", "no promise") }
    try known.add(promise)
    return promise
  }

  @discardableResult
  mutating func propose(_ member: CoalitionID, _ roster: Roster, _ round: RosterRound) throws -> Ballot {
    var signer = try signer(member)
    kept[member] = try signer.propose(
      roster, in: round, knowing: known, identities: [#require(identities[member])])
    return try lay(&signer)
  }

  @discardableResult
  mutating func vote(_ member: CoalitionID, _ choice: RosterChoice, keys: [SigningKey]? = nil) throws -> Ballot {
    var signer = try signer(member)
    let identities = try keys ?? [#require(identities[member])]
    kept[member] = try signer.vote(for: choice, knowing: known, identities: identities)
    return try lay(&signer)
  }

  private mutating func lay(_ signer: inout RosterSigner) throws -> Ballot {
    guard case .vote(let ballot)? = signer.kept() else { throw Problem("test", "no vote") }
    try known.add(ballot)
    return ballot
  }

  /// The member in turn proposes, and these vote.
  mutating func decide(_ roster: Roster, voters: [CoalitionID]? = nil) throws {
    let ballot = try propose(known.election.first.proposer, roster, known.election.first)
    for voter in voters ?? members where voter != ballot.coalition { try vote(voter, ballot.choice) }
    try install()
  }

  /// Puts what is decided in force.
  mutating func install() throws {
    chain = try chain.appending(RosterBundle(bytes: #require(known.decided).bytes))
    known = Deliberation(after: chain)
  }

  mutating func newcomer(_ name: String) throws -> MemberRecord {
    let coalition = try #require(CoalitionID(name))
    let identity = try SigningKey(seed: random.bytes(32))
    identities[coalition] = identity
    let record = try MemberRecord.first(
      coalition: coalition, name: "Demo \(name)", trustDomain: "\(name).example.org", identity: identity,
      signing: SigningKey(seed: random.bytes(32)).verifyingKey, sealingKey: random.bytes(32), authority: [0x30, 0x00],
      endpoints: ["\(name).example.org:7473"])
    records[coalition] = record
    return record
  }

  mutating func admitting(_ name: String) throws -> Roster {
    var change = RosterChange()
    change.admits = [try newcomer(name)]
    return try chain.next(change, issuedAt: 5)
  }

  /// Only renames the alliance: rosters that differ in nothing that matters to a test.
  func renamed(_ name: String) throws -> Roster {
    var change = RosterChange()
    change.allianceName = name
    return try chain.next(change, issuedAt: 5)
  }
}
