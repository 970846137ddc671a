import Alliance
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
      A table:    vaka screen payments.csv --map iban=creditor_account
      One value:  vaka screen --value (asked unseen, or piped in)
      Many, as they come:  vaka screen --values reads one a line and answers each with a line of JSON
      On a machine with no node and no network:  vaka screen payments.csv --list FILE

      A table ends with 0, with --fail-on-hit with 1 if there are hits; a single value with 1 on a hit. Hits are logged (vaka match list);
      what does not match is not kept, unless --remember asks for a part of its digest, so that a listing that comes later is noticed.
      """)
  @Argument(help: "A CSV file, or - for standard input.")
  var file: String?
  @Flag(help: "Screen one value, asked unseen or piped in, instead of a table.")
  var value = false
  @Flag(help: "Screen values from standard input, one a line, and answer each at once with a line of JSON.")
  var values = false
  @Option(help: "The type of a single value, if more than one could fit.")
  var type: String?
  @Option(help: "Which column holds which type: TYPE=COLUMN, or TYPE=COLUMN+COLUMN; may be repeated.")
  var map: [String] = []
  @Option(help: "The table's encoding: utf-8, utf-16le, utf-16be or windows-1252; found from its content if not given.")
  var encoding: String?
  @Option(help: "Write the hits to this CSV file.")
  var hits: String?
  @Option(help: "Keep a part of each digest for so many days, such as 30d, so that later listings raise an alarm.")
  var remember: DayCount?
  @Option(help: "Screen against this copy, made by vaka list export for this folder's member, instead of a node.")
  var list: String?
  @Option(help: "The fingerprint of the coalition whose list is taken here for the first time.")
  var expect: String?
  @Flag(help: "End with 1 if a table has hits.")
  var failOnHit = false
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func validate() throws {
    if [value, values, file != nil].filter({ $0 }).count != 1 {
      throw ValidationError("name a file to screen, or give --value or --values")
    }
    if values, hits != nil { throw ValidationError("--hits is for a table or a single value") }
    if encoding != nil, file == nil { throw ValidationError("--encoding is for a table") }
    if expect != nil, list == nil { throw ValidationError("--expect is for --list") }
  }

  func run() throws {
    let screen = try open()
    defer { screen.close() }
    if values { return try answerLines(screen) }
    // Only what is shown is kept; a table may have any number of hits.
    var found: [Screen.Hit] = []
    let answer: Screen.Answer
    let writer = try hits.map { try HitsFile($0) }
    if let file {
      var progress = Progress("bytes screened", isQuiet: output.json)
      defer { progress.end() }
      answer = try screen.table(
        TableInput.source(file), maps: TableInput.maps(map),
        encoding: encoding.map { try TableInput.choice("encoding", $0) }, rememberDays: remember?.days,
        now: currentMilliseconds(), read: { progress.show($0, of: $1) },
        found: { hit in
          if output.json || found.count < ScreeningReport.mostShown { found.append(hit) }
          try writer?.append(hit)
        })
      progress.end()
    } else {
      let text = try IdentifierInput.read(Terminal.isInteractive ? nil : "-")
      let single = try screen.value(
        text, type: IdentifierInput.type(type), rememberDays: remember?.days, now: currentMilliseconds())
      answer = single.0
      found = single.hit.map { [$0] } ?? []
      for hit in found { try writer?.append(hit) }
    }
    try writer?.finish()
    let report = ScreeningReport(summary: answer, hits: found)
    if output.json {
      try Terminal.json(report)
    } else {
      report.show(isWritten: hits != nil, isEncodingGiven: encoding != nil)
    }
    if !found.isEmpty && (value || failOnHit) { throw ExitCode(1) }
  }

  private func open() throws -> Screen {
    guard let list else { return try Screen(home.open(), now: currentMilliseconds()) }
    return try Screen(MemberHome(home.folder), list: list) { coalition, name, fingerprint in
      if let expect { return fingerprint.matches(expect) }
      Terminal.note("The list is signed by \(coalition), \(name), identity \(fingerprint).")
      return Terminal.confirm("Does \(coalition) read the same fingerprint to you by telephone?")
    }
  }

  /// One line in, one line out, until the end of the input; a value that cannot be read is answered with why.
  private func answerLines(_ screen: Screen) throws {
    let type = try IdentifierInput.type(type)
    while let line = readLine() {
      let text = line.trimmingCharacters(in: .whitespaces)
      let answer: ValueAnswer
      do {
        let (summary, hit) = try screen.value(
          text, type: type, rememberDays: remember?.days, now: currentMilliseconds())
        answer = ValueAnswer(hit: hit, freshness: summary.freshness)
      } catch let problem as Problem where problem.object == "identifier" {
        answer = ValueAnswer(problem: problem)
      }
      Terminal.say(String(decoding: try AnswerFormat.encode(answer), as: UTF8.self))
    }
  }

  private struct ValueAnswer: Encodable {
    var hit: Screen.Hit?
    var freshness: ListFreshness?
    var problem: Problem?
  }
}

/// What a screening found, for a person or as JSON.
struct ScreeningReport: Encodable {
  static let mostShown = 20

  let summary: Screen.Answer
  let hits: [Screen.Hit]

  /// - Parameters:
  ///   - isWritten: whether all hits are in a file too.
  ///   - isEncodingGiven: whether the person has said in which encoding the table is.
  func show(isWritten: Bool, isEncodingGiven: Bool) {
    Terminal.say(
      "screened \(Terminal.count(summary.rows, "row")) · \(Terminal.count(summary.identifiers, "identifier")) · "
        + "\(Terminal.count(summary.hits, "hit")) on \(Terminal.count(summary.indicators, "indicator"))"
        + (summary.invalid == 0 ? "" : " · \(Terminal.count(summary.invalid)) not valid, so not screened"))
    TableInput.tell(encoding: summary.encoding, isGiven: isEncodingGiven)
    showFreshness()
    if let remembered = summary.remembered { Terminal.say("remembered \(Terminal.count(remembered, "digest"))") }
    if let late = summary.lateHits, late > 0 {
      Terminal.say("\(Terminal.count(late, "value")) screened before listed since: vaka match list --new")
    }
    if let held = summary.held {
      Terminal.say(
        "\(Terminal.count(held, "indicator")) matched too much for one seller: held, so at most monitor from now on; see "
          + "vaka guard list")
    }
    guard !hits.isEmpty else { return }
    let rows = hits.prefix(Self.mostShown).map {
      [
        String($0.row), $0.column, $0.type, $0.verdict, list($0.corroboratedBy), $0.ceiling,
        $0.reasons.joined(separator: " "), $0.reference,
      ]
    }
    Terminal.say(
      Terminal.table([["ROW", "COLUMN", "TYPE", "VERDICT", "BY", "AT MOST", "REASONS", "REFERENCE"]] + rows))
    let more = summary.hits - rows.count
    if more > 0 {
      Terminal.say("\(Terminal.count(more)) more" + (isWritten ? "" : "; write them all with --hits FILE"))
    }
  }

  private func showFreshness() {
    let freshness = summary.freshness
    let heard =
      freshness.asOfSeconds.map { "as of \(Moment.span(seconds: $0)) ago" } ?? "no peer was ever heard"
    let list = freshness.asOfSeconds == nil ? heard : "list \(heard)"
    Terminal.say("\(list); \(freshness.stalePeers) of \(freshness.peers) peers stale")
    if let madeBy = freshness.madeBy {
      let age = Moment.span(seconds: freshness.madeSecondsAgo ?? 0)
      Terminal.say("copy made by \(madeBy) \(age) ago")
      if freshness.isOld == true {
        Terminal.note("warning: the copy is not fresh, so newer listings are missed: ask \(madeBy) for a new one")
      }
    }
    if let warning = OpenHashKeys.warning(missing: freshness.missingHashKeys ?? []) {
      Terminal.note("warning: \(warning)")
    }
    if !freshness.held.isEmpty { Terminal.say("kept at an older head: \(vaka.list(freshness.held))") }
  }
}
