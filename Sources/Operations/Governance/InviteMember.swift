public import Alliance
internal import Keys
public import Wire

/// `vaka alliance invite`: the alliance file for somebody whom a roster has admitted, with all rosters and all records.
public enum InviteMember {
  /// - Parameter coalition: for whom it is; nil: whoever is a member.
  /// - Throws: `Problem` `not-in-roster` if no roster has admitted it yet.
  public static func run(_ home: NodeHome, for coalition: CoalitionID?) throws -> AllianceFile {
    let file = try file(home)
    if let coalition, try file.chain().newest.member(coalition) == nil {
      throw Problem(
        "not-in-roster", "no member of this alliance yet", object: coalition.rawValue,
        next: "propose it, with its card: vaka alliance propose --admit CARD; see vaka alliance proposals")
    }
    return file.invitation
  }

  /// The alliance file with every record of every member that is known here.
  static func file(_ home: NodeHome) throws -> AllianceFile {
    let membership = try home.currentMembership()
    let records = membership.chains.sorted { $0.key < $1.key }.flatMap(\.value.records)
    return try home.allianceFile().with(records: records)
  }
}
