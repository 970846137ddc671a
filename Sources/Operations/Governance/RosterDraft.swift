public import Alliance
internal import Foundation
internal import Keys
internal import Signing
internal import Store
public import Wire

/// A roster that we mean to propose, kept from the moment at which it was thought of until it is proposed: opening a round takes
/// others' promises, and so days.
public struct RosterDraft: Sendable, Codable {
  /// The round in which it is to be proposed.
  public let round: UInt32
  private let body: Data
  /// Records of newcomers that are proposed with it, as `RecordsFile` writes them.
  private let records: String?

  init(_ roster: Roster, round: RosterRound, newcomers: [MemberRecord]) {
    self.round = round.number
    body = Data(roster.signed.body)
    records = newcomers.isEmpty ? nil : RecordsFile.text(newcomers)
  }

  /// - Throws: `Problem` `roster-unreadable` or `roster-malformed`.
  public func roster() throws(Problem) -> Roster {
    try Roster(SignedObject(type: .roster, body: Array(body), signatures: []))
  }

  public func newcomers() throws(Problem) -> [MemberRecord] {
    try records.map { text throws(Problem) in try RecordsFile.read(text, file: "newcomers' records") } ?? []
  }

  /// The draft that was kept here; nil if there is none, or if another roster has come in between.
  static func read(_ home: NodeHome, after chain: RosterChain) throws(Problem) -> RosterDraft? {
    guard DurableFile.exists(home.folder.rosterDraft) else { return nil }
    let bytes = try DurableFile.read(home.folder.rosterDraft, noun: "draft of a roster", atMost: 8 << 20)
    let draft = try AnswerFormat.decode(RosterDraft.self, from: bytes)
    return try draft.roster().previous == chain.newest.hash ? draft : nil
  }

  func save(in home: NodeHome) throws(Problem) {
    try DurableFile.write(AnswerFormat.encode(self), to: home.folder.rosterDraft)
  }
}
