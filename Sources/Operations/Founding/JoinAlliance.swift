public import Alliance
internal import Audit
internal import Keys
internal import Signing
public import Store
public import Wire

/// `vaka alliance join`: checks an alliance file, signs it if we have not, and installs it once everyone has. An invitation, whose
/// later rosters name us, is installed without signing: those who were members then have voted for it.
public struct JoinAlliance: Sendable {
  /// Copies of the file: any order, any number; their signatures are united.
  public let files: [(text: String, file: String)]

  public init(files: [(text: String, file: String)]) { self.files = files }

  public struct Answer: Sendable, Codable {
    public let alliance: String
    public let fingerprint: String
    public let signed: [CoalitionID]
    public let missing: [CoalitionID]
    public let installed: Bool
    /// Signatures that were not valid and are left out.
    public let dropped: [String]
    /// Number of the newest roster in the file.
    public let roster: UInt32
    public let members: [CoalitionID]
  }

  /// - Parameters:
  ///   - passphrase: asked for only if we have not signed yet.
  ///   - confirm: whether every founder reads this alliance fingerprint; asked once, by people over the telephone.
  /// - Returns: the answer, and the text to write back to the files.
  /// - Throws: `Problem` `not-in-roster`, `another-alliance`, `record-changed`, `fingerprint-refused`, or what the file says.
  public func run(
    in folder: NodeFolder, passphrase: () throws -> String, confirm: (Fingerprint) throws -> Bool
  ) throws -> (Answer, text: String) {
    let home = try NodeHome(folder)
    guard let first = files.first else {
      throw Problem("no-file", "name the alliance file to join", next: "vaka alliance join FILE")
    }
    var (file, dropped) = try AllianceFile.read(text: first.text, file: first.file)
    for other in files.dropFirst() {
      let (copy, more) = try AllianceFile.read(text: other.text, file: other.file)
      file = try file.merging(copy)
      dropped += more
    }
    for kept in [folder.founding, folder.alliance] where DurableFile.exists(kept) {
      file = try AllianceFile.read(text: NodeHome.text(kept, "alliance file"), file: kept).0.merging(file)
    }
    let chain = file.later.isEmpty ? nil : try file.chain()
    if let chain { try checkOurs(chain.newest, home) } else { try checkOurs(file, home) }
    guard try confirm(file.fingerprint) else {
      throw Problem(
        "fingerprint-refused", "the founders do not all read \(file.fingerprint); nothing was signed or installed",
        object: file.roster.name, next: "find out who sent which file, and start again from one")
    }
    if let chain {
      try installInvitation(file, home)
      return (Answer(file, chain.newest, dropped), file.text)
    }
    if !file.signers.contains(home.coalition) {
      let identity = try Self.identity(of: home, passphrase: passphrase())
      file = try file.signed(by: identity)
      try AuditTrail(folder).write(
        AuditNote(.allianceSigned, on: "\(file.fingerprint)", after: "roster 1 signed as \(home.coalition)"))
    }
    try DurableFile.write(Array(file.text.utf8), to: folder.founding)
    if file.isComplete { try install(file, home) }
    return (Answer(file, file.roster, dropped), file.text)
  }

  /// A newcomer's own card is what the roster pins; of one that comes back, a record that is known here.
  private func checkOurs(_ roster: Roster, _ home: NodeHome) throws {
    guard let member = roster.member(home.coalition) else {
      throw Problem(
        "not-in-roster", "roster \(roster.number), the newest in the file, does not name \(home.coalition)",
        object: roster.name,
        next: "ask who invited you whether it is decided (vaka alliance proposals), and for a new invitation")
    }
    let ours = [home.card.record] + (home.membership == nil ? [] : try home.records())
    guard let record = ours.first(where: { $0.coalition == home.coalition && $0.hash == member.recordHash }) else {
      throw Problem(
        "record-changed", "roster \(roster.number) holds another card of \(home.coalition) than this node's",
        object: roster.name, next: "send the proposer this node's card: vaka alliance card; nothing was installed")
    }
    // Another key than the record's signs from the next record on: a roster has given us a new one.
    guard record.number > 1 || home.membership != nil || record.identityKey == member.identityKey else {
      throw Problem(
        "record-changed", "roster \(roster.number) gives \(home.coalition) another identity key than this node's",
        object: roster.name, next: "ask the members what they voted for; nothing was installed")
    }
  }

