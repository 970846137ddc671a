import ArgumentParser
import Formats
import Foundation
import Keys
import Operations
import Wire

struct ScreenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen", abstract: "Screen identifiers against what the alliance lists.",
    discussion: """
      A table: vaka screen payments.csv --map iban=creditor_account. One value: vaka screen --value (asked unseen), or
      piped in. A table ends with 0, with --fail-on-hit with 1 if there are hits; a single value with 1 on a hit.
      """)
  @Argument(help: "A CSV file, or - for standard input.")
  var file: String?
  @Flag(help: "Screen one value, asked unseen or piped in, instead of a table.")
  var value = false
  @Option(help: "The type of a single value, if more than one could fit.")
  var type: String?
  @Option(help: "Which column holds which type: TYPE=COLUMN, or TYPE=COLUMN+COLUMN; may be repeated.")
  var map: [String] = []
  @Option(help: "Write the hits to this CSV file.")
  var hits: String?
  @Flag(help: "End with 1 if a table has hits.")
  var failOnHit = false
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  private static let mostShown = 20

  private struct Report: Encodable {
    let summary: Screen.Answer
    let hits: [Screen.Hit]
  }

  func validate() throws {
    if value == (file != nil) { throw ValidationError("name a file to screen, or give --value") }
  }

  func run() throws {
    let screen = try Screen(home.open(), now: currentMilliseconds())
    // Only what is shown is kept; a table may have any number of hits.
    var found: [Screen.Hit] = []
    let answer: Screen.Answer
    let writer = try hits.map { try HitsFile($0) }
    if let file {
      answer = try screen.table(TableInput.source(file), maps: TableInput.maps(map)) { hit in
        if output.json || found.count < Self.mostShown { found.append(hit) }
        try writer?.append(hit)
      }
    } else {
      let text = try IdentifierInput.read(Terminal.isInteractive ? nil : "-")
      let single = try screen.value(text, type: IdentifierInput.type(type))
      answer = single.0
      found = single.hit.map { [$0] } ?? []
      for hit in found { try writer?.append(hit) }
    }
    try writer?.finish()
    if output.json { try Terminal.json(Report(summary: answer, hits: found)) } else { show(answer, found) }
    if !found.isEmpty && (value || failOnHit) { throw ExitCode(1) }
  }

  private func show(_ answer: Screen.Answer, _ found: [Screen.Hit]) {
    Terminal.say(
      "screened \(Terminal.count(answer.rows, "row")) · \(Terminal.count(answer.identifiers, "identifier")) · "
        + "\(Terminal.count(answer.hits, "hit")) on \(Terminal.count(answer.indicators, "indicator"))"
        + (answer.invalid == 0 ? "" : " · \(Terminal.count(answer.invalid)) not valid, so not screened"))
    let freshness = answer.freshness
    let asOf =
      freshness.asOfSeconds.map { "list as of \(Terminal.duration(seconds: $0)) ago" } ?? "no peer was ever heard"
    Terminal.say("\(asOf); \(freshness.stalePeers) of \(freshness.peers) peers stale")
    if !freshness.held.isEmpty { Terminal.say("kept at an older head: \(list(freshness.held))") }
    guard !found.isEmpty else { return }
    let rows = found.prefix(Self.mostShown).map {
      [
        String($0.row), $0.column, $0.type, $0.verdict, list($0.corroboratedBy), $0.ceiling,
        $0.reasons.joined(separator: " "), $0.reference,
      ]
    }
    Terminal.say(
      Terminal.table([["ROW", "COLUMN", "TYPE", "VERDICT", "BY", "AT MOST", "REASONS", "REFERENCE"]] + rows))
    let more = answer.hits - rows.count
    if more > 0 {
      Terminal.say("\(Terminal.count(more)) more" + (hits == nil ? "; write them all with --hits FILE" : ""))
    }
  }
}
