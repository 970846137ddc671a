import ArgumentParser
import Formats
import Foundation
import Indicators
import Keys
import Operations
import Wire

struct IdentifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify", abstract: "What an identifier could be, its canonical form, and why it is not valid.",
    discussion: """
      One value: vaka identify (asked unseen, or piped in). A column: vaka identify FILE --column NAME. No node is needed, and
      nothing is kept. Ends with 1 if a value has not exactly one reading, or if rows are not valid.
      """)
  @Argument(help: "A CSV file, or - for standard input; with --column.")
  var file: String?
  @Option(help: "The column of a table; COLUMN+COLUMN joins several with '|'.")
  var column: String?
  @Option(help: "Judge as this type only: \(IndicatorType.supported.map(\.name).joined(separator: ", ")).")
  var type: String?
  @Option(help: "The table's encoding: utf-8, utf-16le, utf-16be or windows-1252; found from its content if not given.")
  var encoding: String?
  @Option(help: "Write what every row holds to this CSV file, canonical forms included.")
  var report: String?
  @OptionGroup var output: JSONOption

  func validate() throws {
    // As with indicator add, - alone is one value from standard input.
    let isOneValue = file == nil || file == "-" && column == nil
    if isOneValue != (column == nil) { throw ValidationError("a file and --column go together") }
    if encoding != nil, file == nil { throw ValidationError("--encoding is for a file") }
    if report != nil, file == nil { throw ValidationError("--report is for a file") }
  }

  func run() throws {
    let type = try IdentifierInput.type(type)
    if let file, let column { return try table(file, column, type) }
    let text = try IdentifierInput.read(Terminal.isInteractive ? nil : "-")
    let answer = try Identify.value(text, type: type)
    if output.json { try Terminal.json(answer) } else { IdentifiedValue(answer, isTyped: type != nil).show() }
    let candidates = type == nil ? answer.valid.filter(\.guessed) : answer.valid
    if candidates.count != 1 { throw ExitCode(1) }
  }

  private func table(_ file: String, _ column: String, _ type: IndicatorType?) throws {
    let columns = column.split(separator: "+").map(String.init)
    var verdicts = CSVWriter().bytes(["line", "type", "scheme", "canonical", "code", "reason"])
    var first: [Identify.RowVerdict] = []
    let given: TextEncoding? = try encoding.map { try TableInput.choice("encoding", $0) }
    let answer = try Identify.table(TableInput.source(file), columns: columns, type: type, encoding: given) { row in
      if !row.code.isEmpty, first.count < 5 { first.append(row) }
      guard report != nil else { return }
      verdicts += CSVWriter().bytes([String(row.line), row.type, row.scheme, row.canonical, row.code, row.reason])
    }
    if let report { try DurableFile.write(verdicts, to: report) }
    if output.json { try Terminal.json(answer) } else { show(answer, first) }
    if answer.valid < answer.rows { throw ExitCode(1) }
  }

  private func show(_ answer: Identify.TableAnswer, _ first: [Identify.RowVerdict]) {
    Terminal.say("\(Terminal.count(answer.rows, "row")) · valid \(Terminal.count(answer.valid))")
    TableInput.tell(encoding: answer.encoding, isGiven: encoding != nil)
    for (kind, count) in answer.kinds.sorted(by: { $0.key < $1.key }) {
      Terminal.say("  \(kind)  \(Terminal.count(count))")
    }
    for (code, count) in answer.rejections.sorted(by: { $0.key < $1.key }) {
      Terminal.say("  not valid: \(code)  \(Terminal.count(count))")
    }
    for row in first { Terminal.say("  line \(row.line): \(row.reason)") }
    let left = answer.rows - answer.valid - first.count
    if left > 0 { Terminal.say("  \(Terminal.count(left)) more; see them all with --report FILE") }
  }
}

/// The readings of one value, for a person.
private struct IdentifiedValue {
  /// Digests that one core makes and compares in a second, in round numbers.
  private static let triesOrder = 7

  private let answer: Identify.Answer
  private let isTyped: Bool

  init(_ answer: Identify.Answer, isTyped: Bool) {
    self.answer = answer
    self.isTyped = isTyped
  }

  func show() {
    let valid = answer.valid.filter { isTyped || $0.guessed }
    for reading in valid { show(reading) }
    if valid.count > 1 {
      let types = valid.map(\.type).joined(separator: ", ")
      Terminal.say("It can be read as \(types): name the type wherever you list or screen it (--type).")
    }
    let near = answer.readings.filter(\.near)
    for reading in near { Terminal.say("\(reading.type)  not valid: \(reading.reason)") }
    let unguessed = isTyped ? [] : answer.valid.filter { !$0.guessed }.map(\.type)
    if !unguessed.isEmpty {
      Terminal.say("Only if you name the type could it also be \(unguessed.joined(separator: ", ")).")
    }
    guard valid.isEmpty, near.isEmpty else { return }
    Terminal.say(isTyped ? "It is not valid." : "No type takes it without being named.")
    for reading in answer.readings where !reading.valid { Terminal.say("  \(reading.type): \(reading.reason)") }
    if !isTyped { Terminal.say("Each type is written in one form; see it with --type.") }
    if isTyped { for reading in answer.readings { Terminal.say("Written: \(reading.form).") } }
  }

  private func show(_ reading: Identify.Reading) {
    let kind = reading.scheme.isEmpty ? reading.type : "\(reading.type) on \(reading.scheme)"
    Terminal.say("\(kind)  valid")
    Terminal.say("  canonical  \(reading.canonical)")
    Terminal.say("  rule       \(reading.source); version \(reading.normaliser)")
    if let registrable = reading.registrable, registrable != reading.canonical {
      let said = registrable.isEmpty ? "nothing: below this ending anybody may register" : registrable
      Terminal.say("  registered \(said) (Public Suffix List)")
    }
    guard let order = reading.spaceOrder else { return }
    Terminal.say("  space      about 10^\(order): \(reading.spaceCounted)")
    Terminal.say("  its hash   \(Self.meaning(order))")
  }

  private static func meaning(_ order: Int) -> String {
    let time =
      switch order - triesOrder {
      case ..<1: "in a second"
      case 1...2: "within minutes"
      case 3...4: "within hours"
      case 5...6: "within weeks"
      case 7...9: "in years on one core, so in days on many"
      default: "in no useful time"
      }
    return "who holds the alliance's hash key can try them all \(time); without the key it tells nothing"
  }
}
