/// Reads the rows of one part, without a text for each field: a field is lent where it stands.
public struct CSVRowReader: Sendable {
  private let rows: CSVRows
  private var lines: CSVLines
  private var index = 0
  private var scan = CSVRowScan()

  /// The row, where `CSVParser` had the word on it.
  private var parsed: CSVRow?

  /// Rows and problems that `CSVParser` found beyond the first.
  private var waiting: [Result<CSVRow, CSVProblem>] = []

  /// Memory for what does not stand together, used again.
  private var joined: [UInt8] = []

  public init(_ part: CSVPart) {
    switch part {
    case .rows(let rows): self.rows = rows
    case .read(let results):
      rows = CSVRows(bytes: [], delimiter: 0, lines: CSVLines(), isLast: false)
      waiting = results
    }
    lines = rows.lines
  }

  /// Goes to the next row.
  /// - Returns: the line on which it begins, or why it cannot be read; nil at the end.
  public mutating func next() -> Result<Int, CSVProblem>? {
    parsed = nil
    if !waiting.isEmpty { return take(waiting.removeFirst()) }
    // Held on its own, so that the rest of the reader may change meanwhile.
    let held = rows.bytes
    let bytes = held.span
    while index < bytes.count, CSVBytes.isLineEnd(bytes[index]) {
      lines.pass(bytes[index])
      index += 1
    }
    guard index < bytes.count else { return nil }
    switch scan.find(in: bytes, from: index, delimiter: rows.delimiter, isLast: rows.isLast) {
    case .row(let end):
      let line = lines.line
      if scan.spansLines {
        lines.pass(bytes.extracting(index..<end))
      } else {
        lines.pass()
        lines.pass(bytes[end - 1])
      }
      index = end
      return .success(line)
    case .odd, .unfinished:
      readOdd()
      return waiting.isEmpty ? nil : take(waiting.removeFirst())
    }
  }

  /// Lends the text of an identifier in the row, by the positions that `ColumnMap.resolve` found: fields joined by `|`.
  /// - Returns: nil when the row is too short.
  public mutating func withText<Value>(at positions: [Int], _ body: (Span<UInt8>) -> Value) -> Value? {
    let count = parsed?.fields.count ?? scan.fields.count
    guard positions.allSatisfy({ 0..<count ~= $0 }) else { return nil }
    if positions.count == 1, parsed == nil {
      let field = scan.fields[positions[0]]
      if !field.isEscaped { return body(rows.bytes.span.extracting(field.start..<field.end)) }
    }
    joined.removeAll(keepingCapacity: true)
    for (place, position) in positions.enumerated() {
      if place > 0 { joined.append(UInt8(ascii: "|")) }
      appendField(at: position)
    }
    return body(joined.span)
  }

  /// The row with a text for each field.
  public mutating func fields() -> [String] {
    if let parsed { return parsed.fields }
    return scan.fields.indices.map { position in
      joined.removeAll(keepingCapacity: true)
      appendField(at: position)
      return String(decoding: joined, as: UTF8.self)
    }
  }

  private mutating func appendField(at position: Int) {
    if let parsed {
      joined.append(contentsOf: parsed.fields[position].utf8)
      return
    }
    let field = scan.fields[position]
    var place = field.start
    while place < field.end {
      let byte = rows.bytes[place]
      joined.append(byte)
      // Of doubled quotes one counts; in a field without them a quote is an ordinary character.
      place += field.isEscaped && byte == CSVBytes.quote ? 2 : 1
    }
  }

  private mutating func readOdd() {
    var parser = CSVParser(delimiter: rows.delimiter, at: lines)
    let (results, end) = parser.feedRow(rows.bytes.span, from: index)
    waiting = results
    index = end
    lines = parser.place
    if !parser.isBetweenRows { waiting += parser.finish() }
  }

  private mutating func take(_ result: Result<CSVRow, CSVProblem>) -> Result<Int, CSVProblem> {
    result.map { row in
      parsed = row
      return row.line
    }
  }
}
