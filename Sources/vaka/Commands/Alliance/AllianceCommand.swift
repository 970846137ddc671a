import Alliance
import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

struct AllianceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alliance", abstract: "Found, join, show and change the alliance.",
    discussion: """
      Found it:      vaka alliance card, vaka alliance found, vaka alliance join
      Change it:     vaka alliance propose, vaka alliance proposals, vaka alliance approve, vaka alliance log
      Admit others:  vaka alliance propose --admit CARD, then vaka alliance invite
      """,
    subcommands: [
      Card.self, Found.self, Join.self, ShowCommand.self, ProposeCommand.self, ProposalsCommand.self,
      ApproveCommand.self, SignCommand.self, LogCommand.self, InviteCommand.self, RecordCommand.self,
    ])

  struct Card: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print this coalition's card, to send to the founders, or to the member who proposes it.")
    @OptionGroup var home: HomeOption

    func run() throws {
      let card = try home.open().card
      Terminal.note("\(card.record.coalition) \(card.record.name) · identity \(card.record.fingerprint)")
      FileHandle.standardOutput.write(Data(card.text.utf8))
    }
  }

  struct Found: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write roster 1 from the founders' cards and sign it; prints the alliance file.")
    @Argument(help: "The alliance's name.")
    var name: String
    @Argument(help: "The founders' cards, this coalition's among them.")
    var cards: [String]
    @Option(help: "production, exercise or demo.")
    var purpose = "production"
    @OptionGroup var home: HomeOption
    @OptionGroup var passphrase: PassphraseOption

    func run() throws {
      guard let purpose = CodeName.value(purpose, of: WirePurpose.self) else {
        throw Problem("unknown-value", "a purpose is production, exercise or demo", object: purpose)
      }
      let texts = try cards.map { path in
        (String(decoding: try DurableFile.read(path, noun: "card"), as: UTF8.self), path)
      }
      let file = try FoundAlliance(name: name, purpose: purpose, cards: texts)
        .run(in: home.folder, passphrase: passphrase.read(), now: currentMilliseconds())
      Terminal.note("alliance \(file.fingerprint) · signed by \(list(file.signers)); waiting for \(list(file.missing))")
      FileHandle.standardOutput.write(Data(file.text.utf8))
    }
  }

  struct Join: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check and sign an alliance file; install it once all founders have signed. Or accept an invitation.",
      discussion: "An invitation (vaka alliance invite) is checked from the first roster on and needs no signature.")
    @Argument(help: "The alliance file, or several copies of it; or the invitation.")
    var files: [String]
    @Flag(help: "Do not ask; needs --expect.")
    var yes = false
    @Option(help: "The alliance fingerprint that every founder, or every member, reads.")
    var expect: String?
    @OptionGroup var home: HomeOption
    @OptionGroup var passphrase: PassphraseOption
    @OptionGroup var output: JSONOption

    func validate() throws {
      if yes && expect == nil { throw ValidationError("--yes needs --expect FINGERPRINT") }
    }

    func run() throws {
      let texts = try files.map { path in
        (String(decoding: try DurableFile.read(path, noun: "alliance file", atMost: 8 << 20), as: UTF8.self), path)
      }
      let (answer, text) = try JoinAlliance(files: texts).run(
        in: home.folder, passphrase: passphrase.read,
        confirm: { fingerprint in
          if let expect { return fingerprint.matches(expect) }
          return Terminal.confirm("Do the others read \(fingerprint) (vaka alliance show)?")
        })
      // An invitation is a union of nothing: it stays as it was sent.
      for path in files where answer.roster == 1 {
        try DurableFile.write(Array(text.utf8), to: path, permissions: 0o644)
      }
      if output.json { return try Terminal.json(answer) }
      for dropped in answer.dropped { Terminal.note("left out, not valid: \(dropped)") }
      if answer.roster > 1 {
        Terminal.say("\(answer.alliance): roster \(answer.roster), \(list(answer.members)); installed here")
        Terminal.say("next: vaka serve, then vaka status, which shows how far the copies are")
      } else if answer.installed {
        Terminal.say("\(answer.alliance): complete, signed by \(list(answer.signed)); installed here")
        Terminal.say("next: vaka serve")
      } else {
        Terminal.say("signed by \(list(answer.signed)); waiting for \(list(answer.missing))")
      }
    }
  }
}

/// Coalitions as people read them.
func list(_ coalitions: [CoalitionID]) -> String {
  coalitions.isEmpty ? "nobody" : coalitions.map(\.rawValue).joined(separator: ", ")
}
