import ArgumentParser
import Foundation
import Operations
import Store
import Wire

struct QuarantineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine", abstract: "What counts in no verdict, and why: kept, hashed and relayed like the rest.",
    discussion: "Nothing is skipped silently. What a later version says is judged again by itself after an upgrade.",
    subcommands: [List.self, Show.self, Replay.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Counts by coalition and reason, and the newest of them.")
    @Option(help: "At most so many.")
    var limit = 20
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ListQuarantine.run(home.open(), limit: limit)
      if output.json { return try Terminal.json(answer) }
      guard !answer.counts.isEmpty else { return Terminal.say("nothing is set aside") }
      let counts = answer.counts.map { [$0.coalition.rawValue, $0.reason, Terminal.count($0.statements)] }
      Terminal.say(Terminal.table([["BY", "REASON", "STATEMENTS"]] + counts))
      Terminal.say("")
      let rows = answer.statements.map { [$0.reference, $0.coalition.rawValue, $0.facet, $0.reason] }
      Terminal.say(Terminal.table([["REFERENCE", "BY", "KIND", "REASON"]] + rows))
      if answer.more > 0 { Terminal.say("\(Terminal.count(answer.more)) more; see them with --limit") }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What is set aside on one indicator, and what that means.")
    @Argument(help: "Its reference: at least 12 hexadecimal digits of its digest.")
    var reference: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ShowQuarantine.run(home.open(), reference: reference)
      if output.json { return try Terminal.json(answer) }
      Terminal.say(answer.reference)
      for one in answer.statements {
        Terminal.say("\(one.coalition)  \(one.facet)  \(one.reason)  \(Terminal.count(one.bytes, "byte"))")
        Terminal.say("- \(one.meaning)")
        Terminal.say("- says \(one.statement)")
      }
    }
  }

  struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Judge all of it again by this version's rules; a new version does it by itself when it starts.")
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ReplayQuarantine.run(home.open())
      if output.json { return try Terminal.json(answer) }
      Terminal.say(
        "\(Terminal.count(answer.count.freed)) count now · \(Terminal.count(answer.remaining)) still set aside"
          + (answer.count.setAside > 0 ? " · \(Terminal.count(answer.count.setAside)) set aside now" : ""))
    }
  }
}
