import Alliance
import AllianceBench
import CertificateBench
import Indicators
import Keys
import Seeded
import Signing
import Testing
import Wire

/// A hash key on its way to one member.
@Suite struct HashKeySealTests {
  private let folder: TemporaryFolder
  private let alliance = ObjectHash(sha256: [1])
  private let sealing = SealingKey()
  private let record: MemberRecord
  private let nonce = [UInt8](repeating: 3, count: 32)
  private let key = [UInt8](repeating: 4, count: 32)

  init() throws {
    folder = try TemporaryFolder()
    record = try Self.record("no", sealingKey: sealing.publicKey)
  }

  private static func record(_ coalition: String, sealingKey: [UInt8]) throws -> MemberRecord {
    try MemberRecord.first(
      coalition: try #require(CoalitionID(coalition)), name: "Demo", trustDomain: "\(coalition).example.org",
      identity: SigningKey(seed: [UInt8](repeating: 1, count: 32)),
      signing: SigningKey(seed: [UInt8](repeating: 2, count: 32)).verifyingKey, sealingKey: sealingKey,
      authority: [0x30, 0], endpoints: ["127.0.0.1:7473"])
  }

  private func open(
    _ sealed: SealedHashKey, in other: ObjectHash? = nil, commitment: HashKeyCommitment? = nil
  ) -> String? {
    do {
      let opened = try sealing.open(
        sealed, in: other ?? alliance,
        commitment: commitment ?? HashKeyCommitment(keyEpoch: 1, nonce: nonce, key: key))
      return opened.withUnsafeBytes { Array($0) } == key && opened.epoch == 1 ? nil : "another key"
    } catch {
      return error.code
    }
  }

  @Test func opensForItsRecipient() throws {
    let sealed = try HashKeySeal.seal(nonce: nonce, key: key, keyEpoch: 1, to: record, in: alliance)
    #expect(sealed.ciphertext.count == 80 && sealed.encapsulatedKey.count == 32)
    #expect(open(sealed) == nil)
  }

  @Test func isBoundToAllianceEpochAndRecipient() throws {
    let sealed = try HashKeySeal.seal(nonce: nonce, key: key, keyEpoch: 1, to: record, in: alliance)
    #expect(open(sealed, in: ObjectHash(sha256: [2])) == "hash-key-sealed")
    let recipient = try #require(CoalitionID("us"))
    for changed in [
      SealedHashKey(
        recipient: recipient, keyEpoch: 1, encapsulatedKey: sealed.encapsulatedKey, ciphertext: sealed.ciphertext),
      SealedHashKey(
        recipient: sealed.recipient, keyEpoch: 2, encapsulatedKey: sealed.encapsulatedKey,
        ciphertext: sealed.ciphertext),
      SealedHashKey(
        recipient: sealed.recipient, keyEpoch: 1, encapsulatedKey: sealed.encapsulatedKey,
        ciphertext: sealed.ciphertext.reversed()),
      SealedHashKey(recipient: sealed.recipient, keyEpoch: 1, encapsulatedKey: [], ciphertext: sealed.ciphertext),
    ] { #expect(open(changed) == "hash-key-sealed") }
    let stranger = try Self.record("no", sealingKey: SealingKey().publicKey)
    #expect(
      open(try HashKeySeal.seal(nonce: nonce, key: key, keyEpoch: 1, to: stranger, in: alliance)) == "hash-key-sealed")
  }

  /// A founder who seals another key to one member than the roster commits to would split the alliance unseen.
  @Test func isTheOneThatTheRosterCommitsTo() throws {
    let sealed = try HashKeySeal.seal(nonce: nonce, key: key, keyEpoch: 1, to: record, in: alliance)
    for other in [
      HashKeyCommitment(keyEpoch: 1, nonce: key, key: key), HashKeyCommitment(keyEpoch: 1, nonce: nonce, key: nonce),
      HashKeyCommitment(keyEpoch: 2, nonce: nonce, key: key),
    ] { #expect(open(sealed, commitment: other) == "hash-key-commitment") }
  }
}
