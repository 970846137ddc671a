internal import FoundationEssentials
internal import SwiftProtobuf
public import Wire

/// A body with its signatures, kept as the bytes that were received, and its name.
///
/// Two objects differ if their bodies differ, never by signature: equality and hash look at type and body alone.
public struct SignedObject: Sendable, Hashable {
  /// More signatures than this are not looked at.
  public static let mostSignatures = 64

  public let type: SignedType
  public let body: [UInt8]
  public let signatures: [WireSignature]
  public let hash: ObjectHash

  public init(type: SignedType, body: [UInt8], signatures: [WireSignature]) {
    self.type = type
    self.body = body
    self.signatures = signatures
    hash = type.hash(of: body)
  }

  public init(type: SignedType, wire: WireSigned) {
    self.init(type: type, body: Array(wire.body), signatures: wire.signatures)
  }

  /// Signs a body with one key.
  public init(type: SignedType, body: [UInt8], key: SigningKey) throws(Problem) {
    self.init(type: type, body: body, signatures: [try key.sign(type, body: body)])
  }

  public var wire: WireSigned {
    var wire = WireSigned()
    wire.body = Data(body)
    wire.signatures = signatures
    return wire
  }

  /// Whether at least one signature is this key's and valid. Other signatures are ignored.
  public func isSigned(by key: VerifyingKey) -> Bool {
    let keyID = Data(key.keyID)
    let message = type.preAuthenticationEncoding(of: body)
    return signatures.prefix(Self.mostSignatures).contains { signature in
      signature.algorithm == .ed25519 && signature.keyID == keyID
        && key.isValid(signature: Array(signature.bytes), for: message)
    }
  }

  public static func == (left: SignedObject, right: SignedObject) -> Bool {
    left.type == right.type && left.body == right.body
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
