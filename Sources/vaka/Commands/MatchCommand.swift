import ArgumentParser
import Foundation
import Operations

struct MatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match", abstract: "The hits that were found here.", subcommands: [List.self, Seen.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hits, newest first; the screened values are kept nowhere.",
      discussion: "A late hit is one whose listing came after the value was screened with --remember.")
    @Option(help: "Found in so many days, such as 7d; all that are kept if not given.")
    var since: DayCount?
    @Flag(help: "Late hits only.")
    var late = false
    @Flag(help: "Late hits at which nobody has looked yet.")
    var new = false
    @Option(help: "At most so many.")
    var limit = 50
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ListMatches.run(
        home.folder, since: since?.before(currentMilliseconds()) ?? 0, lateOnly: late, unseenOnly: new, limit: limit)
      if output.json { return try Terminal.json(answer) }
      guard !answer.matches.isEmpty else { return Terminal.say("no hits") }
      let rows = answer.matches.map { match in
        [
          match.foundAt, match.late ? "late" : "", match.source.isEmpty ? "(a value)" : match.source, String(match.row),
          match.column, match.type, match.verdict, match.ceiling, match.reference,
        ]
      }
      Terminal.say(
        Terminal.table(
          [["FOUND", "", "SOURCE", "ROW", "COLUMN", "TYPE", "VERDICT", "AT MOST", "REFERENCE"]] + rows))
      if answer.more > 0 { Terminal.say("\(Terminal.count(answer.more)) more; see them with --limit") }
      if answer.matches.contains(where: { $0.late && !$0.seen }) { Terminal.say("once looked at: vaka match seen") }
    }
  }

  struct Seen: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Note that somebody has looked at all late hits.")
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let count = try ListMatches.markSeen(home.folder)
      if output.json { return try Terminal.json(["seen": count]) }
      Terminal.say("\(Terminal.count(count, "late hit")) noted as looked at")
    }
  }
}
