import Alliance
import AllianceBench
import Keys
import Signing
import Testing
import Wire

@Suite struct IdentityKeyFileTests {
  private let key: SigningKey
  private let se: CoalitionID

  init() throws {
    key = try SigningKey(seed: [UInt8](repeating: 5, count: 32))
    se = try #require(CoalitionID("se"))
  }

  @Test func opensWithItsPassphraseOnly() throws {
    let text = try IdentityKeyFile.seal(key, of: se, passphrase: "nine people sat on a wall")
    #expect(text.hasPrefix("-----BEGIN VAKA ENCRYPTED IDENTITY KEY-----\n"))
    let seed = key.withSeed { Hexadecimal.encode($0) }
    let armoured = try Armour.identityKey.unwrap(text, from: "key")
    #expect(!Hexadecimal.encode(armoured).contains(seed), "the key itself is not in the file")
    let opened = try IdentityKeyFile.open(text: text, file: "key", passphrase: "nine people sat on a wall")
    #expect(opened.verifyingKey == key.verifyingKey)
    #expect(
      problemCode { _ = try IdentityKeyFile.open(text: text, file: "key", passphrase: "nine people sat on a well") }
        == "wrong-passphrase")
  }

  @Test func refusesAShortPassphraseAndOtherFiles() throws {
    #expect(problemCode { _ = try IdentityKeyFile.seal(key, of: se, passphrase: "1234567") } == "passphrase-short")
    #expect(
      problemCode { _ = try IdentityKeyFile.open(text: "nothing", file: "key", passphrase: "12345678") }
        == "not-armoured")
    let card = Armour.card.wrap([1, 2, 3])
    #expect(
      problemCode { _ = try IdentityKeyFile.open(text: card, file: "key", passphrase: "12345678") } == "wrong-file")
  }

  /// A changed coalition or public key in the file is noticed, and a cost that would take all memory is not tried.
  @Test func noticesChangedFields() throws {
    let text = try IdentityKeyFile.seal(key, of: se, passphrase: "nine people sat on a wall")
    let bytes = try Armour.identityKey.unwrap(text, from: "key")
    func code(_ change: (inout WireIdentityKeyFile) -> Void) throws -> String? {
      var file = try WireIdentityKeyFile(serializedBytes: bytes)
      change(&file)
      let changed = Armour.identityKey.wrap(try file.serializedBytes())
      return problemCode {
        _ = try IdentityKeyFile.open(text: changed, file: "key", passphrase: "nine people sat on a wall")
      }
    }
    #expect(try code { _ in } == nil)
    #expect(try code { $0.coalition = "no" } == "wrong-passphrase")
    #expect(try code { $0.publicKey[0] ^= 1 } == "wrong-passphrase")
    #expect(try code { $0.sealedKey[20] ^= 1 } == "wrong-passphrase")
    #expect(try code { $0.cost = 31 } == "identity-key-unreadable")
    #expect(try code { $0.cost = .max } == "identity-key-unreadable")
    #expect(try code { $0.blockSize = 0 } == "identity-key-unreadable")
    #expect(try code { $0.version = 2 } == "identity-key-unreadable")
    #expect(try code { $0.sealedKey = $0.sealedKey.dropLast() } == "identity-key-unreadable")
  }
}
