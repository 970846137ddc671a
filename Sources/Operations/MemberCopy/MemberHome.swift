public import Alliance
internal import Foundation
internal import Keys
public import Store
public import Wire

/// A member's folder: its sealing key, its card, the coalition whose lists it takes, and its screening log. There is no node in it.
public struct MemberHome: Sendable {
  public let folder: NodeFolder
  public let card: MemberCard

  /// - Throws: `Problem` `member-home-empty` if no member was made here.
  public init(_ folder: NodeFolder) throws(Problem) {
    self.folder = folder
    guard DurableFile.exists(folder.memberCard) else {
      throw Problem(
        "member-home-empty", "there is no member in this folder", object: folder.path,
        next: "make one with vaka init --member NAME, or name another folder with --home or VAKA_HOME")
    }
    card = try MemberCard(text: NodeHome.text(folder.memberCard, "card"), file: folder.memberCard)
  }

  /// `vaka init --member`: a sealing key and the card for the coalition; the card comes last, so that a folder with a card is whole.
  /// - Throws: `Problem` `home-taken`, `bad-name`, or what the file system says.
  public static func make(_ member: MemberID, name: String, in folder: NodeFolder) throws(Problem) -> MemberHome {
    guard !DurableFile.exists(folder.memberCard), !DurableFile.exists(folder.card) else {
      throw Problem(
        "home-taken", "a node or a member was made in this folder before; nothing was changed", object: folder.path,
        next: "name another folder with --home")
    }
    let key = SealingKey()
    let card = try MemberCard(member: member, name: name, sealingKey: key.publicKey)
    try folder.create()
    try key.write(to: folder.sealingKey)
    try DurableFile.write(Array(card.text.utf8), to: folder.memberCard, permissions: 0o644)
    return try MemberHome(folder)
  }

  /// The coalition whose lists are taken here; nil before its fingerprint was confirmed.
  func trusted() throws(Problem) -> CoalitionCard? {
    guard DurableFile.exists(folder.trustedCoalition) else { return nil }
    return try CoalitionCard(
      text: NodeHome.text(folder.trustedCoalition, "coalition's card"), file: folder.trustedCoalition)
  }

  func trust(_ record: MemberRecord) throws(Problem) {
    try DurableFile.write(Array(CoalitionCard(record: record).text.utf8), to: folder.trustedCoalition)
  }
}
