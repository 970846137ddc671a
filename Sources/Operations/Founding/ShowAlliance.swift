internal import Alliance
internal import Keys
internal import Signing
internal import Store
public import Wire

/// `vaka alliance show`: who is in it, and whose signature is missing while it is being founded.
public struct ShowAlliance: Sendable, Codable {
  public struct Member: Sendable, Codable {
    public let coalition: CoalitionID
    public let name: String
    public let identity: String
    public let trustDomain: String
    public let endpoints: [String]
    public let record: UInt32
    public let signed: Bool
  }

  public let alliance: String
  public let id: String
  public let fingerprint: String
  public let purpose: String
  public let roster: UInt32
  public let installed: Bool
  public let members: [Member]

  public init(_ home: NodeHome) throws(Problem) {
    let path = home.membership == nil ? home.folder.founding : home.folder.alliance
    guard DurableFile.exists(path) else {
      throw Problem(
        "no-alliance", "this node is in no alliance yet", object: home.folder.path,
        next: "found one with vaka alliance found, or join one with vaka alliance join FILE")
    }
    let file = try AllianceFile.read(text: NodeHome.text(path, "alliance file"), file: path).0
    alliance = file.roster.name
    id = file.alliance.hex
    fingerprint = file.fingerprint.description
    purpose = CodeName.of(file.roster.purpose)
    roster = file.roster.number
    installed = home.membership != nil
    let signers = file.signers
    members = file.roster.members.map { member in
      Member(
        coalition: member.coalition, name: member.name, identity: member.fingerprint.description,
        trustDomain: member.trustDomain, endpoints: file.records[member.coalition]?.endpoints ?? [],
        record: member.recordNumber, signed: signers.contains(member.coalition))
    }
  }
}
