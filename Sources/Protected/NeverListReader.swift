public import Formats
internal import Indicators

/// Reads a never-list from CSV: a header, then `type,scheme,value,covers,category,source,noted`, the columns in any order.
public struct NeverListReader: Sendable {
  public static let columns = ["type", "scheme", "value", "covers", "category", "source", "noted"]

  /// Rows of one list, so that a wrong file does not fill the memory.
  public static let rowLimit = 100_000

  /// Problems that are told; then the file is of another kind.
  public static let problemLimit = 1_000

  /// Bytes of a source.
  public static let sourceLimit = 300

  /// Why a row is not taken, without its value.
  public struct RowProblem: Error, Sendable, Hashable {
    public let line: Int
    /// The rule: a code of an identifier's rejection, of a table's problem, or one of `Rule`.
    public let code: String
    public let reason: String
  }

  /// The rules that only never-lists have.
  public enum Rule: String, Sendable, CaseIterable {
    case unknownType = "unsupported-type"
    case scheme = "never-list-scheme"
    case covers = "never-list-covers"
    case category = "never-list-category"
    case source = "never-list-source"
    case day = "bad-day"
    case `repeated` = "never-list-repeated"
    case rows = "never-list-rows"
  }

  private var parser: CSVParser
  private var positions: [Int]?
  private var lines: [Indicator: Int] = [:]
  /// Whether there was no header, or one that does not name the columns: then no row can be read.
  private var lacksHeader = false

  /// In the order of the rows.
  public private(set) var entries: [NeverListEntry] = []
  /// In the order of the rows.
  public private(set) var problems: [RowProblem] = []

  public init(delimiter: CSVDelimiter = .comma) { parser = CSVParser(delimiter: delimiter) }

  /// Takes the next bytes of the file.
  public mutating func feed(_ bytes: [UInt8]) {
    for result in parser.feed(bytes) { take(result) }
  }

  public mutating func finish() {
    for result in parser.finish() { take(result) }
    if positions == nil, !lacksHeader { noHeader(line: 1, reason: "There is no row.") }
  }

  /// Takes the next row, or why it could not be read.
  public mutating func take(_ result: Result<CSVRow, CSVProblem>) {
    guard !lacksHeader, problems.count < Self.problemLimit else { return }
    switch result {
    case .failure(let problem): note(problem.line, problem.code, problem.reason)
    case .success(let row):
      guard let positions else { return takeHeader(row) }
      do {
        entries.append(try entry(row, positions))
      } catch {
        problems.append(error)
      }
    }
  }

  private mutating func takeHeader(_ row: CSVRow) {
    do {
      positions = try ColumnMap(columns: Self.columns).resolve(header: row.fields)
    } catch {
      noHeader(line: row.line, code: error.code, reason: error.reason)
    }
  }

  private mutating func noHeader(line: Int, code: String = "missing-column", reason: String) {
    lacksHeader = true
    note(line, code, "\(reason) A never-list begins with the columns \(Self.columns.joined(separator: ","))")
  }

  private mutating func note(_ line: Int, _ code: String, _ reason: String) {
    problems.append(RowProblem(line: line, code: code, reason: reason))
  }

  private mutating func entry(_ row: CSVRow, _ positions: [Int]) throws(RowProblem) -> NeverListEntry {
    func problem(_ rule: Rule, _ reason: String) -> RowProblem {
      RowProblem(line: row.line, code: rule.rawValue, reason: reason)
    }
    guard positions.allSatisfy(row.fields.indices.contains) else {
      throw RowProblem(line: row.line, code: "row-short", reason: "The row has fewer columns than the header.")
    }
    guard lines.count < Self.rowLimit else { throw problem(.rows, "A never-list has at most \(Self.rowLimit) rows.") }
    let fields = positions.map { Self.trimmed(row.fields[$0]) }
    let (scheme, source, noted) = (fields[1], fields[5], fields[6])
    guard let type = IndicatorType(name: fields[0]) else {
      let known = IndicatorType.supported.map(\.name).joined(separator: ", ")
      throw problem(.unknownType, "There is no such type; types: \(known).")
    }
    let indicator: Indicator
    do {
      indicator = try Indicator.parse(fields[2], as: type)
    } catch {
      throw RowProblem(line: row.line, code: error.code, reason: error.reason)
    }
    guard scheme.isEmpty || scheme == indicator.scheme else {
      throw problem(.scheme, "The value belongs to another scheme than the row says; the column may stay empty.")
    }
    let allowed = NeverListEntry.Cover.allowed(for: type)
    guard let cover = NeverListEntry.Cover(rawValue: fields[3]), allowed.contains(cover) else {
      throw problem(.covers, "An entry of this type covers \(allowed.map(\.rawValue).joined(separator: ", ")).")
    }
    guard let category = NeverListEntry.Category(rawValue: fields[4]) else {
      let known = NeverListEntry.Category.allCases.map(\.rawValue).joined(separator: ", ")
      throw problem(.category, "There is no such category; categories: \(known).")
    }
    try check(source, of: indicator, problem)
    guard Self.isDay(noted) else { throw problem(.day, "The day of the note is written as 2027-05-31.") }
    if let earlier = lines[indicator] {
      throw problem(.repeated, "The same identifier stands on line \(earlier).")
    }
    lines[indicator] = row.line
    return NeverListEntry(indicator: indicator, cover: cover, category: category, source: source, noted: noted)
  }

  /// A source is printed where the identifier must not be.
  private func check(
    _ source: String, of indicator: Indicator, _ problem: (Rule, String) -> RowProblem
  ) throws(RowProblem) {
    guard !source.isEmpty else { throw problem(.source, "Say where the entry can be checked: a page or a register.") }
    guard source.utf8.count <= Self.sourceLimit, Self.isPrintable(source) else {
      throw problem(.source, "A source is one line of at most \(Self.sourceLimit) bytes.")
    }
    let (shown, value) = (source.lowercased(), indicator.value.lowercased())
    // What comes last names the identifier most closely, and the whole ends with it.
    guard value.split(separator: "|").last.map({ !shown.contains($0) }) ?? true else {
      throw problem(.source, "The source holds the identifier, which must not stand where a source is printed.")
    }
  }

  private static func isPrintable(_ text: String) -> Bool {
    // Unicode's tables need not be asked about plain text, which nearly every row is.
    text.utf8.allSatisfy { 0x20..<0x7F ~= $0 }
      || text.unicodeScalars.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) }
  }

  private static func trimmed(_ text: String) -> String {
    let isInner = 0x21..<UInt8(0x7F)
    if let first = text.utf8.first, let last = text.utf8.last, isInner ~= first, isInner ~= last { return text }
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }

  /// Of the form of ISO 8601, with a month and a day that there can be.
  private static func isDay(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard parts.map(\.count) == [4, 2, 2], parts.joined().allSatisfy({ digits ~= $0 }) else { return false }
    let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
    return numbers[0] >= 1970 && 1...12 ~= numbers[1] && 1...31 ~= numbers[2]
  }
}
