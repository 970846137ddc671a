internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// Who is in the alliance: members with their identity keys and pinned records, quotas, and hash-key commitments.
public struct Roster: Sendable, Hashable {
  public static let mostMembers = 256
  /// Quotas of roster 1, for each coalition.
  public static let firstQuota = Quota(statements: 10_000_000, liveBytes: 4 << 30)

  public struct Quota: Sendable, Hashable {
    public let statements: UInt64
    public let liveBytes: UInt64
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
  public let number: UInt32
  public let name: String
  public let purpose: WirePurpose
  /// Sorted by coalition.
  public let members: [Member]
  public let hashKeys: [HashKeyCommitment]
  /// Milliseconds since 1970.
  public let issuedAt: UInt64
  /// UTC day since 1970; 0: never.
  public let expires: UInt32

  public var hash: ObjectHash { signed.hash }
  public var coalitions: [CoalitionID] { members.map(\.coalition) }

  public func member(_ coalition: CoalitionID) -> Member? { members.first { $0.coalition == coalition } }

  /// Reads roster 1; its signatures are counted by `signers`.
  /// - Throws: `Problem` `roster-unreadable` or `roster-malformed`.
  public init(_ signed: SignedObject) throws(Problem) {
    guard signed.body.count <= 256 << 10, let wire = try? WireRoster(serializedBytes: signed.body) else {
      throw Problem("roster-unreadable", "the bytes are not a roster")
    }
    func malformed(_ what: String) -> Problem {
      Problem("roster-malformed", what, object: "roster \(wire.number)")
    }
    guard wire.number == 1, wire.alliance.isEmpty, wire.previous.isEmpty else {
      throw malformed("this version reads roster 1, which names nothing before it")
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
    var hashKeys: [HashKeyCommitment] = []
    for (position, key) in wire.hashKeys.enumerated() {
      guard Int(key.keyEpoch) == position + 1, key.suite == 1, let commitment = ObjectHash(key.commitment) else {
        throw malformed("hash keys count from 1 without a gap, with suite 1 and a 32-byte commitment")
      }
      hashKeys.append(HashKeyCommitment(keyEpoch: key.keyEpoch, commitment: commitment, closes: key.closes))
    }
    guard !hashKeys.isEmpty else { throw malformed("it commits to no hash key") }
    self.signed = signed
    self.members = members
    self.hashKeys = hashKeys
    number = wire.number
    name = wire.name
    purpose = wire.purpose
    issuedAt = wire.issuedAt
    expires = wire.expires
  }

  /// Members whose valid signature stands under the body, sorted.
  public var signers: [CoalitionID] {
    members.filter { signed.isSigned(by: $0.identityKey) }.map(\.coalition)
  }

  /// The body of roster 1 for these founders' cards.
  /// - Throws: `Problem` `founders` if there are fewer than two, or two of one coalition.
  public static func founding(
    name: String, purpose: WirePurpose, records: [MemberRecord], hashKey: HashKeyCommitment, issuedAt: UInt64
  ) throws(Problem) -> [UInt8] {
    let founders = records.sorted { $0.coalition < $1.coalition }
    guard founders.count >= 2 else {
      throw Problem("founders", "an alliance has at least two founders", next: "name every founder's card")
    }
    guard zip(founders, founders.dropFirst()).allSatisfy({ $0.coalition != $1.coalition }) else {
      throw Problem("founders", "two cards are of the same coalition", next: "name each founder's card once")
    }
    var wire = WireRoster()
    wire.number = 1
    wire.name = name
    wire.purpose = purpose
    wire.issuedAt = issuedAt
    wire.members = founders.map { record in
      var member = WireRosterMember()
      member.coalition = record.coalition.rawValue
      member.name = record.name
      member.identityKey = Data(record.identityKey.bytes)
      member.trustDomain = record.trustDomain
      member.recordNumber = record.number
      member.recordHash = Data(record.hash.bytes)
      member.quota.statements = firstQuota.statements
      member.quota.liveBytes = firstQuota.liveBytes
      return member
    }
    var commitment = WireHashKeyCommitment()
    commitment.keyEpoch = hashKey.keyEpoch
    commitment.suite = 1
    commitment.commitment = Data(hashKey.commitment.bytes)
    wire.hashKeys = [commitment]
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("roster-malformed", "the roster cannot be encoded")
    }
    return body
  }
}
