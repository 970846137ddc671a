internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// Who is in the alliance: members with their identity keys and pinned records, quotas, and hash-key commitments.
public struct Roster: Sendable, Hashable {
  public static let mostMembers = 256
  /// More hash keys than a century of removals needs.
  public static let mostHashKeys = 1_024
  /// The highest quota of statements, and of live bytes.
  public static let mostQuota: UInt64 = 1 << 40
  /// Quotas of roster 1, for each coalition.
  public static let firstQuota = Quota(statements: 10_000_000, liveBytes: 4 << 30)

  public struct Quota: Sendable, Hashable {
    public let statements: UInt64
    public let liveBytes: UInt64

    public init(statements: UInt64, liveBytes: UInt64) {
      self.statements = statements
      self.liveBytes = liveBytes
    }
  }

  /// A coalition that was a member. It stays here for ever: if it comes back, only later epochs of it count.
  public struct Retired: Sendable, Hashable {
    public let coalition: CoalitionID
    public let lastEpoch: UInt32
  }

  public struct Member: Sendable, Hashable {
    public let coalition: CoalitionID
    public let name: String
    public let identityKey: VerifyingKey
    public let trustDomain: String
    public let recordNumber: UInt32
    public let recordHash: ObjectHash
    public let quota: Quota

    public var fingerprint: Fingerprint { Fingerprint(identity: identityKey, of: coalition) }
  }

  public let signed: SignedObject
  /// The alliance id; nil in roster 1, whose hash it is.
  public let alliance: ObjectHash?
  public let number: UInt32
  /// Hash of the roster before; nil in roster 1.
  public let previous: ObjectHash?
  public let name: String
  public let purpose: WirePurpose
  /// Sorted by coalition.
  public let members: [Member]
  /// Sorted by coalition.
  public let retired: [Retired]
  public let hashKeys: [HashKeyCommitment]
  /// Milliseconds since 1970.
  public let issuedAt: UInt64
  /// UTC day since 1970; 0: never.
  public let expires: UInt32

  public var hash: ObjectHash { signed.hash }
  public var coalitions: [CoalitionID] { members.map(\.coalition) }

  public func member(_ coalition: CoalitionID) -> Member? { members.first { $0.coalition == coalition } }

  /// The last epoch of a coalition that was removed once; 0 for any other.
  public func retiredEpoch(of coalition: CoalitionID) -> UInt32 {
    retired.first { $0.coalition == coalition }?.lastEpoch ?? 0
  }

  /// Reads a roster. Signatures of roster 1 are counted by `signers`; a later one is judged by `RosterChain`.
  /// - Throws: `Problem` `roster-unreadable` or `roster-malformed`.
  public init(_ signed: SignedObject) throws(Problem) {
    guard signed.body.count <= 256 << 10, let wire = try? WireRoster(serializedBytes: signed.body) else {
      throw Problem("roster-unreadable", "the bytes are not a roster")
    }
    func malformed(_ what: String) -> Problem {
      Problem("roster-malformed", what, object: "roster \(wire.number)")
    }
    if wire.number == 1 {
      guard wire.alliance.isEmpty, wire.previous.isEmpty, wire.retired.isEmpty else {
        throw malformed("roster 1 names nothing before it")
      }
      alliance = nil
      previous = nil
    } else {
      guard wire.number >= 1, let alliance = ObjectHash(wire.alliance), let previous = ObjectHash(wire.previous) else {
        throw malformed("a later roster names its alliance and the roster before it")
      }
      self.alliance = alliance
      self.previous = previous
    }
    guard MemberRecord.isName(wire.name) else { throw malformed("a name is 1 to 120 printable characters") }
    guard WirePurpose.allCases.contains(wire.purpose), wire.purpose != .unspecified else {
      throw malformed("its purpose is production, exercise or demo")
    }
    guard (1...Self.mostMembers).contains(wire.members.count) else { throw malformed("1 to 256 members") }
    var members: [Member] = []
    for member in wire.members {
      guard let coalition = CoalitionID(member.coalition), let identityKey = VerifyingKey(member.identityKey),
        let recordHash = ObjectHash(member.recordHash), MemberRecord.isName(member.name),
        TrustDomain.isValid(member.trustDomain), member.recordNumber >= 1
      else { throw malformed("a member lacks its id, name, key, trust domain or record") }
      members.append(
        Member(
          coalition: coalition, name: member.name, identityKey: identityKey, trustDomain: member.trustDomain,
          recordNumber: member.recordNumber, recordHash: recordHash,
          quota: Quota(statements: member.quota.statements, liveBytes: member.quota.liveBytes)))
    }
    guard zip(members, members.dropFirst()).allSatisfy({ $0.coalition < $1.coalition }) else {
      throw malformed("members are sorted by coalition and stand once")
    }
    guard Set(members.map(\.trustDomain)).count == members.count,
      Set(members.map(\.identityKey)).count == members.count
    else { throw malformed("two members share a trust domain or an identity key") }
    retired = try Self.retired(wire.retired, malformed)
    hashKeys = try Self.hashKeys(wire.hashKeys, malformed)
    self.signed = signed
    self.members = members
    number = wire.number
    name = wire.name
    purpose = wire.purpose
    issuedAt = wire.issuedAt
    expires = wire.expires
  }

  private static func retired(
    _ wire: [WireRetiredCoalition], _ malformed: (String) -> Problem
  ) throws(Problem) -> [Retired] {
    var retired: [Retired] = []
    for entry in wire {
      guard let coalition = CoalitionID(entry.coalition), entry.lastEpoch >= 1,
        retired.last.map({ $0.coalition < coalition }) ?? true
      else { throw malformed("retired coalitions are sorted, each once, with their last epoch") }
      retired.append(Retired(coalition: coalition, lastEpoch: entry.lastEpoch))
    }
    return retired
  }

  private static func hashKeys(
    _ wire: [WireHashKeyCommitment], _ malformed: (String) -> Problem
  ) throws(Problem) -> [HashKeyCommitment] {
    var hashKeys: [HashKeyCommitment] = []
    for (position, key) in wire.prefix(mostHashKeys + 1).enumerated() {
      guard position < mostHashKeys, Int(key.keyEpoch) == position + 1, key.suite == 1,
        let commitment = ObjectHash(key.commitment)
      else { throw malformed("hash keys count from 1 without a gap, with suite 1 and a 32-byte commitment") }
      hashKeys.append(HashKeyCommitment(keyEpoch: key.keyEpoch, commitment: commitment, closes: key.closes))
    }
    guard !hashKeys.isEmpty else { throw malformed("it commits to no hash key") }
    return hashKeys
  }

  /// Members whose valid signature stands under the body, sorted.
  public var signers: [CoalitionID] {
    members.filter { signed.isSigned(by: $0.identityKey) }.map(\.coalition)
  }
}
