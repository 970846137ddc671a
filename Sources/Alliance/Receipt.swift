internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// A coalition's signed claim to have applied certain heads: what "44 of 46 hold your withdrawal" stands on.
public struct Receipt: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public let coalition: CoalitionID
    public let epoch: UInt32
    public let index: UInt64
    public let headHash: ObjectHash
    public let state: WirePositionState

    public init(
      coalition: CoalitionID, epoch: UInt32, index: UInt64, headHash: ObjectHash, state: WirePositionState
    ) {
      self.coalition = coalition
      self.epoch = epoch
      self.index = index
      self.headHash = headHash
      self.state = state
    }
  }

  public let signed: SignedObject
  public let alliance: ObjectHash
  public let coalition: CoalitionID
  public let epoch: UInt32
  /// Increasing within the epoch; the newest receipt has the highest epoch and number.
  public let number: UInt64
  /// Milliseconds since 1970, for display only.
  public let signedAt: UInt64
  public let entries: [Entry]

  /// Parses a receipt; the signature is checked by `isSigned`.
  /// - Throws: `Problem` `receipt-unreadable`.
  public init(_ signed: SignedObject) throws(Problem) {
    guard signed.body.count <= 64 << 10, let wire = try? WireReceipt(serializedBytes: signed.body),
      let alliance = ObjectHash(wire.alliance), let coalition = CoalitionID(wire.coalition),
      wire.entries.count <= Roster.mostMembers
    else { throw Problem("receipt-unreadable", "the bytes are not a receipt") }
    var entries: [Entry] = []
    for entry in wire.entries {
      guard let of = CoalitionID(entry.coalition), let hash = ObjectHash(entry.headHash) else {
        throw Problem("receipt-unreadable", "an entry names no coalition or head", object: coalition.rawValue)
      }
      entries.append(
        Entry(coalition: of, epoch: entry.epoch, index: entry.index, headHash: hash, state: entry.state))
    }
    self.signed = signed
    self.alliance = alliance
    self.coalition = coalition
    self.entries = entries
    epoch = wire.epoch
    number = wire.number
    signedAt = wire.signedAt
  }

  /// Signs a receipt for the heads applied.
  public static func make(
    alliance: ObjectHash, coalition: CoalitionID, epoch: UInt32, number: UInt64, signedAt: UInt64, entries: [Entry],
    key: SigningKey
  ) throws(Problem) -> Receipt {
    var wire = WireReceipt()
    wire.alliance = Data(alliance.bytes)
    wire.coalition = coalition.rawValue
    wire.epoch = epoch
    wire.number = number
    wire.signedAt = signedAt
    wire.entries = entries.sorted { $0.coalition < $1.coalition }.map { entry in
      var wire = WireReceiptEntry()
      wire.coalition = entry.coalition.rawValue
      wire.epoch = entry.epoch
      wire.index = entry.index
      wire.headHash = Data(entry.headHash.bytes)
      wire.state = entry.state
      return wire
    }
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("receipt-unreadable", "the receipt cannot be encoded", object: coalition.rawValue)
    }
    return try Receipt(SignedObject(type: .receipt, body: body, key: key))
  }

  /// Whether the key of its epoch, as the coalition's record chain names it, signs this receipt in this alliance.
  public func isValid(in membership: Membership) -> Bool {
    guard alliance == membership.alliance,
      planted(.retiredReceiptsCount)
        || (membership.roster.member(coalition) != nil && epoch > membership.roster.retiredEpoch(of: coalition)),
      let record = membership.record(of: coalition),
      let key = record.epochs.first(where: { $0.number == epoch })?.key
    else { return false }
    if planted(.pooledAuthorities) {
      return membership.chains.values.contains { chain in
        chain.newest.epochs.contains { signed.isSigned(by: $0.key) }
      }
    }
    return signed.isSigned(by: key)
  }

  public func isNewer(than other: Receipt?) -> Bool {
    guard let other else { return true }
    return (epoch, number) > (other.epoch, other.number)
  }

  public func entry(of coalition: CoalitionID) -> Entry? { entries.first { $0.coalition == coalition } }
}
