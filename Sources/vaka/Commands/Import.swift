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
      var table = CSVWriter().bytes(["line", "outcome", "type", "scheme", "code", "reason"])
      let showsProgress = isatty(STDERR_FILENO) == 1 && !output.json
      let answer = try operation.run(
        TableInput.read(file), dryRun: dryRun, now: currentMilliseconds(),
        report: { row in
          table += CSVWriter().bytes([
            String(row.line), row.outcome.rawValue, row.type, row.scheme, row.code, row.reason,
          ])
        },
        acknowledged: { done, all in
          if showsProgress { FileHandle.standardError.write(Data("\r\(done) of \(all) rows".utf8)) }
        })
      if showsProgress { Terminal.note("") }
      if let report { try DurableFile.write(table, to: report) }
      if output.json { try Terminal.json(answer) } else { show(answer) }
      if answer.rejected > 0 { throw ExitCode(1) }
    }

    private func show(_ answer: ImportIndicators.Answer) {
      let verb = answer.dryRun ? "would list" : "listed"
      Terminal.say(
        "\(Terminal.count(answer.rows)) rows · \(verb) \(Terminal.count(answer.new)) · already listed "
          + "\(Terminal.count(answer.alreadyListed)) · repeated \(Terminal.count(answer.repeated)) · rejected "
          + Terminal.count(answer.rejected))
      for (kind, count) in answer.kinds.sorted(by: { $0.key < $1.key }) { Terminal.say("  \(kind)  \(count)") }
      for (code, count) in answer.rejections.sorted(by: { $0.key < $1.key }) {
        Terminal.say("  rejected: \(code)  \(count)")
      }
      if answer.rejected > 0, report == nil { Terminal.say("next: see which rows with --report FILE") }
      if !answer.dryRun, !answer.nodeRunning { Terminal.say("no node is running: they are signed when one starts") }
    }
  }
}

/// Tables come from a file or from standard input.
enum TableInput {
  static func read(_ file: String) throws -> [UInt8] {
    if file == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
    return try DurableFile.read(file, noun: "table", atMost: 4 << 30)
  }

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
