public import Alliance
internal import Crypto
internal import FoundationEssentials
public import Indicators
public import Signing
public import Wire

/// Fresh keys and random bytes, from the system's generator.
public enum FreshKeys {
  public static func signingKey() throws(Problem) -> SigningKey { try SigningKey(seed: bytes(32)) }

  public static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

/// A signing key in its file: 32 bytes in hexadecimal, 0600.
public enum SigningKeyFile {
  public static func write(_ key: SigningKey, to path: String) throws(Problem) {
    try DurableFile.write(key.withSeed { Array((Hexadecimal.encode($0) + "\n").utf8) }, to: path)
  }

  public static func read(_ path: String) throws(Problem) -> SigningKey {
    try SigningKey(seed: HexFile.read(path, noun: "signing key"))
  }
}

/// The X25519 key that hash keys are sealed to.
public struct SealingKey: Sendable {
  private let key: Curve25519.KeyAgreement.PrivateKey

  public init() { key = Curve25519.KeyAgreement.PrivateKey() }

  public init(file path: String) throws(Problem) {
    let bytes = try HexFile.read(path, noun: "sealing key")
    guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes) else {
      throw Problem("key-unreadable", "the sealing key is not 32 bytes", object: path)
    }
    self.key = key
  }

  public func write(to path: String) throws(Problem) {
    try DurableFile.write(Array((Hexadecimal.encode(key.rawRepresentation) + "\n").utf8), to: path)
  }

  /// 32 bytes.
  public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  /// Opens a hash key that was sealed to us and checks it against the roster's commitment.
  /// - Throws: `Problem` `hash-key-sealed` or `hash-key-commitment`.
  public func open(_ sealed: SealedHashKey, in alliance: ObjectHash, commitment: HashKeyCommitment) throws(Problem)
    -> HashKey
  {
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
    return hashKey
  }
}

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

/// A hash key in its file, opened once and kept 0600: whoever reads it can test guesses.
public enum HashKeyFile {
  public static func write(_ key: HashKey, to path: String) throws(Problem) {
    try DurableFile.write(
      key.withUnsafeBytes { Array(("\(key.epoch) " + Hexadecimal.encode($0) + "\n").utf8) }, to: path)
  }

  public static func read(_ path: String) throws(Problem) -> HashKey {
    let text = String(decoding: try DurableFile.read(path, noun: "hash key"), as: UTF8.self)
    let parts = text.split(whereSeparator: { $0.isWhitespace })
    guard parts.count == 2, let epoch = UInt32(parts[0]), let bytes = Hexadecimal.decode(parts[1]),
      let key = HashKey(epoch: epoch, bytes: bytes)
    else { throw Problem("key-unreadable", "the file does not hold a hash key", object: path) }
    return key
  }
}

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

enum HexFile {
  /// 32 bytes in hexadecimal.
  static func read(_ path: String, noun: String) throws(Problem) -> [UInt8] {
    let text = String(decoding: try DurableFile.read(path, noun: noun), as: UTF8.self)
    guard let bytes = Hexadecimal.decode(text.prefix { !$0.isWhitespace }), bytes.count == 32 else {
      throw Problem("key-unreadable", "the file does not hold a \(noun) of 32 bytes", object: path)
    }
    return bytes
  }
}
