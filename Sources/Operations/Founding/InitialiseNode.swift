internal import Alliance
internal import Audit
public import Foundation
internal import Keys
internal import Signing
public import Store
public import Wire

/// `vaka init`: a coalition's keys, certificate authority, record and empty node, in one folder.
public struct InitialiseNode: Sendable {
  public var coalition: CoalitionID
  public var name: String
  public var endpoints: [String]
  /// Nil for the standard one.
  public var trustDomain: String?
  public var listenHost: String
  public var listenPort: Int
  /// Where health and metrics are asked: HOST:PORT or `off`; nil for the usual place.
  public var healthListen: String?

  public init(
    coalition: CoalitionID, name: String, endpoints: [String], trustDomain: String?, listenHost: String,
    listenPort: Int, healthListen: String? = nil
  ) {
    self.coalition = coalition
    self.name = name
    self.endpoints = endpoints
    self.trustDomain = trustDomain
    self.listenHost = listenHost
    self.listenPort = listenPort
    self.healthListen = healthListen
  }

  public struct Answer: Sendable, Codable {
    public let coalition: CoalitionID
    public let name: String
    public let identity: String
    public let trustDomain: String
    public let home: String
    public let identityKey: String
  }

  /// Everything is made in the folder; the card comes last, so that a folder with a card is whole.
  /// - Throws: `Problem` `home-taken` if a node is there already, or what a part says.
  public func run(in folder: NodeFolder, passphrase: String, now: Date) throws -> Answer {
    guard !DurableFile.exists(folder.card) else {
      throw Problem(
        "home-taken", "a node was made in this folder before; nothing was changed", object: folder.path,
        next: "name another folder with --home")
    }
    try folder.create()
    let identity = try FreshKeys.signingKey()
    let trustDomain = trustDomain ?? TrustDomain.standard(for: coalition, identity: identity.verifyingKey)
    let signing = try FreshKeys.signingKey()
    let sealing = SealingKey()
    guard MemberRecord.isName(name) else {
      throw Problem("bad-name", "a name is 1 to 120 printable characters", next: "give one with --name")
    }
    let authority = try CertificateAuthority.make(
      trustDomain: trustDomain, organisation: String(name.prefix(64)), now: now)
    let record = try MemberRecord.first(
      coalition: coalition, name: name, trustDomain: trustDomain, identity: identity, signing: signing.verifyingKey,
      sealingKey: sealing.publicKey, authority: authority.certificateDER, endpoints: endpoints)
    let identityFile = try IdentityKeyFile.seal(identity, of: coalition, passphrase: passphrase)
    // The first to be made: a folder that has a ledger is refused before any key in it is written over.
    try LedgerStore.create(folder.ledger)
    try VaultStore.create(folder.vault)
    try AuditTrail(folder).write(
      AuditNote(
        .nodeMade, on: "\(coalition)",
        after: "identity \(record.fingerprint), signing key \(Hexadecimal.encode(signing.verifyingKey.keyID))"))
    // A key never stands without its pledge, or it would have to ask the others what it has signed.
    try PledgeFile(besides: folder.identityKey).begin()
    try DurableFile.write(Array(identityFile.utf8), to: folder.identityKey)
    try SigningKeyFile.write(signing, to: folder.signingKey(epoch: 1))
    try sealing.write(to: folder.sealingKey)
    try VaultKey.create(at: folder.vaultKey)
    try authority.save(to: folder.certificates + "/authority.pem")
    try authority.issueLeaf(now: now).save(to: folder.certificates + "/node.pem")
    try SignMark.create(at: folder.signMark)
    let settings = NodeSettingsFile(
      listen: .init(host: listenHost, port: listenPort), health: healthListen.map { .init(listen: $0) })
    try DurableFile.write(try AnswerFormat.encode(settings, pretty: true) + [0x0A], to: folder.settings)
    try DurableFile.write(Array(try CoalitionCard(record: record).text.utf8), to: folder.card, permissions: 0o644)
    return Answer(
      coalition: coalition, name: name, identity: record.fingerprint.description, trustDomain: trustDomain,
      home: folder.path, identityKey: folder.identityKey)
  }
}

/// What `init` writes for `serve` to read.
struct NodeSettingsFile: Codable {
  struct Listen: Codable {
    var host: String
    var port: Int
  }

  struct Health: Codable {
    var listen: String
  }

  var listen: Listen
  var health: Health?
}
