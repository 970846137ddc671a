internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// What changes from one record to the next; everything else, fields of later versions included, stays as it was.
public struct RecordChange: Sendable {
  /// A new signing key, whose epoch goes on from this head; nil: from the empty position.
  public struct Epoch: Sendable {
    public let key: VerifyingKey
    public let continues: SigningEpoch.Continuation?

    public init(key: VerifyingKey, continues: SigningEpoch.Continuation?) {
      self.key = key
      self.continues = continues
    }
  }

  public var epoch: Epoch?
  /// CA certificates, DER, in the place of those before.
  public var authorities: [[UInt8]]?
  /// Serial numbers that are taken back besides those that were.
  public var revokedSerials: [[UInt8]]
  /// X25519, 32 bytes.
  public var sealingKey: [UInt8]?
  /// `host:port`.
  public var endpoints: [String]?

  public init(
    epoch: Epoch? = nil, authorities: [[UInt8]]? = nil, revokedSerials: [[UInt8]] = [], sealingKey: [UInt8]? = nil,
    endpoints: [String]? = nil
  ) {
    self.revokedSerials = revokedSerials
    self.epoch = epoch
    self.authorities = authorities
    self.sealingKey = sealingKey
    self.endpoints = endpoints
  }
}

extension MemberRecord {
  /// The record that follows this one, signed by the identity key.
  /// - Throws: `Problem` as `init(_:)`, if a value is not what a reader would accept.
  public func next(
    _ change: RecordChange, in alliance: ObjectHash, identity: SigningKey
  ) throws(Problem) -> MemberRecord {
    func malformed(_ what: String) -> Problem {
      Problem("record-malformed", what, object: "record \(number) of \(coalition)")
    }
    guard var wire = try? WireMemberRecord(serializedBytes: signed.body) else {
      throw malformed("the record cannot be read again")
    }
    wire.alliance = Data(alliance.bytes)
    wire.number = number + 1
    // Another one than before if a roster has given the coalition a new key.
    wire.identityKey = Data(identity.verifyingKey.bytes)
    wire.previous = Data(hash.bytes)
    if let epoch = change.epoch {
      var opened = WireSigningEpoch()
      opened.number = UInt32(epochs.count + 1)
      opened.suite = 1
      opened.key = Data(epoch.key.bytes)
      if let continues = epoch.continues {
        opened.continues.epoch = continues.epoch
        opened.continues.index = continues.index
        opened.continues.headHash = Data(continues.hash.bytes)
      }
      wire.epochs.append(opened)
    }
    if let authorities = change.authorities { wire.authorities = authorities.map { Data($0) } }
    for serial in change.revokedSerials where !revokedSerials.contains(serial) {
      wire.revokedSerials.append(Data(serial))
    }
    if let sealingKey = change.sealingKey { wire.sealingKey = Data(sealingKey) }
    if let endpoints = change.endpoints { wire.endpoints = endpoints }
    guard let body: [UInt8] = try? wire.serializedBytes() else { throw malformed("the next record cannot be encoded") }
    return try MemberRecord(SignedObject(type: .record, body: body, key: identity))
  }
}
