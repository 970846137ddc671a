internal import Alliance
internal import Indicators
internal import Keys
internal import Signing
internal import Wire

/// A hash key as its holder has it, and the digests of all sellers of the simulation under it.
struct HashKeyMaterial {
  let epoch: UInt32
  let nonce: [UInt8]
  let bytes: [UInt8]
  let digests: [IndicatorDigest]

  init?(epoch: UInt32, nonce: [UInt8], bytes: [UInt8]) {
    guard let key = HashKey(epoch: epoch, bytes: bytes) else { return nil }
    (self.epoch, self.nonce, self.bytes) = (epoch, nonce, bytes)
    digests = Sellers.all.map(DigestFunction(key: key).digest)
  }

  var commitment: HashKeyCommitment { HashKeyCommitment(keyEpoch: epoch, nonce: nonce, key: bytes) }
}

/// Who may be listed: a few, so that several coalitions list the same.
enum Sellers {
  static let all = (0..<14).compactMap { try? Indicator.parse("1|seller-\($0)", as: .merchantID) }
}

/// Hash keys sealed to a node and by it, as `HashKeySealer` has them.
extension CouncilNode {
  /// Key epochs of the roster that it has no key of.
  var missingHashKeys: Set<UInt32> { Set(roster.hashKeys.map(\.keyEpoch)).subtracting(hashKeys.keys) }

  func sealed(_ epoch: UInt32, to peer: CoalitionID) -> [SealedHashKey] {
    guard let key = hashKeys[epoch], let record = machine.membership.record(of: peer) else { return [] }
    let sealed = try? HashKeySeal.seal(
      nonce: key.nonce, key: key.bytes, keyEpoch: epoch, to: record, in: machine.membership.alliance)
    return sealed.map { [$0] } ?? []
  }

  /// - Throws: `Problem` `hash-key-sealed` or `hash-key-commitment`, or that the disk is full.
  func keep(_ sealed: SealedHashKey) throws {
    guard sealed.recipient == coalition,
      let commitment = roster.hashKeys.first(where: { $0.keyEpoch == sealed.keyEpoch })
    else { throw Problem("hash-key-sealed", "the peer gave a hash key that was not asked for") }
    let (nonce, key) = try sealing.openWithNonce(sealed, in: machine.membership.alliance, commitment: commitment)
    guard !machine.disk.isFull else { throw Problem("disk-full", "no room for a hash key") }
    hashKeys[sealed.keyEpoch] = key.withUnsafeBytes {
      HashKeyMaterial(epoch: sealed.keyEpoch, nonce: nonce, bytes: Array($0))
    }
  }

  /// Those that it has proposed itself and that the roster has brought.
  func takeProposedHashKeys() {
    guard !machine.disk.isFull else { return }
    for commitment in roster.hashKeys where missingHashKeys.contains(commitment.keyEpoch) {
      hashKeys[commitment.keyEpoch] = proposedHashKeys[commitment.commitment]
    }
  }

  /// UTC days since 1970, by its clock.
  func day(at now: UInt64) -> UInt32 { UInt32(clamping: machine.clock.wall(at: now) / 86_400_000) }

  func openHashKeys(at now: UInt64) -> Set<UInt32> { Set(roster.openHashKeys(on: day(at: now))) }

  /// Those that are open and here, oldest first.
  func usedHashKeys(at now: UInt64) -> [HashKeyMaterial] {
    roster.openHashKeys(on: day(at: now)).compactMap { hashKeys[$0] }
  }
}
