import Alliance
import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "The member's copy: a signed and sealed list, to screen with no node and no network.",
    discussion: """
      The member, once:    vaka init --member bank-a --name "Demo Bank A"; vaka list card > bank-a.card
      The coalition:       vaka list export --for bank-a.card --output bank-a.list
      The member, daily:   vaka screen payments.csv --list bank-a.list --map iban=creditor_account

      Who opens a list holds the hash key in it, and can try guesses against every digest: make lists for members that may.
      """,
    subcommands: [Card.self, Export.self, Show.self, Log.self])

  struct Card: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print this member's card, for its coalition.")
    @OptionGroup var home: HomeOption

    func run() throws {
      let card = try MemberHome(home.folder).card
      FileHandle.standardOutput.write(Data(card.text.utf8))
      Terminal.note("card of \(card.member), fingerprint \(card.fingerprint): read it to your coalition by telephone")
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the copy for one member; each is recorded (vaka list log).")
    @Option(name: .customLong("for"), help: ArgumentHelp("The member's card.", valueName: "card"))
    var card: String
    @Option(help: "Write the list to this file; else to standard output.")
    var output: String?
    @Option(help: "The fingerprint of the card, as the member reads it; refused if the card has another.")
    var expect: String?
    @OptionGroup var home: HomeOption
    @OptionGroup var json: JSONOption

    func validate() throws {
      if json.json, output == nil { throw ValidationError("--json needs --output: standard output is the list") }
    }

    func run() throws {
      let text = String(decoding: try DurableFile.read(card, noun: "card"), as: UTF8.self)
      let member = try MemberCard(text: text, file: card)
      if let expect, !member.fingerprint.matches(expect) {
        throw Problem(
          "fingerprint-refused", "the card's fingerprint is \(member.fingerprint); no list was made", object: card,
          next: "ask the member for its card again, and compare by telephone")
      }
      guard output != nil || isatty(STDOUT_FILENO) == 0 else {
        throw Problem("no-output", "a list is no text for a terminal", next: "give --output FILE")
      }
      let (answer, file) = try ExportList.run(home.open(), for: member, now: currentMilliseconds())
      if let output {
        try DurableFile.write(file, to: output)
      } else {
        FileHandle.standardOutput.write(Data(file))
      }
      if json.json { return try Terminal.json(answer) }
      Terminal.note(
        "list for \(answer.member) · \(Terminal.count(answer.entries, "indicator")) · policy \(answer.policy) · "
          + "\(answer.freshness.stalePeers) of \(answer.freshness.peers) peers stale")
      Terminal.note("sealed for the card \(answer.fingerprint): compare it with \(answer.member) by telephone")
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Whose list a file is, checked against its signature.")
    @Argument(help: "The list.")
    var file: String
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ShowList.run(file)
      if output.json { return try Terminal.json(answer) }
      Terminal.say("made by   \(answer.coalition)  \(answer.name) · identity \(answer.identity)")
      Terminal.say("for       \(answer.member)")
      Terminal.say("made at   \(answer.madeAt)")
      Terminal.say("holds     \(Terminal.count(Int(clamping: answer.entries), "indicator")) · policy \(answer.policy)")
    }
  }

  struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The lists that were made, newest first.")
    @Option(help: "At most so many.")
    var limit = 50
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ListLog.run(home.open(), limit: limit)
      if output.json { return try Terminal.json(answer) }
      guard !answer.exports.isEmpty else { return Terminal.say("no list was made here") }
      let rows = answer.exports.map { [$0.madeAt, $0.member, $0.fingerprint, Terminal.count($0.entries), $0.hash] }
      Terminal.say(Terminal.table([["MADE", "MEMBER", "CARD", "INDICATORS", "SHA-256"]] + rows))
    }
  }
}
