/// Divides a CSV file into parts of whole rows, in one quick pass and in constant memory.
///
/// Read part by part the rows and problems are those that a `CSVParser` finds. Without a quote in sight every line end ends a row; with
/// quotes the rows must be followed one by one.
public struct CSVSplitter: CSVReading, Sendable {
  /// More than a row of the greatest length has with its quotes and delimiters; longer ones are read while they come.
  private static let unfinishedLimit = 4 * CSVParser.rowByteLimit

  private let delimiter: UInt8
  private var lines = CSVLines()
  private var isAtBeginning = true

  /// The beginning of a row whose end has not come.
  private var unfinished: [UInt8] = []

  /// Reads the rest of a row that is longer than any that is valid.
  private var parser: CSVParser?

  public init(delimiter: CSVDelimiter = .comma) {
    self.delimiter = delimiter.byte
  }

  /// Takes the next bytes of the file and returns the parts that they complete.
  public mutating func feed(_ chunk: [UInt8]) -> [CSVPart] {
    unfinished.append(contentsOf: chunk)
    return takeParts(isLast: false)
  }

  /// Ends the file and returns what was still open.
  public mutating func finish() -> [CSVPart] {
    takeParts(isLast: true)
  }

  private mutating func takeParts(isLast: Bool) -> [CSVPart] {
    var parts: [CSVPart] = []
    if isAtBeginning {
      guard isLast || unfinished.count >= CSVBytes.byteOrderMark.count else { return [] }
      isAtBeginning = false
      if unfinished.starts(with: CSVBytes.byteOrderMark) { unfinished.removeFirst(CSVBytes.byteOrderMark.count) }
    }
    if parser != nil { readOn(isLast: isLast, to: &parts) }
    guard parser == nil, !unfinished.isEmpty else { return parts }
    let end = isLast ? unfinished.count : lastRowEnd()
    if end > 0 { takeRows(upTo: end, isLast: isLast, to: &parts) }
    if unfinished.count > Self.unfinishedLimit {
      parser = CSVParser(delimiter: delimiter, at: lines)
      readOn(isLast: isLast, to: &parts)
    }
    return parts
  }

  private mutating func takeRows(upTo end: Int, isLast: Bool, to parts: inout [CSVPart]) {
    var rows = unfinished
    unfinished = Array(rows[end...])
    rows.removeSubrange(end...)
    let start = lines
    lines.pass(rows.span)
    parts.append(.rows(CSVRows(bytes: rows, delimiter: delimiter, lines: start, isLast: isLast)))
  }

  private mutating func readOn(isLast: Bool, to parts: inout [CSVPart]) {
    guard var parser = parser.take() else { return }
    var (results, end) = parser.feedRow(unfinished.span, from: 0)
    unfinished.removeFirst(end)
    lines = parser.place
    if parser.isBetweenRows {
      self.parser = nil
    } else if isLast, unfinished.isEmpty {
      results += parser.finish()
    } else {
      self.parser = parser
    }
    if !results.isEmpty { parts.append(.read(results)) }
  }

  /// Where the last whole row ends; 0 if none does.
  private func lastRowEnd() -> Int {
    let bytes = unfinished.span
    return bytes.occurrences(of: CSVBytes.quote) > 0 ? lastRowEnd(following: bytes) : lastLineEnd(bytes)
  }

  private func lastLineEnd(_ bytes: Span<UInt8>) -> Int {
    var index = bytes.count
    while index > 0 {
      index -= 1
      if CSVBytes.isLineEnd(bytes[index]) { return index + 1 }
    }
    return 0
  }

  private func lastRowEnd(following bytes: Span<UInt8>) -> Int {
    var scan = CSVRowScan()
    var (index, found) = (0, 0)
    while true {
      while index < bytes.count, CSVBytes.isLineEnd(bytes[index]) { index += 1 }
      found = index
      guard index < bytes.count else { return found }
      switch scan.find(in: bytes, from: index, delimiter: delimiter, isLast: false) {
      case .row(let end): index = end
      case .unfinished: return found
      case .odd:
        var parser = CSVParser(delimiter: delimiter, at: CSVLines())
        index = parser.feedRow(bytes, from: index).end
        guard parser.isBetweenRows else { return found }
      }
    }
  }
}
