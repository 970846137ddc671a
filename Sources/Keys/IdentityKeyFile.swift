internal import Alliance
internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// The coalition's identity key in a file of its own, under a passphrase: scrypt (RFC 7914) with N = 2^17, r = 8, p = 1,
/// then AES-256-GCM. Meant to be moved offline.
public enum IdentityKeyFile {
  private static let cost: UInt32 = 17
  private static let blockSize: UInt32 = 8
  private static let parallelism: UInt32 = 1

  /// The text of the file for a new key.
  /// - Throws: `Problem` `passphrase-short`, or `key-not-sealed` if the derivation fails.
  public static func seal(_ key: SigningKey, of coalition: CoalitionID, passphrase: String) throws(Problem) -> String {
    guard passphrase.utf8.count >= 8 else {
      throw Problem("passphrase-short", "a passphrase has at least 8 characters", next: "take a sentence")
    }
    var file = WireIdentityKeyFile()
    file.version = 1
    file.coalition = coalition.rawValue
    file.publicKey = Data(key.verifyingKey.bytes)
    file.salt = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    file.cost = cost
    file.blockSize = blockSize
    file.parallelism = parallelism
    do {
      let box = try key.withSeed {
        try AES.GCM.seal($0, using: derive(file, passphrase), authenticating: authenticated(file))
      }
      file.sealedKey = box.combined ?? Data()
      return Armour.identityKey.wrap(try file.serializedBytes())
    } catch {
      throw Problem("key-not-sealed", "the identity key cannot be encrypted: \(error)", object: coalition.rawValue)
    }
  }

  /// Opens the file.
  /// - Throws: `Problem` `wrong-passphrase`, `identity-key-unreadable`, or as `Armour.unwrap`.
  public static func open(text: String, file path: String, passphrase: String) throws(Problem) -> SigningKey {
    let bytes = try Armour.identityKey.unwrap(text, from: path)
    guard let file = try? WireIdentityKeyFile(serializedBytes: bytes), file.version == 1, file.cost <= 20,
      file.cost >= 10, (1...16).contains(file.blockSize), (1...4).contains(file.parallelism), file.salt.count == 16,
      file.sealedKey.count == 60
    else {
      throw Problem("identity-key-unreadable", "the file is not an identity key of this version", object: path)
    }
    guard let box = try? AES.GCM.SealedBox(combined: file.sealedKey),
      let seed = try? AES.GCM.open(box, using: derive(file, passphrase), authenticating: authenticated(file))
    else {
      throw Problem("wrong-passphrase", "the passphrase does not open the identity key", object: path)
    }
    return try SigningKey(seed: Array(seed))
  }

  private static func derive(_ file: WireIdentityKeyFile, _ passphrase: String) throws -> SymmetricKey {
    try KDF.Scrypt.deriveKey(
      from: Array(passphrase.utf8), salt: file.salt, outputByteCount: 32, rounds: 1 << Int(file.cost),
      blockSize: Int(file.blockSize), parallelism: Int(file.parallelism))
  }

  /// Version, coalition and public key: what names the key cannot be exchanged.
  private static func authenticated(_ file: WireIdentityKeyFile) -> [UInt8] {
    [UInt8(truncatingIfNeeded: file.version)] + Array(file.coalition.utf8) + Array(file.publicKey)
  }
}
