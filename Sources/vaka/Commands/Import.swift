import ArgumentParser
import Formats
import Foundation
import Keys
import Operations
import Wire

extension IndicatorCommand {
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the identifiers of a CSV file, a STIX 2.1 bundle or MISP events; a second run changes nothing.",
      discussion: """
        What the file says of an identifier comes before what the options say of all. A table needs --map or --mapping, unless its \
        columns bear the names of types; Docs/exchange.md tells what is taken from STIX and MISP, and what is refused.
        """)
    @Argument(help: "The file, or - for standard input.")
    var file: String
    @Option(help: "The form of the file: csv, stix or misp; found from its content if not given.")
    var format: String?
    @Option(help: "Which column of a table holds which type: TYPE=COLUMN, or TYPE=COLUMN+COLUMN; may be repeated.")
    var map: [String] = []
    @Option(help: "A JSON file that says what a table's columns hold (Docs/exchange.md).")
    var mapping: String?
    @Option(
      help: "The file's encoding: utf-8, utf-16le, utf-16be or windows-1252; found from its content if not given.")
    var encoding: String?
    @Option(help: "The wallet in which a document's telephone numbers are paid, such as swish.")
    var phoneWallet: String?
    @Option(help: "The wallet in which a document's mail addresses are paid, such as paypal.")
    var emailWallet: String?
    @Flag(help: "Take MISP's attributes that are told for context only (to_ids false), too.")
    var includeContext = false
    @Flag(help: "Judge every row and change nothing.")
    var dryRun = false
    @Option(help: "Rows a batch, each batch acknowledged when it is durable.")
    var batch = ImportIndicators.standardBatch
    @Option(help: "Write a verdict for every row or object to this CSV file, without the values.")
    var report: String?
    @OptionGroup var listing: ListingOptions
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let operation = try ImportIndicators(home.open(), template: listing.template(), batch: batch)
      let source = try source()
      var verdicts = ReportFile(report)
      try verdicts.write()
      var reading = Progress("bytes read", isQuiet: output.json)
      // A document is read whole before the first of its objects is judged.
      var (isRead, judged, judging) = (false, 0, Progress("objects judged", isQuiet: output.json))
      var writing = Progress("rows acknowledged", isQuiet: output.json)
      let outcome = Result {
        try operation.run(
          source, dryRun: dryRun, now: currentMilliseconds(),
          read: { progress in
            reading.show(progress.bytes, of: progress.of)
            isRead = progress.bytes == progress.of
          },
          report: { row in
            verdicts.note(row)
            judged += 1
            if isRead { judging.show(judged) }
          },
          acknowledged: { done, all in
            reading.end()
            judging.end()
            writing.show(done, of: all)
          })
      }
      reading.end()
      judging.end()
      writing.end()
      // Also when the import stopped: what was wrong with which row is known by then.
      try verdicts.write()
      let answer = try outcome.get()
      if output.json { try Terminal.json(answer) } else { show(answer, verdicts.firstRejected) }
      if answer.rejected > 0 { throw ExitCode(1) }
    }

    private func source() throws -> ImportSource {
      var source = ImportSource(
        TableInput.source(file), form: try format.map { try TableInput.choice("format", $0) },
        maps: try TableInput.maps(map))
      if let mapping { source.mapping = try TableInput.mapping(mapping) }
      source.encoding = try encoding.map { try TableInput.choice("encoding", $0) }
      source.phoneWallet = phoneWallet
      source.emailWallet = emailWallet
      source.includesContext = includeContext
      return source
    }

    private func show(_ answer: ImportIndicators.Answer, _ rejected: [ImportIndicators.RowVerdict]) {
      let verb = answer.dryRun ? "would list" : "listed"
      var line =
        "\(Terminal.count(answer.rows, "row")) · \(verb) \(Terminal.count(answer.new)) · already listed "
        + "\(Terminal.count(answer.alreadyListed)) · repeated \(Terminal.count(answer.repeated)) · rejected "
        + Terminal.count(answer.rejected)
      if answer.leftOut > 0 { line += " · left out \(Terminal.count(answer.leftOut))" }
      Terminal.say(line)
      if answer.form != ImportForm.csv.rawValue { Terminal.say("  read as \(answer.form.uppercased())") }
      TableInput.tell(encoding: answer.encoding, isGiven: encoding != nil)
      for (kind, count) in answer.kinds.sorted(by: { $0.key < $1.key }) { Terminal.say("  \(kind)  \(count)") }
      for (code, count) in answer.rejections.sorted(by: { $0.key < $1.key }) {
        Terminal.say("  rejected: \(code)  \(count)")
      }
      for (code, count) in answer.leavings.sorted(by: { $0.key < $1.key }) {
        Terminal.say("  left out: \(code)  \(count)")
      }
      for row in rejected { Terminal.say("  \(row.place): \(row.reason) [\(row.code)]") }
      if answer.rejected > rejected.count, report == nil {
        Terminal.say("  and \(Terminal.count(answer.rejected - rejected.count)) more; all of them with --report FILE")
      }
      if let group = answer.group { Terminal.say("group  \(group)") }
      if !answer.dryRun, !answer.nodeRunning { Terminal.say("no node is running: they are signed when one starts") }
    }
  }
}

/// The verdict for every row or object, without its value, in a file if one was asked for.
struct ReportFile {
  private static let mostShown = 5

  private let path: String?
  private var table = CSVWriter().bytes(["line", "outcome", "type", "scheme", "code", "reason", "object"])
  /// For the terminal.
  private(set) var firstRejected: [ImportIndicators.RowVerdict] = []

  init(_ path: String?) { self.path = path }

  mutating func note(_ row: ImportIndicators.RowVerdict) {
    if row.outcome == .rejected, firstRejected.count < Self.mostShown { firstRejected.append(row) }
    guard path != nil else { return }
    let (line, object) =
      switch row.place {
      case .line(let line): (String(line), "")
      case .object(let id): ("", id)
      }
    table += CSVWriter().bytes([line, row.outcome.rawValue, row.type, row.scheme, row.code, row.reason, object])
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

  static func mapping(_ file: String) throws -> TableMapping {
    let bytes = try DurableFile.read(file, noun: "mapping file", atMost: TableMapping.byteLimit)
    do throws(TableMappingProblem) {
      return try TableMapping(json: bytes)
    } catch {
      throw Problem(
        "bad-mapping", error.key.isEmpty ? error.reason : "'\(error.key)': \(error.reason)", object: file,
        next: "Docs/exchange.md has the form of a mapping file")
    }
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable>(_ option: String, _ name: String) throws -> Choice
  {
    guard let choice = Choice(rawValue: name.lowercased()) else {
      throw Problem(
        "unknown-value", "--\(option) does not know this value", object: name,
        next: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// Says what was taken for granted.
  static func tell(encoding: String?, isGiven: Bool) {
    guard let encoding, encoding != TextEncoding.utf8.rawValue, !isGiven else { return }
    Terminal.say("  it is not UTF-8; read as \(encoding) (--encoding says otherwise)")
  }
}
