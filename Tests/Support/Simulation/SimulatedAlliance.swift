public import Alliance
public import Signing
public import Wire

/// An alliance whose keys come from a seed.
public struct SimulatedAlliance: Sendable {
  public let coalitions: [CoalitionID]
  public let membership: Membership
  public let signingKeys: [CoalitionID: SigningKey]

  public init(_ names: [String], random: inout SeededRandom) throws {
    var records: [MemberRecord] = []
    var identities: [SigningKey] = []
    var signingKeys: [CoalitionID: SigningKey] = [:]
    for coalition in names.compactMap({ CoalitionID($0) }) {
      let identity = try SigningKey(seed: random.bytes(32))
      let signing = try SigningKey(seed: random.bytes(32))
      signingKeys[coalition] = signing
      identities.append(identity)
      records.append(
        try MemberRecord.first(
          coalition: coalition, name: "Demo \(coalition)", trustDomain: "\(coalition).example.org", identity: identity,
          signing: signing.verifyingKey, sealingKey: random.bytes(32), authority: [0x30, 0x00],
          endpoints: ["\(coalition).example.org:7473"]))
    }
    let hashKey = HashKeyCommitment(keyEpoch: 1, nonce: random.bytes(32), key: random.bytes(32))
    let body = try Roster.founding(
      name: "Simulated alliance", purpose: .exercise, records: records, hashKey: hashKey, issuedAt: 1)
    let roster = try Roster(SignedObject(type: .roster, body: body, signatures: []))
    var file = try AllianceFile(
      roster: roster, records: records,
      keys: records.map {
        SealedHashKey(recipient: $0.coalition, keyEpoch: 1, encapsulatedKey: [], ciphertext: [])
      })
    for identity in identities { file = try file.signed(by: identity) }
    membership = try Membership(file)
    coalitions = membership.roster.coalitions
    self.signingKeys = signingKeys
  }
}
