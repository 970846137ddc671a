public import Alliance
internal import Keys
public import Store
public import Wire

/// What a command finds in a node's folder without opening a private key: whose it is, and in which alliance.
public struct NodeHome: Sendable {
  public let folder: NodeFolder
  public let card: CoalitionCard
  /// Nil until the alliance is complete and installed here.
  public let membership: Membership?
  private let file: AllianceFile?

  public var coalition: CoalitionID { card.record.coalition }

  /// - Throws: `Problem` `home-empty` if no node was made here.
  public init(_ folder: NodeFolder) throws(Problem) {
    self.folder = folder
    guard DurableFile.exists(folder.card) else {
      if DurableFile.exists(folder.memberCard) {
        throw Problem(
          "home-empty", "this is a member's folder, and there is no node in it", object: folder.path,
          next: "screen with your coalition's copy: vaka screen FILE --list FILE")
      }
      throw Problem(
        "home-empty", "there is no node in this folder", object: folder.path,
        next: "make one with vaka init, or name another folder with --home or VAKA_HOME")
    }
    card = try CoalitionCard(text: Self.text(folder.card, "card"), file: folder.card)
    guard DurableFile.exists(folder.alliance) else {
      (membership, file) = (nil, nil)
      return
    }
    let file = try AllianceFile.read(text: Self.text(folder.alliance, "alliance file"), file: folder.alliance).0
    membership = try Membership(file)
    self.file = file
  }

  /// - Throws: `Problem` `no-alliance` before one is installed.
  public func requireMembership() throws(Problem) -> Membership {
    if let membership { return membership }
    guard DurableFile.exists(folder.founding) else {
      throw Problem(
        "no-alliance", "this node is in no alliance yet", object: folder.path,
        next: "found one with vaka alliance found, or join one with vaka alliance join FILE")
    }
    throw Problem(
      "no-alliance", "this node has signed its alliance's roster, and the alliance is not complete here yet",
      object: folder.path,
      next: "see who is missing with vaka alliance show; with the complete file: vaka alliance join FILE")
  }

  /// With the records that came since the founding, as the store holds them.
  public func currentMembership() throws -> Membership {
    try Membership(allianceFile(), besides: records())
  }

  /// All member records that came since the founding, newcomers' included.
  func records() throws -> [MemberRecord] {
    let ledger = try LedgerStore.openReadOnly(folder.ledger)
    defer { try? ledger.close() }
    return try ledger.view { try $0.records() }
  }

  /// What is known here of the roster that comes next.
  /// - Throws: `Problem` `no-alliance`, or `roster-deliberation-unreadable`.
  public func deliberation() throws(Problem) -> Deliberation {
    let chain = try requireMembership().rosters
    guard DurableFile.exists(folder.deliberation) else { return Deliberation(after: chain) }
    let bytes = try DurableFile.read(folder.deliberation, noun: "deliberation", atMost: Deliberation.mostBytes)
    // What was said about an earlier roster is refused, statement by statement: it is past.
    return try Deliberation.read(bytes: bytes, after: chain).deliberation
  }

  /// The alliance file with every founder's signature and the sealed hash keys, as it was when this was opened.
  /// - Throws: `Problem` `no-alliance` before one is installed.
  func allianceFile() throws(Problem) -> AllianceFile {
    _ = try requireMembership()
    if let file { return file }
    return try newestAllianceFile()
  }

  /// The same as it is now, for who does not end with the command.
  public func newestAllianceFile() throws(Problem) -> AllianceFile {
    _ = try requireMembership()
    return try AllianceFile.read(text: Self.text(folder.alliance, "alliance file"), file: folder.alliance).0
  }

  static func text(_ path: String, _ noun: String) throws(Problem) -> String {
    String(decoding: try DurableFile.read(path, noun: noun, atMost: 8 << 20), as: UTF8.self)
  }
}
