internal import Alliance
internal import Keys
public import Wire

/// `vaka list show`: what a member's copy says of itself, checked against its signature; it is not opened.
public struct ShowList: Sendable, Codable {
  public let coalition: CoalitionID
  public let name: String
  /// Of the identity key that vouches for the signature.
  public let identity: String
  public let member: String
  public let madeAt: String
  public let entries: UInt64
  public let policy: String

  /// - Throws: `Problem` `not-a-list`, `list-altered`, or what the file system says.
  public static func run(_ path: String) throws -> ShowList {
    let file = try MemberListFile(bytes: DurableFile.read(path, noun: "list", atMost: 2 << 30), file: path)
    let newest = file.records.newest
    return ShowList(
      coalition: newest.coalition, name: newest.name, identity: newest.fingerprint.description,
      member: file.head.member.rawValue, madeAt: Moment.text(file.head.madeAt), entries: file.head.entries,
      policy: file.head.policy)
  }
}
