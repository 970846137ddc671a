public import Alliance
public import Seeded
public import Signing
public import Wire

/// An alliance whose keys come from a seed: the same seed makes the same bytes.
public struct FoundedAlliance: Sendable {
  /// Sorted.
  public let coalitions: [CoalitionID]
  public let records: [MemberRecord]
  public let identities: [CoalitionID: SigningKey]
  public let signingKeys: [CoalitionID: SigningKey]
  /// What the first hash key's commitment was made with.
  public let hashKey: (nonce: [UInt8], key: [UInt8])
  /// Roster 1 that nobody has signed yet, with everyone's record and sealed key.
  public let unsigned: AllianceFile
  /// In force: every founder has signed.
  public let membership: Membership

  /// - Parameter sealingKey: makes the public sealing key of 32 random bytes; unless said, they are it, and nobody can open what is sealed.
  public init(
    _ names: [String], random: inout SeededRandom, name: String = "Simulated alliance",
    sealingKey: ([UInt8]) throws -> [UInt8] = { $0 }
  ) throws {
    let (coalitions, records, identities, signingKeys) = try Self.founders(names, &random, sealingKey)
    hashKey = (random.bytes(32), random.bytes(32))
    let hashKey = HashKeyCommitment(keyEpoch: 1, nonce: hashKey.nonce, key: hashKey.key)
    let body = try Roster.founding(name: name, purpose: .exercise, records: records, hashKey: hashKey, issuedAt: 1)
    let roster = try Roster(SignedObject(type: .roster, body: body, signatures: []))
    let keys = records.map {
      SealedHashKey(
        recipient: $0.coalition, keyEpoch: 1, encapsulatedKey: random.bytes(32), ciphertext: random.bytes(80))
    }
    unsigned = try AllianceFile(roster: roster, records: records, keys: keys)
    var file = unsigned
    for coalition in coalitions {
      if let identity = identities[coalition] { file = try file.signed(by: identity) }
    }
    membership = try Membership(file)
    self.coalitions = coalitions
    self.records = records
    self.identities = identities
    self.signingKeys = signingKeys
  }

  public init(_ names: [String] = ["se", "no", "us"], seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    try self.init(names, random: &random)
  }

  private static func founders(
    _ names: [String], _ random: inout SeededRandom, _ sealingKey: ([UInt8]) throws -> [UInt8]
  ) throws -> (
    [CoalitionID], [MemberRecord], identities: [CoalitionID: SigningKey], signing: [CoalitionID: SigningKey]
  ) {
    var (records, identities, signingKeys) = (
      [MemberRecord](), [CoalitionID: SigningKey](), [CoalitionID: SigningKey]()
    )
    let coalitions = names.compactMap { CoalitionID($0) }.sorted()
    for coalition in coalitions {
      let identity = try SigningKey(seed: random.bytes(32))
      let signing = try SigningKey(seed: random.bytes(32))
      identities[coalition] = identity
      signingKeys[coalition] = signing
      records.append(
        try MemberRecord.first(
          coalition: coalition, name: "Demo \(coalition)", trustDomain: "\(coalition).example.org", identity: identity,
          signing: signing.verifyingKey, sealingKey: sealingKey(random.bytes(32)), authority: [0x30, 0x00],
          endpoints: ["\(coalition).example.org:7473"]))
    }
    return (coalitions, records, identities, signingKeys)
  }
}
