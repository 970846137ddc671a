internal import Alliance
internal import Indicators
internal import Keys
internal import Operations
internal import Signing
internal import Store
internal import Synchronization
internal import Wire

/// Seals the alliance's hash keys to members' newest sealing keys: whoever lost its own, or changed it, gets them from any
/// peer. The copy says nothing to anyone else, and is checked against the roster's commitment by who opens it.
final class HashKeySealer: Sendable {
  private struct Opened {
    let nonce: [UInt8]
    let key: HashKey
  }

  private let home: NodeHome
  private let file: Mutex<AllianceFile>
  private let opened: Mutex<[UInt32: Opened]>

  init(_ home: NodeHome, file: AllianceFile) {
    self.home = home
    self.file = Mutex(file)
    var known: [UInt32: Opened] = [:]
    if let sealing = try? SealingKey(file: home.folder.sealingKey) {
      for commitment in file.roster.hashKeys {
        guard let sealed = file.sealedKey(for: home.coalition, keyEpoch: commitment.keyEpoch),
          let (nonce, key) = try? sealing.openWithNonce(sealed, in: file.alliance, commitment: commitment)
        else { continue }
        known[commitment.keyEpoch] = Opened(nonce: nonce, key: key)
      }
    }
    opened = Mutex(known)
  }

  /// Key epochs of the roster that this node has no key of.
  var missing: Set<UInt32> {
    let file = file.withLock { $0 }
    let known = opened.withLock { Set($0.keys) }
    return Set(file.roster.hashKeys.map(\.keyEpoch)).subtracting(known)
  }

  /// Nil if we have no such key either.
  func seal(_ keyEpoch: UInt32, to record: MemberRecord, alliance: ObjectHash) -> SealedHashKey? {
    guard let one = opened.withLock({ $0[keyEpoch] }) else { return nil }
    return try? one.key.withUnsafeBytes {
      try HashKeySeal.seal(nonce: one.nonce, key: Array($0), keyEpoch: keyEpoch, to: record, in: alliance)
    }
  }

  /// Opens a copy that a peer sealed to us, checks it against the roster's commitment and keeps it.
  /// - Throws: `Problem` `hash-key-sealed` or `hash-key-commitment`, or what a file says.
  func keep(_ sealed: SealedHashKey) throws(Problem) {
    let current = file.withLock { $0 }
    guard sealed.recipient == home.coalition,
      let commitment = current.roster.hashKeys.first(where: { $0.keyEpoch == sealed.keyEpoch })
    else {
      throw Problem("hash-key-sealed", "the peer gave a hash key that was not asked for", object: "\(sealed.recipient)")
    }
    let (nonce, key) = try SealingKey(file: home.folder.sealingKey).openWithNonce(
      sealed, in: current.alliance, commitment: commitment)
    let changed = current.replacing(sealed)
    try HashKeyFile.write(key, to: home.folder.hashKey(epoch: sealed.keyEpoch))
    try DurableFile.write(Array(changed.text.utf8), to: home.folder.alliance)
    file.withLock { $0 = changed }
    opened.withLock { $0[sealed.keyEpoch] = Opened(nonce: nonce, key: key) }
  }
}
