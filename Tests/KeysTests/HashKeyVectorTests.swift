import Alliance
import CertificateBench
import Keys
import RepositoryFiles
import Signing
import Testing
import Wire

/// A hash key that another implementation sealed (RFC 9180, base mode).
@Suite struct HashKeyVectorTests {
  private struct Vector: Decodable {
    let alliance: String
    let keyEpoch: UInt32
    let recipient: CoalitionID
    let sealingKey: String
    let nonce: String
    let key: String
    let commitment: String
    let encapsulatedKey: String
    let ciphertext: String
  }

  @Test func opensWhatAnotherImplementationSealed() throws {
    let vector = try RepositoryFiles.vectors("hash-key", as: Vector.self)
    func bytes(_ text: String) throws -> [UInt8] { try #require(Hexadecimal.decode(text)) }
    let folder = try TemporaryFolder()
    try folder.write(Array(vector.sealingKey.utf8), to: "sealing.key")
    let sealing = try SealingKey(file: folder.path("sealing.key"))
    let sealed = SealedHashKey(
      recipient: vector.recipient, keyEpoch: vector.keyEpoch, encapsulatedKey: try bytes(vector.encapsulatedKey),
      ciphertext: try bytes(vector.ciphertext))
    let commitment = HashKeyCommitment(
      keyEpoch: vector.keyEpoch, nonce: try bytes(vector.nonce), key: try bytes(vector.key))
    #expect(commitment.commitment.hex == vector.commitment)
    let alliance = try #require(ObjectHash(hex: vector.alliance))
    let key = try sealing.open(sealed, in: alliance, commitment: commitment)
    #expect(try key.withUnsafeBytes { Array($0) } == bytes(vector.key))
  }
}
