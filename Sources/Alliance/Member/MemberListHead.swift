internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// What a coalition signs of a list that it made for one member: for whom, when, by which rules, and the hash of what is sealed.
public struct MemberListHead: Sendable, Hashable {
  public let alliance: ObjectHash
  public let coalition: CoalitionID
  /// Of the signing key.
  public let epoch: UInt32
  /// Milliseconds since 1970.
  public let madeAt: UInt64
  public let member: MemberID
  public let memberKey: [UInt8]
  /// HPKE (RFC 9180), 32 bytes.
  public let encapsulatedKey: [UInt8]
  public let parts: Int
  public let partsHash: ObjectHash
  public let entries: UInt64
  /// The name of the policy that ceilings were judged by.
  public let policy: String
  /// Other coalitions, and how many had not been heard for six minutes.
  public let peers: Int
  public let stalePeers: Int
  /// Coalitions kept at an older head.
  public let held: [CoalitionID]
  /// Milliseconds since 1970: when any peer had last answered; nil if none ever had.
  public let heardAt: UInt64?

  public init(
    alliance: ObjectHash, coalition: CoalitionID, epoch: UInt32, madeAt: UInt64, card: MemberCard,
    encapsulatedKey: [UInt8], parts: [[UInt8]], entries: UInt64, policy: String, peers: Int, stalePeers: Int,
    held: [CoalitionID], heardAt: UInt64?
  ) {
    self.alliance = alliance
    self.coalition = coalition
    self.epoch = epoch
    self.madeAt = madeAt
    member = card.member
    memberKey = card.sealingKey
    self.encapsulatedKey = encapsulatedKey
    self.parts = parts.count
    partsHash = Self.hash(of: parts)
    self.entries = entries
    self.policy = policy
    self.peers = peers
    self.stalePeers = stalePeers
    self.held = held
    self.heardAt = heardAt
  }

  /// Nil if the body is not one.
  public init?(body: [UInt8]) {
    guard let wire = try? WireMemberListHead(serializedBytes: body), let alliance = ObjectHash(wire.alliance),
      let coalition = CoalitionID(wire.coalition), wire.epoch >= 1, let member = MemberID(wire.member),
      wire.memberKey.count == 32, wire.encapsulatedKey.count == 32, let partsHash = ObjectHash(wire.partsHash),
      MemberRecord.isName(wire.policy)
    else { return nil }
    self.alliance = alliance
    self.coalition = coalition
    epoch = wire.epoch
    madeAt = wire.madeAt
    self.member = member
    memberKey = Array(wire.memberKey)
    encapsulatedKey = Array(wire.encapsulatedKey)
    parts = Int(wire.parts)
    self.partsHash = partsHash
    entries = wire.entries
    policy = wire.policy
    peers = Int(wire.peers)
    stalePeers = Int(wire.stalePeers)
    held = wire.held.compactMap { CoalitionID($0) }
    heardAt = wire.hasHeardAt ? wire.heardAt : nil
  }

  /// - Throws: `Problem` `signing-failed`.
  public func signed(by key: SigningKey) throws(Problem) -> SignedObject {
    var wire = WireMemberListHead()
    wire.alliance = Data(alliance.bytes)
    wire.coalition = coalition.rawValue
    wire.epoch = epoch
    wire.madeAt = madeAt
    wire.member = member.rawValue
    wire.memberKey = Data(memberKey)
    wire.encapsulatedKey = Data(encapsulatedKey)
    wire.parts = UInt32(clamping: parts)
    wire.partsHash = Data(partsHash.bytes)
    wire.entries = entries
    wire.policy = policy
    wire.peers = UInt32(clamping: peers)
    wire.stalePeers = UInt32(clamping: stalePeers)
    wire.held = held.map(\.rawValue)
    if let heardAt { wire.heardAt = heardAt }
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("signing-failed", "the list's head cannot be encoded", object: member.rawValue)
    }
    return try SignedObject(type: .memberList, body: body, key: key)
  }

  /// SHA-256 of the SHA-256 of each part.
  public static func hash(of parts: [[UInt8]]) -> ObjectHash {
    ObjectHash(sha256: parts.flatMap { ObjectHash(sha256: $0).bytes })
  }
}
