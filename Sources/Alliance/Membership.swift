public import Signing
public import Wire

/// The alliance as a node sees it now: the roster in force and every member's record chain.
public struct Membership: Sendable {
  public let alliance: ObjectHash
  /// From the first to the one in force.
  public let rosters: RosterChain
  /// The one in force.
  public let roster: Roster
  /// Of members, and of coalitions that were members once.
  public private(set) var chains: [CoalitionID: RecordChain]

  /// From a complete alliance file, with records that came since.
  /// - Throws: `Problem` `alliance-incomplete` while a founder's signature is missing, or as `RosterChain.appending`.
  public init(_ file: AllianceFile, besides records: [MemberRecord] = []) throws(Problem) {
    self = try Self.make(file, besides: records).membership
  }

  /// The same, with what is missing or contradicts itself, by coalition.
  public static func make(
    _ file: AllianceFile, besides records: [MemberRecord]
  ) throws(Problem) -> (membership: Membership, problems: [CoalitionID: Problem]) {
    guard file.isComplete else {
      throw Problem(
        "alliance-incomplete",
        "the alliance file lacks the signature of \(file.missing.map(\.rawValue).joined(separator: ", "))",
        object: file.roster.name, next: "let them run vaka alliance join on the file, then join it here again")
    }
    return make(try file.chain(), records: file.allRecords + records)
  }

  /// From the rosters and all records known, in any order.
  ///
  /// A member whose records are not all here yet has no chain: its heads wait, and nobody else's do.
  /// - Returns: with it, what is missing or contradicts itself, by coalition.
  public static func make(
    _ rosters: RosterChain, records: [MemberRecord]
  ) -> (membership: Membership, problems: [CoalitionID: Problem]) {
    var (chains, problems) = ([CoalitionID: RecordChain](), [CoalitionID: Problem]())
    for coalition in rosters.newest.coalitions {
      do {
        let (chain, conflict) = try RecordChain.pinned(by: rosters, of: coalition, records: records)
        chains[coalition] = chain
        if let conflict {
          problems[coalition] = Problem(
            "record-conflict", "its identity key signed two records of one number; neither counts",
            object: "record \(conflict) of \(coalition)", next: "a roster that pins one of them settles it")
        }
      } catch {
        problems[coalition] = error
      }
    }
    // Who was removed may come back, and its records go on from those known.
    for coalition in rosters.newest.retired.map(\.coalition) where rosters.newest.member(coalition) == nil {
      chains[coalition] = try? RecordChain.pinned(by: rosters, of: coalition, records: records).chain
    }
    return (Membership(rosters: rosters, chains: chains), problems)
  }

  private init(rosters: RosterChain, chains: [CoalitionID: RecordChain]) {
    alliance = rosters.alliance
    self.rosters = rosters
    roster = rosters.newest
    self.chains = chains
  }

  public func record(of coalition: CoalitionID) -> MemberRecord? { chains[coalition]?.newest }

  public func name(of coalition: CoalitionID) -> String { record(of: coalition)?.name ?? coalition.rawValue }

  /// Adds the records that follow the newest one known; those known already are passed over.
  /// - Throws: `Problem` if one does not follow.
  public mutating func extend(_ coalition: CoalitionID, with records: [MemberRecord]) throws(Problem) -> [MemberRecord]
  {
    guard var chain = chains[coalition] else {
      throw Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
    }
    let tenures = rosters.tenures(of: coalition)
    var added: [MemberRecord] = []
    for record in records.sorted(by: { $0.number < $1.number }) where record.number > chain.newest.number {
      chain = try chain.appending(record, in: alliance, under: tenures)
      added.append(record)
    }
    chains[coalition] = chain
    return added
  }
}
