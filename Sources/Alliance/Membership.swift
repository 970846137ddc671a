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
  /// Members whose chains cannot go on, because two records follow.
  public private(set) var conflicts: [CoalitionID: RecordConflict]

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
    var conflicts: [CoalitionID: RecordConflict] = [:]
    for coalition in rosters.newest.coalitions {
      do {
        let (chain, conflict) = try RecordChain.pinned(by: rosters, of: coalition, records: records)
        chains[coalition] = chain
        if let conflict { (conflicts[coalition], problems[coalition]) = (conflict, conflict.problem) }
      } catch {
        problems[coalition] = error
      }
    }
    // Who was removed may come back, and its records go on from those known.
    for coalition in rosters.newest.retired.map(\.coalition) where rosters.newest.member(coalition) == nil {
      chains[coalition] = try? RecordChain.pinned(by: rosters, of: coalition, records: records).chain
    }
    return (Membership(rosters: rosters, chains: chains, conflicts: conflicts), problems)
  }

  private init(
    rosters: RosterChain, chains: [CoalitionID: RecordChain], conflicts: [CoalitionID: RecordConflict]
  ) {
    alliance = rosters.alliance
    self.rosters = rosters
    roster = rosters.newest
    self.chains = chains
    self.conflicts = conflicts
  }

  public func record(of coalition: CoalitionID) -> MemberRecord? { chains[coalition]?.newest }

  public func name(of coalition: CoalitionID) -> String { record(of: coalition)?.name ?? coalition.rawValue }

  /// Adds records of a coalition's own making that follow the newest one known; those known already are passed over.
  /// - Throws: `Problem` if one does not follow, or `record-conflict` while two follow.
  public mutating func extend(_ coalition: CoalitionID, with records: [MemberRecord]) throws(Problem) -> [MemberRecord]
  {
    guard var chain = chains[coalition] else {
      throw Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
    }
    let tenures = rosters.tenures(of: coalition)
    var added: [MemberRecord] = []
    for record in records.sorted(by: { $0.number < $1.number }) where record.number > chain.newest.number {
      if let conflict = conflicts[coalition] { throw conflict.problem }
      try chain.append(record, in: alliance, under: tenures)
      added.append(record)
    }
    chains[coalition] = chain
    return added
  }

  /// What became of records that somebody showed.
  public struct Taking: Sendable {
    /// With them.
    public let membership: Membership
    /// Those that are new here and say something, a contradiction included: to be kept, and then passed on.
    public let added: [MemberRecord]
    /// Why the first of the others does not follow; nil if nothing is wrong with them.
    public let refused: Problem?
  }

  /// Takes records as others show them: they may lead on from what is known, or contradict it.
  ///
  /// Of two that follow one record neither counts, whichever came first: so everybody comes to the same view.
  /// - Throws: `Problem` `not-in-roster`, or as `RecordChain.pinned`.
  public func taking(_ records: [MemberRecord], of coalition: CoalitionID) throws(Problem) -> Taking {
    guard let chain = chains[coalition] else {
      throw Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
    }
    let known = chain.records + (conflicts[coalition]?.records ?? [])
    let names = Set(known.map(\.hash))
    // What a roster has settled stays; past two that contradict each other nothing counts, and a third adds nothing.
    let settled = rosters.pin(of: coalition)?.recordNumber ?? 0
    let end = conflicts[coalition]?.number ?? .max
    let fresh = records.filter {
      $0.coalition == coalition && $0.number > settled && $0.number < end && !names.contains($0.hash)
    }
    guard !fresh.isEmpty else { return Taking(membership: self, added: [], refused: nil) }
    let (longer, conflict) = try RecordChain.pinned(by: rosters, of: coalition, records: known + fresh)
    var membership = self
    membership.chains[coalition] = longer
    membership.conflicts[coalition] = conflict
    let added = (longer.records + (conflict?.records ?? [])).filter { !names.contains($0.hash) }
    var refused: Problem?
    let rest = Set(fresh).subtracting(added)
    if conflict == nil, let next = rest.min(by: { ($0.number, $0.hash) < ($1.number, $1.hash) }) {
      do { _ = try longer.appending(next, in: alliance, under: rosters.tenures(of: coalition)) } catch {
        refused = error
      }
    }
    return Taking(membership: membership, added: added, refused: refused)
  }
}
