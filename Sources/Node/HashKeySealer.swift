internal import Alliance
internal import Foundation
internal import Indicators
internal import Keys
internal import Operations
internal import Signing
internal import Store
internal import SwiftProtobuf
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
  /// Those of the roster in force.
  private let commitments: Mutex<[HashKeyCommitment]>
  private let opened: Mutex<[UInt32: Opened]>

  init(_ home: NodeHome, file: AllianceFile, roster: Roster) {
    self.home = home
    self.file = Mutex(file)
    commitments = Mutex(roster.hashKeys)
    var known: [UInt32: Opened] = [:]
    if let sealing = try? SealingKey(file: home.folder.sealingKey) {
      for commitment in roster.hashKeys {
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
    let known = opened.withLock { Set($0.keys) }
    return Set(commitments.withLock { $0.map(\.keyEpoch) }).subtracting(known)
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
      let commitment = commitments.withLock({ $0.first { $0.keyEpoch == sealed.keyEpoch } })
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

  /// Keeps the roster that comes next, with all records that are here: from now on it is in force.
  /// - Throws: `Problem` as `AllianceFile.appending`, or what a file says; nothing is then changed.
  func take(_ bundle: RosterBundle, records: [MemberRecord]) throws(Problem) -> AllianceFile {
    let changed = try file.withLock { $0 }.appending(bundle).with(records: records)
    try DurableFile.write(Array(changed.text.utf8), to: home.folder.alliance)
    file.withLock { $0 = changed }
    commitments.withLock { $0 = bundle.roster.hashKeys }
    return changed
  }

  /// Takes the hash keys that we proposed ourselves and that the roster has brought.
  /// - Returns: their epochs.
  func takeProposed() throws(Problem) -> [UInt32] {
    var taken: [UInt32] = []
    for commitment in commitments.withLock({ $0 }) where missing.contains(commitment.keyEpoch) {
      let path = home.folder.proposedHashKey(commitment.commitment.hex)
      guard DurableFile.exists(path) else { continue }
      let bytes = try DurableFile.read(path, noun: "proposed hash key")
      guard let wire = try? WireSealedHashKey(serializedBytes: bytes), let sealed = SealedHashKey(wire) else {
        throw Problem("hash-key-sealed", "the hash key that was proposed here cannot be read", object: path)
      }
      try keep(sealed)
      try? FileManager.default.removeItem(atPath: path)
      taken.append(commitment.keyEpoch)
    }
    return taken
  }
}
