public import Alliance
internal import Audit
internal import Keys
internal import Signing
public import Store
public import Wire

/// `vaka alliance join`: checks an alliance file, signs it if we have not, and installs it once everyone has.
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
    try checkOurs(file, home)
    guard try confirm(file.fingerprint) else {
      throw Problem(
        "fingerprint-refused", "the founders do not all read \(file.fingerprint); nothing was signed or installed",
        object: file.roster.name, next: "find out who sent which file, and start again from one")
    }
    if !file.signers.contains(home.coalition) {
      let identity = try Self.identity(of: home, passphrase: passphrase())
      file = try file.signed(by: identity)
      try AuditTrail(folder).write(
        AuditNote(.allianceSigned, on: "\(file.fingerprint)", after: "roster 1 signed as \(home.coalition)"))
    }
    try DurableFile.write(Array(file.text.utf8), to: folder.founding)
    if file.isComplete { try install(file, home) }
    let answer = Answer(
      alliance: file.roster.name, fingerprint: file.fingerprint.description, signed: file.signers,
      missing: file.missing, installed: file.isComplete, dropped: dropped)
    return (answer, file.text)
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
    guard key.verifyingKey == home.card.record.identityKey else {
      throw Problem("identity-key-other", "this identity key is not the one in the node's card", object: path)
    }
    return key
  }
}
