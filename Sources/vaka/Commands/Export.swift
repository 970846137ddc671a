import ArgumentParser
import Foundation
import Operations
import Wire

extension IndicatorCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write our own listings, or the merged view of all coalitions', as CSV, STIX 2.1 or MISP JSON.",
      discussion: """
        Identifiers leave as digests; --reveal adds those of our own listings in the clear, from the vault, and such a file can be \
        imported again. Docs/exchange.md describes the forms. What is not signed yet is not in it.
        """)
    @Option(help: "The form of the file: csv, stix or misp.")
    var format: String
    @Flag(help: "Our own listings; this is what is exported without a word.")
    var ours = false
    @Flag(help: "The verdict on every indicator of the alliance, by the policy in force.")
    var merged = false
    @Flag(help: "Our own identifiers in the clear.")
    var reveal = false
    @Option(name: .shortAndLong, help: "The file, which only its owner can read; - or nothing for standard output.")
    var output: String?
    @OptionGroup var home: HomeOption
    @OptionGroup var json: JSONOption

    func validate() throws {
      if ours, merged { throw ValidationError("choose --ours or --merged") }
      if json.json, isStandardOutput {
        throw ValidationError("--json is about an export to a file: give --output FILE")
      }
    }

    private var isStandardOutput: Bool { output == nil || output == "-" }

    func run() throws {
      if reveal, output == nil, isatty(STDOUT_FILENO) == 1 {
        throw Problem(
          "reveal-to-terminal", "identifiers in the clear are not written to a terminal without being asked",
          object: "--reveal", next: "give --output FILE, or --output - to see them here")
      }
      let operation = ExportIndicators(
        try home.open(), form: try TableInput.choice("format", format), merged: merged, reveal: reveal)
      let file = try ExportFile(isStandardOutput ? nil : output)
      var progress = Progress("indicators written", isQuiet: json.json || isStandardOutput)
      let outcome = Result {
        let answer = try operation.run(
          now: currentMilliseconds(), toFile: !isStandardOutput, write: { try file.append($0) },
          wrote: { progress.show($0, of: $1) })
        try file.finish()
        return answer
      }
      progress.end()
      if case .failure = outcome { file.abandon() }
      let answer = try outcome.get()
      if json.json { return try Terminal.json(answer) }
      let say = isStandardOutput ? Terminal.note : Terminal.say
      let plain = answer.revealed == 0 ? "as digests" : "\(Terminal.count(answer.revealed)) in the clear"
      say("exported \(Terminal.count(answer.indicators, "indicator")) \(plain)")
      if answer.queued > 0 { say("\(Terminal.count(answer.queued, "change")) of ours not signed yet, so not in it") }
      if !isStandardOutput, answer.revealed > 0 {
        say("keep the file as the vault is kept: it names what others must not see")
      }
    }
  }
}
