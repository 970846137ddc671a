import ArgumentParser
import Formats
import Foundation
import Keys
import Operations
import Wire

extension IndicatorCommand {
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the identifiers of a CSV file; a second run changes nothing.")
    @Argument(help: "The file, or - for standard input.")
    var file: String
    @Option(help: "Which column holds which type: TYPE=COLUMN, or TYPE=COLUMN+COLUMN; may be repeated.")
    var map: [String] = []
    @Flag(help: "Judge every row and change nothing.")
    var dryRun = false
    @Option(help: "Rows a batch, each batch acknowledged when it is durable.")
    var batch = ImportIndicators.standardBatch
    @Option(help: "Write a verdict for every row to this file, without the values.")
    var report: String?
    @OptionGroup var listing: ListingOptions
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let operation = try ImportIndicators(
        home.open(), template: listing.template(), maps: TableInput.maps(map), batch: batch)
      var verdicts = ReportFile(report)
      try verdicts.write()
      var reading = Progress("rows read", isQuiet: output.json)
      var writing = Progress("rows acknowledged", isQuiet: output.json)
      var rows = 0
      let outcome = Result {
        try operation.run(
          TableInput.source(file), dryRun: dryRun, now: currentMilliseconds(),
          report: { row in
            verdicts.note(row)
            rows += 1
            reading.show(rows)
          }, acknowledged: { done, all in writing.show(done, of: all) })
      }
      reading.end()
      writing.end()
      // Also when the import stopped: what was wrong with which row is known by then.
      try verdicts.write()
      let answer = try outcome.get()
      if output.json { try Terminal.json(answer) } else { show(answer, verdicts.firstRejected) }
      if answer.rejected > 0 { throw ExitCode(1) }
    }

    private func show(_ answer: ImportIndicators.Answer, _ rejected: [ImportIndicators.RowVerdict]) {
      let verb = answer.dryRun ? "would list" : "listed"
      Terminal.say(
        "\(Terminal.count(answer.rows, "row")) · \(verb) \(Terminal.count(answer.new)) · already listed "
          + "\(Terminal.count(answer.alreadyListed)) · repeated \(Terminal.count(answer.repeated)) · rejected "
          + Terminal.count(answer.rejected))
      for (kind, count) in answer.kinds.sorted(by: { $0.key < $1.key }) { Terminal.say("  \(kind)  \(count)") }
      for (code, count) in answer.rejections.sorted(by: { $0.key < $1.key }) {
        Terminal.say("  rejected: \(code)  \(count)")
      }
      for row in rejected { Terminal.say("  line \(row.line): \(row.reason) [\(row.code)]") }
      if answer.rejected > rejected.count, report == nil {
        Terminal.say("  and \(Terminal.count(answer.rejected - rejected.count)) more; all of them with --report FILE")
      }
      if let group = answer.group { Terminal.say("group  \(group)") }
      if !answer.dryRun, !answer.nodeRunning { Terminal.say("no node is running: they are signed when one starts") }
    }
  }
}

/// The verdict for every row, without its value, in a file if one was asked for.
struct ReportFile {
  private static let mostShown = 5

  private let path: String?
  private var table = CSVWriter().bytes(["line", "outcome", "type", "scheme", "code", "reason"])
  /// For the terminal.
  private(set) var firstRejected: [ImportIndicators.RowVerdict] = []

  init(_ path: String?) { self.path = path }

  mutating func note(_ row: ImportIndicators.RowVerdict) {
    if row.outcome == .rejected, firstRejected.count < Self.mostShown { firstRejected.append(row) }
    guard path != nil else { return }
    table += CSVWriter().bytes([
      String(row.line), row.outcome.rawValue, row.type, row.scheme, row.code, row.reason,
    ])
  }

  /// Called first with the header alone, so that a path that cannot be written is known before anything is listed.
  func write() throws { if let path { try DurableFile.write(table, to: path) } }
}

/// Tables come from a file or from standard input.
enum TableInput {
  static func source(_ file: String) -> TableSource { file == "-" ? .standardInput : .file(file) }

  static func maps(_ flags: [String]) throws -> [ColumnMap] {
    try flags.map { flag in
      do throws(ColumnMapProblem) {
        return try ColumnMap(flag: flag)
      } catch {
        throw Problem(error.code, error.reason, object: "--map")
      }
    }
  }
}
