internal import Crypto
internal import FoundationEssentials
public import Wire

/// A public Ed25519 key (RFC 8032): an identity key or an epoch's signing key.
public struct VerifyingKey: Sendable, Hashable {
  public static let byteCount = 32

  public let bytes: [UInt8]

  /// Returns nil unless there are exactly 32 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    let copy = Array(bytes)
    guard copy.count == Self.byteCount else { return nil }
    self.bytes = copy
  }

  /// The first 16 bytes of SHA-256 of the raw key: what a signature names.
  public var keyID: [UInt8] { Array(ObjectHash(sha256: bytes).bytes.prefix(16)) }

  public func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    #if SIMULATION
      // Many nodes of one process judge the same bytes; in a node nothing is remembered.
      return Verified.isValid(signature, by: self, for: message)
    #else
      return verifies(signature, for: message)
    #endif
  }

  private func verifies(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
    return key.isValidSignature(signature, for: message)
  }
}

#if SIMULATION
  extension VerifyingKey {
    /// Verdicts of this process, by everything that they depend on; forgotten now and then.
    private enum Verified {
      struct Question: Hashable {
        let key: [UInt8]
        let signature: [UInt8]
        let message: [UInt8]
      }

      nonisolated(unsafe) static var verdicts: [Question: Bool] = [:]

      static func isValid(_ signature: [UInt8], by key: VerifyingKey, for message: [UInt8]) -> Bool {
        let question = Question(key: key.bytes, signature: signature, message: message)
        if let verdict = verdicts[question] { return verdict }
        if verdicts.count > 4_096 { verdicts = [:] }
        let verdict = key.verifies(signature, for: message)
        verdicts[question] = verdict
        return verdict
      }
    }
  }
#endif

/// A private Ed25519 key. It never prints itself.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  public let verifyingKey: VerifyingKey
  private let seed: [UInt8]

  /// Makes the key of a 32-byte seed (RFC 8032, section 5.1.5).
  /// - Throws: `Problem` `key-unreadable` if the seed has another length.
  public init(seed: [UInt8]) throws(Problem) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
      let verifyingKey = VerifyingKey(key.publicKey.rawRepresentation)
    else { throw Problem("key-unreadable", "an Ed25519 key has 32 bytes, this one has \(seed.count)") }
    self.seed = seed
    self.verifyingKey = verifyingKey
  }

  /// The 32 secret bytes, for the key file alone.
  public func withSeed<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result { try body(seed) }

  /// Signs the pre-authentication encoding of type and body.
  public func sign(_ type: SignedType, body: [UInt8]) throws(Problem) -> WireSignature {
    do {
      let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
      var signature = WireSignature()
      signature.algorithm = .ed25519
      signature.keyID = Data(verifyingKey.keyID)
      signature.bytes = Data(try key.signature(for: type.preAuthenticationEncoding(of: body)))
      return signature
    } catch {
      throw Problem("signing-failed", "the key could not sign: \(error)", object: type.rawValue)
    }
  }

  public var description: String { "signing key \(Hexadecimal.encode(verifyingKey.keyID))" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
