public import Alliance
internal import Crypto
internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// The member's copy as a file: a signed head, the records that show whose key signed it, and the sealed parts.
///
/// Sealed with HPKE (RFC 9180) base mode, X25519-HKDF-SHA256, HKDF-SHA256, AES-256-GCM: the parts in their order in one context, the
/// number of each authenticated. The signature covers the sealed bytes and the member's key, so a list can be neither altered nor sealed
/// anew for somebody else without its coalition's key.
public struct MemberListFile: Sendable {
  static let magic = Array("VAKALIST".utf8)
  private static let suite = HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
  private static let info = Data("vaka/member-list/1".utf8)

  public let head: MemberListHead
  /// From the first on; the newest names the key that signed.
  public let records: RecordChain
  private let signed: SignedObject
  private let parts: [[UInt8]]

  /// What is known of a list before it is sealed.
  public struct Facts: Sendable {
    public let madeAt: UInt64
    public let policy: String
    public let peers: Int
    public let stalePeers: Int
    public let held: [CoalitionID]
    public let heardAt: UInt64?

    public init(
      madeAt: UInt64, policy: String, peers: Int, stalePeers: Int, held: [CoalitionID], heardAt: UInt64?
    ) {
      self.madeAt = madeAt
      self.policy = policy
      self.peers = peers
      self.stalePeers = stalePeers
      self.held = held
      self.heardAt = heardAt
    }
  }

  /// Seals a list for one member and signs it with the newest epoch's key.
  /// - Throws: `Problem` `list-not-sealed` if the card's key is no X25519 key, `no-epoch`, `signing-failed`.
  public init(
    sealing content: MemberListContent, for card: MemberCard, in alliance: ObjectHash, records: RecordChain,
    key: SigningKey, facts: Facts
  ) throws(Problem) {
    guard let epoch = records.newest.epochs.last, epoch.key == key.verifyingKey else {
      throw Problem(
        "no-epoch", "the signing key is not that of the newest epoch", object: records.newest.coalition.rawValue)
    }
    var sealed: [[UInt8]] = []
    let encapsulatedKey: [UInt8]
    do {
      let recipient = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: card.sealingKey)
      var sender = try HPKE.Sender(recipientKey: recipient, ciphersuite: Self.suite, info: Self.info)
      for part in content.parts() {
        sealed.append(Array(try sender.seal(Data(part), authenticating: Self.authenticated(sealed.count))))
      }
      encapsulatedKey = Array(sender.encapsulatedKey)
    } catch {
      throw Problem(
        "list-not-sealed", "the list cannot be sealed for this card: \(error)", object: card.member.rawValue,
        next: "ask the member for its card again")
    }
    head = MemberListHead(
      alliance: alliance, coalition: records.newest.coalition, epoch: epoch.number, madeAt: facts.madeAt, card: card,
      encapsulatedKey: encapsulatedKey, parts: sealed, entries: UInt64(content.count), policy: facts.policy,
      peers: facts.peers, stalePeers: facts.stalePeers, held: facts.held, heardAt: facts.heardAt)
    signed = try head.signed(by: key)
    self.records = records
    parts = sealed
  }

  /// Reads a list and checks it against itself: the records follow each other, and the newest epoch's key signed the head and with it
  /// every sealed byte. Whose list it may be is the reader's to say.
  /// - Throws: `Problem` `not-a-list` or `list-altered`.
  public init(bytes: [UInt8], file: String) throws(Problem) {
    let again = "ask the coalition for the list again"
    guard bytes.starts(with: Self.magic) else {
      throw Problem("not-a-list", "the file is no list for a member", object: file, next: again)
    }
    func altered(_ what: String) -> Problem { Problem("list-altered", what, object: file, next: again) }
    guard let wire = try? WireMemberList(serializedBytes: Array(bytes[Self.magic.count...])),
      let first = wire.records.first, wire.records.count <= 1_024
    else { throw altered("the list is damaged or not whole") }
    signed = SignedObject(type: .memberList, wire: wire.head)
    guard let head = MemberListHead(body: signed.body) else { throw altered("the list's head cannot be read") }
    let records: RecordChain
    do throws(Problem) {
      records = try Self.chain(first, wire.records.dropFirst(), in: head.alliance)
    } catch {
      throw altered("the records in the list are not \(head.coalition)'s: \(error.what)")
    }
    guard head.coalition == records.newest.coalition, let epoch = records.newest.epochs.last,
      epoch.number == head.epoch, signed.isSigned(by: epoch.key)
    else { throw altered("the list is not signed by \(head.coalition)'s newest signing key") }
    let parts = wire.parts.map { Array($0) }
    guard parts.count == head.parts, MemberListHead.hash(of: parts) == head.partsHash else {
      throw altered("the list is not the one that \(head.coalition) signed")
    }
    self.head = head
    self.records = records
    self.parts = parts
  }

  private static func chain(
    _ first: WireSigned, _ others: some Sequence<WireSigned>, in alliance: ObjectHash
  ) throws(Problem) -> RecordChain {
    var records = try RecordChain(first: MemberRecord(SignedObject(type: .record, wire: first)))
    for record in others {
      records = try records.appending(MemberRecord(SignedObject(type: .record, wire: record)), in: alliance)
    }
    return records
  }

  public func bytes() throws(Problem) -> [UInt8] {
    var wire = WireMemberList()
    wire.head = signed.wire
    wire.records = records.records.map(\.signed.wire)
    wire.parts = parts.map { Data($0) }
    guard let bytes: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("list-not-sealed", "the list is too large for one file", object: head.member.rawValue)
    }
    return Self.magic + bytes
  }

  /// The list in the clear, for the member whose key it was sealed to.
  /// - Throws: `Problem` `list-for-another`, `list-altered`.
  public func open(with key: SealingKey, of member: MemberID) throws(Problem) -> MemberListContent {
    guard head.member == member, head.memberKey == key.publicKey else {
      throw Problem(
        "list-for-another", "the list was made for \(head.member) with another key", object: member.rawValue,
        next: "send the coalition this folder's card: vaka list card")
    }
    let opened: [[UInt8]]
    do {
      var recipient = try key.recipient(suite: Self.suite, info: Self.info, encapsulatedKey: head.encapsulatedKey)
      opened = try parts.enumerated().map { number, part in
        Array(try recipient.open(Data(part), authenticating: Self.authenticated(number)))
      }
    } catch {
      throw Problem("list-altered", "the list cannot be opened", object: member.rawValue)
    }
    guard let content = MemberListContent(parts: opened), UInt64(content.count) == head.entries else {
      throw Problem("list-altered", "what is sealed is no list", object: member.rawValue)
    }
    return content
  }

  private static func authenticated(_ part: Int) -> Data {
    Data(withUnsafeBytes(of: UInt32(clamping: part).bigEndian) { Array($0) })
  }
}
