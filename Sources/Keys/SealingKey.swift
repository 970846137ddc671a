public import Alliance
internal import Crypto
internal import FoundationEssentials
public import Indicators
public import Signing
public import Wire

/// The X25519 key that hash keys are sealed to.
public struct SealingKey: Sendable {
  private let key: Curve25519.KeyAgreement.PrivateKey

  public init() { key = Curve25519.KeyAgreement.PrivateKey() }

  /// From 32 bytes.
  /// - Throws: `Problem` `key-unreadable` if there are not so many.
  public init(seed: [UInt8]) throws(Problem) {
    guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: seed) else {
      throw Problem("key-unreadable", "the sealing key is not 32 bytes")
    }
    self.key = key
  }

  public init(file path: String) throws(Problem) {
    let bytes = try HexFile.read(path, noun: "sealing key")
    do { try self.init(seed: bytes) } catch { throw Problem(error.code, error.what, object: path) }
  }

  public func write(to path: String) throws(Problem) {
    try DurableFile.write(Array((Hexadecimal.encode(key.rawRepresentation) + "\n").utf8), to: path)
  }

  /// 32 bytes.
  public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  /// The receiving end of what was sealed to this key.
  func recipient(suite: HPKE.Ciphersuite, info: Data, encapsulatedKey: [UInt8]) throws -> HPKE.Recipient {
    try HPKE.Recipient(privateKey: key, ciphersuite: suite, info: info, encapsulatedKey: Data(encapsulatedKey))
  }

  /// Opens a hash key that was sealed to us and checks it against the roster's commitment.
  /// - Throws: `Problem` `hash-key-sealed` or `hash-key-commitment`.
  public func open(_ sealed: SealedHashKey, in alliance: ObjectHash, commitment: HashKeyCommitment) throws(Problem)
    -> HashKey
  {
    try openWithNonce(sealed, in: alliance, commitment: commitment).key
  }

  /// The same with the nonce that the commitment was made with, which sealing it to another member needs.
  public func openWithNonce(
    _ sealed: SealedHashKey, in alliance: ObjectHash, commitment: HashKeyCommitment
  ) throws(Problem) -> (nonce: [UInt8], key: HashKey) {
    let object = "hash key \(sealed.keyEpoch) for \(sealed.recipient)"
    guard
      var recipient = try? HPKE.Recipient(
        privateKey: key, ciphersuite: HashKeySeal.suite, info: HashKeySeal.info,
        encapsulatedKey: Data(sealed.encapsulatedKey)),
      let opened = try? recipient.open(
        Data(sealed.ciphertext),
        authenticating: HashKeySeal.authenticated(alliance, sealed.keyEpoch, sealed.recipient)),
      opened.count == HashKeyCommitment.nonceBytes + HashKey.byteCount
    else {
      throw Problem(
        "hash-key-sealed", "the hash key is not sealed to this node's sealing key", object: object,
        next: "ask the founder to make the file from your newest card")
    }
    let (nonce, bytes) = (Array(opened.prefix(32)), Array(opened.suffix(32)))
    guard commitment.keyEpoch == sealed.keyEpoch, commitment.opens(nonce: nonce, key: bytes) else {
      throw Problem(
        "hash-key-commitment", "the sealed hash key is not the one that the roster commits to", object: object,
        next: "do not use this alliance file; tell the founder who made it")
    }
    guard let hashKey = HashKey(epoch: sealed.keyEpoch, bytes: bytes) else {
      throw Problem("hash-key-sealed", "the hash key is not 32 bytes", object: object)
    }
    return (nonce, hashKey)
  }
}
