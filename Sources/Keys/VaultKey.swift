internal import Crypto
internal import FoundationEssentials
internal import Signing
public import Wire

/// Seals the vault's items: AES-256-GCM, the statement key authenticated with each.
public struct VaultKey: Sendable {
  private let key: SymmetricKey

  public static func create(at path: String) throws(Problem) {
    try DurableFile.write(Array((Hexadecimal.encode(FreshKeys.bytes(32)) + "\n").utf8), to: path)
  }

  public init(file path: String) throws(Problem) {
    key = SymmetricKey(data: try HexFile.read(path, noun: "vault key"))
  }

  public func seal(_ plaintext: [UInt8], for statementKey: [UInt8]) throws(Problem) -> [UInt8] {
    guard let box = try? AES.GCM.seal(plaintext, using: key, authenticating: statementKey), let sealed = box.combined
    else { throw Problem("vault-not-sealed", "the vault key cannot encrypt") }
    return Array(sealed)
  }

  public func open(_ sealed: [UInt8], for statementKey: [UInt8]) throws(Problem) -> [UInt8] {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let plaintext = try? AES.GCM.open(box, using: key, authenticating: statementKey)
    else {
      throw Problem(
        "vault-item-damaged", "an item of the vault does not open with the vault key",
        object: Hexadecimal.encode(statementKey.dropFirst().prefix(6)), next: "restore vault and key from one backup")
    }
    return Array(plaintext)
  }
}
