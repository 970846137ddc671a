internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// An alliance in one file: roster 1 on its way to being signed by all, a union of signatures, so that any order and any copy
/// merges; and, once it is in force, the rosters after it. It is what a node keeps, and what a newcomer is invited with.
public struct AllianceFile: Sendable, Hashable {
  /// Roster 1.
  public private(set) var roster: Roster { didSet { verified = VerifiedChain() } }
  /// Those that roster 1 pins.
  public let records: [CoalitionID: MemberRecord]
  public internal(set) var keys: [SealedHashKey]
  /// From roster 2 on.
  public internal(set) var later: [RosterBundle] = [] { didSet { verified = VerifiedChain() } }
  /// Besides those that roster 1 pins: what the later rosters' members can be known by.
  public internal(set) var laterRecords: [MemberRecord] = []
  /// What was verified of the rosters above; nothing of it outlives a change of them.
  var verified = VerifiedChain()

  /// The alliance id: the hash of roster 1.
  public var alliance: ObjectHash { roster.hash }
  public var fingerprint: Fingerprint { Fingerprint(alliance) }
  public var signers: [CoalitionID] { roster.signers }
  public var missing: [CoalitionID] { roster.coalitions.filter { !signers.contains($0) } }
  public var isComplete: Bool { missing.isEmpty }

  public func sealedKey(for coalition: CoalitionID, keyEpoch: UInt32) -> SealedHashKey? {
    keys.first { $0.recipient == coalition && $0.keyEpoch == keyEpoch }
  }

  /// - Throws: `Problem` `alliance-records` unless there is exactly the pinned record of every member, and a sealed hash
  ///   key for each.
  public init(roster: Roster, records: [MemberRecord], keys: [SealedHashKey]) throws(Problem) {
    guard roster.number == 1 else {
      throw Problem("roster-malformed", "an alliance file holds roster 1", object: "roster \(roster.number)")
    }
    var byCoalition: [CoalitionID: MemberRecord] = [:]
    for record in records { byCoalition[record.coalition] = record }
    for member in roster.members {
      guard let record = byCoalition[member.coalition], record.hash == member.recordHash,
        record.identityKey == member.identityKey, record.trustDomain == member.trustDomain
      else {
        throw Problem(
          "alliance-records", "the file lacks the member record that the roster pins", object: "\(member.coalition)",
          next: "ask the founder who made the file to send it again")
      }
      for key in roster.hashKeys
      where !keys.contains(where: { $0.recipient == member.coalition && $0.keyEpoch == key.keyEpoch }) {
        throw Problem(
          "alliance-keys", "the file lacks the hash key sealed to this member", object: "\(member.coalition)",
          next: "ask the founder who made the file to send it again")
      }
    }
    self.roster = roster
    self.records = byCoalition.filter { roster.member($0.key) != nil }
    self.keys = keys
  }

  /// Reads a file; signatures that are not valid are dropped and named.
  /// - Throws: `Problem` if the text is no alliance file or lacks a part.
  public static func read(text: String, file: String) throws(Problem) -> (AllianceFile, dropped: [String]) {
    let bytes = try Armour.alliance.unwrap(text, from: file)
    guard let wire = try? WireAllianceFile(serializedBytes: bytes) else {
      throw Problem("alliance-unreadable", "the alliance file is damaged", object: file, next: "ask for it again")
    }
    do {
      let unsigned = try Roster(SignedObject(type: .roster, body: Array(wire.roster), signatures: []))
      var records: [MemberRecord] = []
      for record in wire.records.prefix(Roster.mostMembers) {
        records.append(try MemberRecord(SignedObject(type: .record, wire: record)))
      }
      var (kept, dropped): ([WireSignature], [String]) = ([], [])
      for signature in wire.signatures.prefix(Roster.mostMembers) {
        let single = SignedObject(type: .roster, body: unsigned.signed.body, signatures: [signature])
        if unsigned.members.contains(where: { single.isSigned(by: $0.identityKey) }) {
          kept.append(signature)
        } else {
          dropped.append("a signature of key \(Hexadecimal.encode(signature.keyID.prefix(16)))")
        }
      }
      let roster = try Roster(SignedObject(type: .roster, body: unsigned.signed.body, signatures: kept))
      let keys = wire.keys.prefix(Roster.mostMembers * 64).compactMap(SealedHashKey.init)
      var file = try AllianceFile(roster: roster, records: records, keys: keys)
      try file.readLater(wire)
      return (file, dropped)
    } catch {
      throw Problem(error.code, error.what, object: error.object ?? file, next: error.next)
    }
  }

  public var bytes: [UInt8] {
    var wire = WireAllianceFile()
    wire.roster = Data(roster.signed.body)
    wire.signatures = roster.signed.signatures
    wire.records = records.sorted { $0.key < $1.key }.map(\.value.signed.wire)
    wire.keys = keys.map(\.wire)
    wire.later = later.map(\.wire)
    wire.laterRecords = laterRecords.map(\.signed.wire)
    return (try? wire.serializedBytes()) ?? []
  }

  public var text: String { Armour.alliance.wrap(bytes) }

  /// Adds the signature of one founder.
  public func signed(by identity: SigningKey) throws(Problem) -> AllianceFile {
    if roster.signed.isSigned(by: identity.verifyingKey) { return self }
    return try with(signatures: roster.signed.signatures + [try identity.sign(.roster, body: roster.signed.body)])
  }

  /// The union with another copy of the same alliance's file.
  /// - Throws: `Problem` `another-alliance` unless both hold the same roster, byte for byte.
  public func merging(_ other: AllianceFile) throws(Problem) -> AllianceFile {
    guard other.roster.signed.body == roster.signed.body else {
      throw Problem(
        "another-alliance", "the files hold two different rosters: \(fingerprint) and \(other.fingerprint)",
        next: "agree on one file; the founder who made it can send it again")
    }
    let ours = Set(roster.signed.signatures.map(\.keyID))
    var merged = try with(
      signatures: roster.signed.signatures + other.roster.signed.signatures.filter { !ours.contains($0.keyID) })
    for key in other.keys where merged.sealedKey(for: key.recipient, keyEpoch: key.keyEpoch) == nil {
      merged.keys.append(key)
    }
    if other.later.count > later.count { merged.later = other.later }
    return merged.with(records: laterRecords + other.laterRecords)
  }

  /// With a sealed hash key in the place of the one for the same recipient and key epoch: after its sealing key changed.
  public func replacing(_ key: SealedHashKey) -> AllianceFile {
    var copy = self
    copy.keys.removeAll { $0.recipient == key.recipient && $0.keyEpoch == key.keyEpoch }
    copy.keys.append(key)
    return copy
  }

  private func with(signatures: [WireSignature]) throws(Problem) -> AllianceFile {
    var copy = self
    copy.roster = try Roster(SignedObject(type: .roster, body: roster.signed.body, signatures: signatures))
    return copy
  }
}
