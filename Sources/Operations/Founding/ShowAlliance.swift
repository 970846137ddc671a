internal import Alliance
internal import Keys
internal import Signing
internal import Store
public import Wire

/// `vaka alliance show`: who is in it by the newest roster, how it decides, and whose signature is missing while it is being founded.
public struct ShowAlliance: Sendable, Codable {
  public struct Member: Sendable, Codable {
    public let coalition: CoalitionID
    public let name: String
    public let identity: String
    public let trustDomain: String
    public let endpoints: [String]
    /// The newest record known here.
    public let record: UInt32
    /// Whether it has signed roster 1; absent for one that came later.
    public let signed: Bool?
    public let statements: UInt64
    public let liveBytes: UInt64
  }

  public struct Former: Sendable, Codable {
    public let coalition: CoalitionID
    public let lastEpoch: UInt32
    /// Whether it has come back; only its later epochs count then.
    public let isMember: Bool
  }

  public struct Key: Sendable, Codable {
    public let epoch: UInt32
    /// The day on which it closes; absent while that is open.
    public let closes: String?
    public let state: String
    /// Whether this node has it.
    public let here: Bool
  }

  public let alliance: String
  public let id: String
  public let fingerprint: String
  public let purpose: String
  public let roster: UInt32
  public let installed: Bool
  public let members: [Member]
  /// How many members' votes decide.
  public let quorum: Int
  /// How many members may be lost before nothing can be decided any more.
  public let mayBeLost: Int
  /// The last day of the roster; absent: none.
  public let expires: String?
  public let retired: [Former]
  public let hashKeys: [Key]
  /// The number of the roster that something is proposed for; absent if nothing is.
  public let proposed: UInt32?

  /// - Parameter now: milliseconds since 1970.
  public init(_ home: NodeHome, now: UInt64) throws {
    let path = home.membership == nil ? home.folder.founding : home.folder.alliance
    guard DurableFile.exists(path) else {
      throw Problem(
        "no-alliance", "this node is in no alliance yet", object: home.folder.path,
        next: "found one with vaka alliance found, or join one with vaka alliance join FILE")
    }
    let file = try AllianceFile.read(text: NodeHome.text(path, "alliance file"), file: path).0
    // A store that cannot be read must not hide who is in the alliance.
    let membership = home.membership.map { (try? home.currentMembership()) ?? $0 }
    let newest = membership?.roster ?? file.roster
    alliance = newest.name
    id = file.alliance.hex
    fingerprint = file.fingerprint.description
    purpose = CodeName.of(newest.purpose)
    roster = newest.number
    installed = home.membership != nil
    let signers = file.signers
    members = newest.members.map { member in
      let record = membership?.record(of: member.coalition) ?? file.records[member.coalition]
      return Member(
        coalition: member.coalition, name: member.name, identity: member.fingerprint.description,
        trustDomain: member.trustDomain, endpoints: record?.endpoints ?? [],
        record: max(record?.number ?? 1, member.recordNumber),
        signed: file.roster.member(member.coalition).map { _ in signers.contains(member.coalition) },
        statements: member.quota.statements, liveBytes: member.quota.liveBytes)
    }
    let quorum = Quorum(of: newest.members.count)
    self.quorum = quorum.size
    mayBeLost = newest.members.count - quorum.size
    expires = newest.expires == 0 ? nil : Day.text(newest.expires)
    retired = newest.retired.map {
      Former(coalition: $0.coalition, lastEpoch: $0.lastEpoch, isMember: newest.member($0.coalition) != nil)
    }
    let today = Day.of(milliseconds: now)
    hashKeys = newest.hashKeys.map { key in
      Key(
        epoch: key.keyEpoch, closes: key.closes == 0 ? nil : Day.text(key.closes),
        state: key.closes == 0 ? "open" : key.closes > today ? "closing" : "closed",
        here: DurableFile.exists(home.folder.hashKey(epoch: key.keyEpoch)))
    }
    proposed = try membership.flatMap { _ in
      let known = try home.deliberation()
      return known.isEmpty ? nil : known.election.number
    }
  }
}