  /// - Throws: `Problem` `home-in-use` while a node runs here.
  private func installInvitation(_ file: AllianceFile, _ home: NodeHome) throws {
    switch try HomeHolder.find(home) {
    case .node:
      throw Problem(
        "home-in-use", "a node runs here, and takes new rosters from its peers by itself", object: home.folder.path,
        next: "if it cannot reach any of them: stop it, and join again")
    case .us(let lease):
      try withExtendedLifetime(lease) {
        // Hash keys come from the members, sealed to us, once the node runs.
        try DurableFile.write(Array(file.text.utf8), to: home.folder.alliance)
      }
    }
  }

  private func checkOurs(_ file: AllianceFile, _ home: NodeHome) throws(Problem) {
    guard let member = file.roster.member(home.coalition) else {
      throw Problem(
        "not-in-roster", "the roster does not name \(home.coalition)", object: file.roster.name,
        next: "ask the founder who made it to add your card")
    }
    guard member.identityKey == home.card.record.identityKey, member.recordHash == home.card.record.hash else {
      throw Problem(
        "record-changed", "the roster holds another card of \(home.coalition) than this node's",
        object: file.roster.name,
        next: "send the founder this node's card: vaka alliance card")
    }
  }

  private func install(_ file: AllianceFile, _ home: NodeHome) throws(Problem) {
    if !DurableFile.exists(home.folder.alliance) {
      try AuditTrail(home.folder).write(
        AuditNote(
          .allianceInstalled, on: "\(file.fingerprint)", after: "roster \(file.roster.number)",
          count: file.roster.members.count))
    }
    let sealing = try SealingKey(file: home.folder.sealingKey)
    for commitment in file.roster.hashKeys {
      guard let sealed = file.sealedKey(for: home.coalition, keyEpoch: commitment.keyEpoch) else { continue }
      let key = try sealing.open(sealed, in: file.alliance, commitment: commitment)
      try HashKeyFile.write(key, to: home.folder.hashKey(epoch: commitment.keyEpoch))
    }
    try DurableFile.write(Array(file.text.utf8), to: home.folder.alliance)
  }

  /// - Parameter place: where the key lies, if not in the node's folder.
  static func identity(
    of home: NodeHome, at place: String? = nil, passphrase: String
  ) throws(Problem) -> SigningKey {
    let path = place ?? home.folder.identityKey
    guard DurableFile.exists(path) else {
      throw Problem(
        "identity-key-away", "the identity key is not on this machine", object: path,
        next: "bring it back for this one act, then move it offline again")
    }
    let key = try IdentityKeyFile.open(text: NodeHome.text(path, "identity key"), file: path, passphrase: passphrase)
    // A roster may have given us another one since.
    let member = home.membership?.roster.member(home.coalition)
    guard key.verifyingKey == member?.identityKey ?? home.card.record.identityKey else {
      throw Problem(
        "identity-key-other", "this identity key is not the one in the node's \(member == nil ? "card" : "roster")",
        object: path)
    }
    return key
  }
}

extension JoinAlliance.Answer {
  init(_ file: AllianceFile, _ newest: Roster, _ dropped: [String]) {
    alliance = newest.name
    fingerprint = file.fingerprint.description
    signed = file.signers
    missing = file.missing
    installed = file.isComplete
    self.dropped = dropped
    roster = newest.number
    members = newest.coalitions
  }
}
