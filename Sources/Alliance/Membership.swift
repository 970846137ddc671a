public import Signing
public import Wire

/// The alliance as a node sees it now: the roster in force and every member's record chain.
public struct Membership: Sendable {
  public let alliance: ObjectHash
  public let roster: Roster
  public private(set) var chains: [CoalitionID: RecordChain]

  /// From a complete alliance file.
  /// - Throws: `Problem` `alliance-incomplete` while a founder's signature is missing.
  public init(_ file: AllianceFile) throws(Problem) {
    guard file.isComplete else {
      throw Problem(
        "alliance-incomplete",
        "the alliance file lacks the signature of \(file.missing.map(\.rawValue).joined(separator: ", "))",
        object: file.roster.name, next: "let them run vaka alliance join on the file, then join it here again")
    }
    alliance = file.alliance
    roster = file.roster
    chains = [:]
    for (coalition, record) in file.records { chains[coalition] = try RecordChain(first: record) }
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
    var added: [MemberRecord] = []
    for record in records.sorted(by: { $0.number < $1.number }) where record.number > chain.newest.number {
      chain = try chain.appending(record, in: alliance)
      added.append(record)
    }
    chains[coalition] = chain
    return added
  }
}
