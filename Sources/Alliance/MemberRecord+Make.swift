internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

extension MemberRecord {
  /// The first record of a coalition, made by `init` and pinned by roster 1.
  /// - Throws: `Problem` as `init(_:)`, if a value is not what a reader would accept.
  public static func first(
    coalition: CoalitionID, name: String, trustDomain: String, identity: SigningKey, signing: VerifyingKey,
    sealingKey: [UInt8], authority: [UInt8], endpoints: [String]
  ) throws(Problem) -> MemberRecord {
    var wire = WireMemberRecord()
    wire.coalition = coalition.rawValue
    wire.name = name
    wire.number = 1
    wire.identityKey = Data(identity.verifyingKey.bytes)
    wire.trustDomain = trustDomain
    var epoch = WireSigningEpoch()
    epoch.number = 1
    epoch.suite = 1
    epoch.key = Data(signing.bytes)
    wire.epochs = [epoch]
    wire.authorities = [Data(authority)]
    wire.sealingKey = Data(sealingKey)
    wire.endpoints = endpoints
    wire.protocolLowest = 1
    wire.protocolHighest = 1
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("record-malformed", "the record cannot be encoded", object: coalition.rawValue)
    }
    return try MemberRecord(SignedObject(type: .record, body: body, key: identity))
  }
}
