public import Signing

/// What the roster says of a hash key without showing it.
public struct HashKeyCommitment: Sendable, Hashable {
  public static let nonceBytes = 32

  /// From 1.
  public let keyEpoch: UInt32
  /// SHA-256("vaka/hash-key/1" ‖ nonce ‖ key epoch (4 bytes, big-endian) ‖ key).
  public let commitment: ObjectHash
  /// UTC day since 1970 on which the key closes; 0 while it is open.
  public let closes: UInt32

  public init(keyEpoch: UInt32, commitment: ObjectHash, closes: UInt32) {
    self.keyEpoch = keyEpoch
    self.commitment = commitment
    self.closes = closes
  }

  public init(keyEpoch: UInt32, nonce: [UInt8], key: [UInt8]) {
    self.init(keyEpoch: keyEpoch, commitment: Self.commit(keyEpoch: keyEpoch, nonce: nonce, key: key), closes: 0)
  }

  public func opens(nonce: [UInt8], key: [UInt8]) -> Bool {
    Self.commit(keyEpoch: keyEpoch, nonce: nonce, key: key) == commitment
  }

  private static func commit(keyEpoch: UInt32, nonce: [UInt8], key: [UInt8]) -> ObjectHash {
    ObjectHash(sha256: Array("vaka/hash-key/1".utf8), nonce, withUnsafeBytes(of: keyEpoch.bigEndian) { Array($0) }, key)
  }
}
