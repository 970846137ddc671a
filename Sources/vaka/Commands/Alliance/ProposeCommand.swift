import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

struct ProposeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "propose", abstract: "Propose a change of who is in the alliance and by what keys; signs it.",
    discussion: """
      Admit somebody:       vaka alliance propose --admit de.card
      Remove somebody:      vaka alliance propose --remove us
      A lost identity key:  vaka alliance propose --identity us:us-new.card
      Needs the identity key and the running node. If it is not our turn, --open-round asks the others for a promise first;
      when enough have promised, vaka alliance propose --continue proposes what was meant.
      """)
  @Option(
    parsing: .upToNextOption,
    help: "The card of a newcomer, or the file with the records of one that comes back; several may follow.")
  var admit: [String] = []
  @Option(parsing: .upToNextOption, help: "Remove this coalition and all that it lists; brings a new hash key.")
  var remove: [String] = []
  @Option(help: "What a member may list at most, as ID:STATEMENTS or ID:STATEMENTS:BYTES; may be repeated.")
  var quota: [String] = []
  @Flag(help: "Bring a new hash key.")
  var hashKey = false
  @Option(help: "The day on which a hash key closes, as EPOCH:DAY; may be repeated.")
  var closeHashKey: [String] = []
  @Option(
    help:
      "Pin a member's record as the one that holds, as ID:NUMBER, or ID:NUMBER:HASH if two were signed; may be repeated."
  )
  var pin: [String] = []
  @Option(help: "Give a member the identity key of this card, as ID:CARD, because its own is lost; may be repeated.")
  var identity: [String] = []
  @Option(help: "Another name for a member, as ID:NAME; may be repeated.")
  var memberName: [String] = []
  @Option(help: "Another name for the alliance.")
  var name: String?
  @Option(help: "The last day of the roster, such as 2027-05-31; after it everyone warns, and nothing ends.")
  var expires: String?
  @Flag(help: "If it is not our turn: open a round of ours, and keep the change as a draft.")
  var openRound = false
  @Flag(name: .customLong("continue"), help: "Propose the draft, now that enough have promised.")
  var continues = false
  @OptionGroup var signing: SigningOptions
  @OptionGroup var home: HomeOption
  @OptionGroup var passphrase: PassphraseOption
  @OptionGroup var output: JSONOption

  func validate() throws {
    guard continues else { return }
    if !admit.isEmpty || !remove.isEmpty || !quota.isEmpty || hashKey || !closeHashKey.isEmpty || !pin.isEmpty
      || !identity.isEmpty || !memberName.isEmpty || name != nil || expires != nil || openRound
    {
      throw ValidationError("--continue proposes the draft as it is; for another change leave it out")
    }
  }

  func run() throws {
    let home = try home.open()
    let plan =
      try continues
      ? ProposeRoster.plan(continuing: home)
      : ProposeRoster.plan(change(), in: home, opensRound: openRound, now: currentMilliseconds())
    try signing.finish(plan, passphrase, output)
  }

  private func change() throws -> ProposedChange {
    var change = ProposedChange()
    change.admits = try admit.map(Self.document)
    change.removes = try remove.map(coalitionID)
    for text in quota { try change.addQuota(text) }
    change.wantsHashKey = hashKey
    for text in closeHashKey { try change.addClosing(text) }
    for text in pin { try change.addPin(text) }
    for text in identity {
      let (coalition, file) = try ProposedChange.pair(text, "a new identity key is ID:CARD")
      change.identities[coalition] = try Self.document(file)
    }
    for text in memberName { try change.addMemberName(text) }
    change.allianceName = name
    change.expires = try expires.map { try Day.parse($0) }
    return change
  }

  private static func document(_ path: String) throws -> ProposedChange.Document {
    let bytes = try DurableFile.read(path, noun: "card", atMost: 8 << 20)
    return .init(text: String(decoding: bytes, as: UTF8.self), file: path)
  }
}
