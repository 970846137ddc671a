public import Alliance
internal import Audit
public import Foundation
internal import Keys
internal import Signing
public import Store
public import Wire

/// `vaka restore --from-peers`: a new node for a coalition of which only the identity key was kept. What it published lives on
/// at its peers and comes back from there; its vault, the plaintext behind it, does not.
///
/// The folder gets new keys and a new certificate authority, in a member record that the identity key signs. Peers cannot
/// verify the node's certificates before they know that record, so one of them is handed the file with it.
public struct RestoreFromPeers: Sendable {
  /// The alliance file: any member has it.
  public let alliance: (text: String, file: String)
  /// All records of our coalition, as a member holds them: `vaka alliance record export`. Without it the record of the founding.
  public let records: (text: String, file: String)?
  public let identityKey: (text: String, file: String)
  /// Where peers reach the new node; those of the last record if empty.
  public let endpoints: [String]
  public let listenHost: String
  public let healthListen: String?

  public init(
    alliance: (text: String, file: String), records: (text: String, file: String)?,
    identityKey: (text: String, file: String), endpoints: [String], listenHost: String, healthListen: String?
  ) {
    self.alliance = alliance
    self.records = records
    self.identityKey = identityKey
    self.endpoints = endpoints
    self.listenHost = listenHost
    self.healthListen = healthListen
  }

  public struct Answer: Sendable, Codable {
    public let coalition: CoalitionID
    public let name: String
    /// The new member record.
    public let record: UInt32
    public let home: String
    /// The file to hand to one peer.
    public let recordFile: String
  }

  /// - Parameters:
  ///   - recordFile: where the file for a peer is written.
  ///   - confirm: whether the alliance reads this fingerprint.
  /// - Throws: `Problem` `home-taken`, `alliance-incomplete`, `not-in-roster`, `record-conflict`, `wrong-passphrase`,
  ///   `fingerprint-refused`, or what a file says; nothing is then left in the folder that a node could start from.
  public func run(
    in folder: NodeFolder, passphrase: String, recordFile: String, now: Date, confirm: (Fingerprint) throws -> Bool
  ) throws -> Answer {
    guard !DurableFile.exists(folder.card), !DurableFile.exists(folder.ledger) else {
      throw Problem(
        "home-taken", "a node was made in this folder before; nothing was changed", object: folder.path,
        next: "name another folder with --home")
    }
    let identity = try IdentityKeyFile.open(text: identityKey.text, file: identityKey.file, passphrase: passphrase)
    let file = try AllianceFile.read(text: alliance.text, file: alliance.file).0
    var membership = try Membership(file)
    guard let member = membership.roster.members.first(where: { $0.identityKey == identity.verifyingKey }) else {
      throw Problem(
        "not-in-roster", "no member of this alliance has this identity key", object: file.roster.name,
        next: "take the alliance file and the identity key of one coalition")
    }
    guard try confirm(file.fingerprint) else {
      throw Problem(
        "fingerprint-refused", "the alliance does not read \(file.fingerprint); nothing was made",
        object: file.roster.name, next: "ask two members for the file")
    }
    let coalition = member.coalition
    if let records {
      // What a lost or stolen identity key signed counts only as far as a roster pins it, and that is in the alliance file.
      let read = try RecordsFile.read(records.text, file: records.file).filter {
        $0.identityKey == identity.verifyingKey
      }
      let taking = try membership.taking(read, of: coalition)
      if let problem = taking.refused ?? taking.membership.conflicts[coalition]?.problem { throw problem }
      membership = taking.membership
    }
    guard let last = membership.record(of: coalition) else {
      throw Problem("not-in-roster", "the alliance file holds no record of ours", object: "\(coalition)")
    }
    let places = try (endpoints.isEmpty ? last.endpoints : endpoints).map(Endpoint.parse)
    let port = places.first?.port ?? Endpoint.standardPort
    try folder.create()
    let authority = try CertificateAuthority.make(
      trustDomain: last.trustDomain, organisation: String(last.name.prefix(64)), now: now)
    let sealing = SealingKey()
    let record = try last.next(
      RecordChange(
        authorities: [authority.certificateDER], sealingKey: sealing.publicKey,
        endpoints: endpoints.isEmpty ? nil : endpoints), in: membership.alliance, identity: identity)
    _ = try membership.extend(coalition, with: [record])
    let chain = membership.chains[coalition]?.records ?? []
    try LedgerStore.create(folder.ledger)
    try VaultStore.create(folder.vault)
    try AuditTrail(folder).write(
      AuditNote(
        .restoredFromPeers, on: "\(coalition)", before: "record \(last.number)", after: "record \(record.number)"))
    let ledger = try LedgerStore.open(folder.ledger)
    try ledger.transaction { try $0.save(chain.filter { $0.number > 1 }) }
    try ledger.close()
    try sealing.write(to: folder.sealingKey)
    try VaultKey.create(at: folder.vaultKey)
    try authority.save(to: folder.certificates + "/authority.pem")
    try authority.issueLeaf(now: now).save(to: folder.certificates + "/node.pem")
    let settings = NodeSettingsFile(
      listen: .init(host: listenHost, port: port), health: healthListen.map { .init(listen: $0) })
    try DurableFile.write(try AnswerFormat.encode(settings, pretty: true) + [0x0A], to: folder.settings)
    try DurableFile.write(Array(RecordsFile.text(chain).utf8), to: recordFile, permissions: 0o644)
    try DurableFile.write(Array(file.text.utf8), to: folder.alliance)
    guard let first = chain.first else {
      throw Problem("not-in-roster", "the alliance file holds no record of ours", object: "\(coalition)")
    }
    try DurableFile.write(Array(try CoalitionCard(record: first).text.utf8), to: folder.card, permissions: 0o644)
    return Answer(
      coalition: coalition, name: last.name, record: record.number, home: folder.path, recordFile: recordFile)
  }
}
