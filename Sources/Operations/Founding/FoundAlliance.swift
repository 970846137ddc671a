public import Alliance
internal import Audit
internal import Keys
internal import Signing
public import Store
public import Wire

/// `vaka alliance found`: roster 1 from the founders' cards, with the first hash key sealed to each, signed by us.
public struct FoundAlliance: Sendable {
  public let name: String
  public let purpose: WirePurpose
  /// The founders' cards: text, and the file that it came from.
  public let cards: [(text: String, file: String)]

  public init(name: String, purpose: WirePurpose, cards: [(text: String, file: String)]) {
    self.name = name
    self.purpose = purpose
    self.cards = cards
  }

  /// - Parameter now: milliseconds since 1970.
  /// - Returns: the alliance file, which is also kept in the folder before it is given out.
  /// - Throws: `Problem` `alliance-exists`, `founders`, `not-a-founder`, or what a card says.
  public func run(in folder: NodeFolder, passphrase: String, now: UInt64) throws -> AllianceFile {
    let home = try NodeHome(folder)
    guard !DurableFile.exists(folder.founding), home.membership == nil else {
      throw Problem(
        "alliance-exists", "this node has signed the roster of an alliance before, and signs no other",
        object: folder.path, next: "see it with vaka alliance show")
    }
    let records = try cards.map { try CoalitionCard(text: $0.text, file: $0.file).record }
    guard records.contains(home.card.record) else {
      throw Problem(
        "not-a-founder", "this node's own card is not among the founders' cards", object: "\(home.coalition)",
        next: "add it: vaka alliance card")
    }
    let nonce = FreshKeys.bytes(HashKeyCommitment.nonceBytes)
    let key = FreshKeys.bytes(32)
    let body = try Roster.founding(
      name: name, purpose: purpose, records: records,
      hashKey: HashKeyCommitment(keyEpoch: 1, nonce: nonce, key: key), issuedAt: now)
    let roster = try Roster(SignedObject(type: .roster, body: body, signatures: []))
    let keys = try records.map { record in
      try HashKeySeal.seal(nonce: nonce, key: key, keyEpoch: 1, to: record, in: roster.hash)
    }
    let identity = try JoinAlliance.identity(of: home, passphrase: passphrase)
    let file = try AllianceFile(roster: roster, records: records, keys: keys).signed(by: identity)
    try AuditTrail(folder).write(
      AuditNote(
        .allianceFounded, on: "\(file.fingerprint)", after: "roster 1 signed as \(home.coalition)", count: records.count
      ))
    try DurableFile.write(Array(file.text.utf8), to: folder.founding)
    return file
  }
}
