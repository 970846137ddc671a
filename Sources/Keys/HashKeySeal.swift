public import Alliance
internal import Crypto
internal import FoundationEssentials
public import Signing
public import Wire

/// Sealing a hash key to a member: HPKE (RFC 9180) base mode, X25519-HKDF-SHA256, HKDF-SHA256, AES-256-GCM.
public enum HashKeySeal {
  static let suite = HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
  static let info = Data("vaka/hash-key/1".utf8)

  static func authenticated(_ alliance: ObjectHash, _ keyEpoch: UInt32, _ recipient: CoalitionID) -> Data {
    Data(alliance.bytes + withUnsafeBytes(of: keyEpoch.bigEndian) { Array($0) } + Array(recipient.rawValue.utf8))
  }

  /// - Throws: `Problem` `hash-key-not-sealed` if the record's sealing key is no X25519 key.
  public static func seal(
    nonce: [UInt8], key: [UInt8], keyEpoch: UInt32, to record: MemberRecord, in alliance: ObjectHash
  ) throws(Problem) -> SealedHashKey {
    do {
      let recipient = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: record.sealingKey)
      var sender = try HPKE.Sender(recipientKey: recipient, ciphersuite: suite, info: info)
      let ciphertext = try sender.seal(
        Data(nonce + key), authenticating: authenticated(alliance, keyEpoch, record.coalition))
      return SealedHashKey(
        recipient: record.coalition, keyEpoch: keyEpoch, encapsulatedKey: Array(sender.encapsulatedKey),
        ciphertext: Array(ciphertext))
    } catch {
      throw Problem(
        "hash-key-not-sealed", "the hash key cannot be sealed to this member: \(error)",
        object: record.coalition.rawValue, next: "ask for its card again")
    }
  }
}
