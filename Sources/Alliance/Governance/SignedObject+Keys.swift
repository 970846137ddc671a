internal import FoundationEssentials
internal import Signing
internal import SwiftProtobuf
internal import Wire

extension SignedObject {
  /// With one valid signature of each of these keys that signs it, the same from whatever copies; nil if none does.
  ///
  /// Who holds a key can make many valid signatures of one body, so the one with the lowest bytes is kept.
  func keeping(_ keys: [VerifyingKey]) -> SignedObject? {
    let message = type.preAuthenticationEncoding(of: body)
    let kept = Set(keys).sorted { $0.keyID.lexicographicallyPrecedes($1.keyID) }.compactMap { key in
      let keyID = Data(key.keyID)
      return signatures.prefix(Self.mostSignatures)
        .filter {
          $0.algorithm == .ed25519 && $0.keyID == keyID && key.isValid(signature: Array($0.bytes), for: message)
        }
        .min { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        .map { signature in
          // A signature is its three fields; what a later version may add to it is not signed.
          var plain = signature
          plain.unknownFields = .init()
          return plain
        }
    }
    return kept.isEmpty ? nil : SignedObject(type: type, body: body, signatures: kept)
  }

  /// The signatures of two copies of one body.
  func uniting(_ other: SignedObject, keys: [VerifyingKey]) -> SignedObject {
    SignedObject(type: type, body: body, signatures: signatures + other.signatures).keeping(keys) ?? self
  }

  /// Which of two objects is kept where one suffices.
  func precedes(_ other: SignedObject) -> Bool { body.lexicographicallyPrecedes(other.body) }
}
