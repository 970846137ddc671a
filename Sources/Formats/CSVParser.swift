/// Reads a CSV file (RFC 4180) from chunks of bytes, in constant memory.
///
/// Rows end in CR, LF or CRLF; empty lines are skipped, and so is a byte order mark. A quote inside a field that does
/// not begin with one is an ordinary character. A row that cannot be read is reported, and reading goes on at the next
/// line end. Where the bytes are divided into chunks makes no difference.
///
/// A quote that is never closed takes the lines after it with it, up to the limit of a field; the problem says how far.
public struct CSVParser: CSVReading, Sendable {
  public static let fieldByteLimit = 64 * 1024
  public static let rowByteLimit = 1024 * 1024
  public static let fieldCountLimit = 1024

  private enum State {
    /// No byte of the row has come.
    case rowStart
    /// After a delimiter.
    case fieldStart
    case plain
    case quoted(since: Int)
    /// After a quote inside quotes: the end of the field, or the first half of a doubled quote.
    case closing(since: Int)
    /// In the rest of a row that is already reported.
    case skipping
  }

  private let delimiter: UInt8
  private var state = State.rowStart
  private var row = CSVRowBuffer()

  /// The line of the byte that comes next.
  private var lines = CSVLines()
  private var line: Int { lines.line }

  /// How many bytes of a byte order mark have come; nil once the first other byte has.
  private var markLength: Int? = 0

  public init(delimiter: CSVDelimiter = .comma) {
    self.delimiter = delimiter.byte
  }

  /// Goes on within a file, at the beginning of a row.
  init(delimiter: UInt8, at lines: CSVLines) {
    self.delimiter = delimiter
    self.lines = lines
    markLength = nil
  }

  /// Takes the next bytes of the file and returns the rows and problems that they complete.
  public mutating func feed(_ chunk: [UInt8]) -> [Result<CSVRow, CSVProblem>] {
    var results: [Result<CSVRow, CSVProblem>] = []
    var rest = chunk[...]
    readMark(&rest, &results)
    readRows(rest, &results)
    return results
  }

  /// Ends the file and returns what was still open. The parser is then ready for another file.
  public mutating func finish() -> [Result<CSVRow, CSVProblem>] {
    var results: [Result<CSVRow, CSVProblem>] = []
    readRows(CSVBytes.byteOrderMark.prefix(markLength ?? 0), &results)
    switch state {
    case .rowStart, .skipping: break
    case .fieldStart, .plain, .closing: endRow(&results)
    case .quoted(let since):
      results.append(.failure(unterminated(since: since, lost: "the rest of the file is")))
    }
    state = .rowStart
    lines = CSVLines()
    markLength = 0
    return results
  }
}

extension CSVParser {
  /// Drops a byte order mark at the beginning of the file, even when it comes in pieces.
  private mutating func readMark(_ rest: inout ArraySlice<UInt8>, _ results: inout [Result<CSVRow, CSVProblem>]) {
    while let length = markLength, let byte = rest.first {
      let mark = CSVBytes.byteOrderMark
      if length < mark.count, byte == mark[length] {
        rest.removeFirst()
        markLength = length + 1 == mark.count ? nil : length + 1
      } else {
        markLength = nil
        readRows(mark.prefix(length), &results)
      }
    }
  }

  private mutating func readRows(_ bytes: ArraySlice<UInt8>, _ results: inout [Result<CSVRow, CSVProblem>]) {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      do {
        index = try read(bytes, at: index, &results)
      } catch {
        results.append(.failure(error))
        state = .skipping
      }
    }
  }

  /// Reads one byte, or a run of ordinary bytes at once, and returns the index after it. A byte on which it throws is
  /// read again in the state that follows.
  private mutating func read(
    _ bytes: ArraySlice<UInt8>, at index: Int, _ results: inout [Result<CSVRow, CSVProblem>]
  ) throws(CSVProblem) -> Int {
    let byte = bytes[index]
    switch state {
    case .rowStart:
      if CSVBytes.isLineEnd(byte) { break }
      row.begin(line: line)
      state = .fieldStart
      return index

    case .fieldStart:
      if byte == CSVBytes.quote {
        state = .quoted(since: line)
        break
      }
      state = .plain
      return index

    case .plain:
      if byte == delimiter {
        try row.endField()
        state = .fieldStart
      } else if CSVBytes.isLineEnd(byte) {
        endRow(&results)
      } else {
        let end = bytes[index...].firstIndex { $0 == delimiter || CSVBytes.isLineEnd($0) } ?? bytes.endIndex
        try row.append(bytes[index..<end])
        lines.pass()
        return end
      }

    case .quoted(let since):
      if byte == CSVBytes.quote {
        state = .closing(since: since)
      } else if CSVBytes.isLineEnd(byte) {
        try appendQuoted(bytes[index...index], since: since)
      } else {
        let end = bytes[index...].firstIndex { $0 == CSVBytes.quote || CSVBytes.isLineEnd($0) } ?? bytes.endIndex
        try appendQuoted(bytes[index..<end], since: since)
        lines.pass()
        return end
      }

    case .closing(let since):
      if byte == CSVBytes.quote {
        try appendQuoted(bytes[index...index], since: since)
        state = .quoted(since: since)
      } else if byte == delimiter {
        try row.endField()
        state = .fieldStart
      } else if CSVBytes.isLineEnd(byte) {
        endRow(&results)
      } else {
        throw CSVProblem(
          .textAfterQuote, line: row.line,
          "Text follows the closing quote of a field; a quote inside a field must be doubled (RFC 4180).")
      }

    case .skipping:
      if CSVBytes.isLineEnd(byte) { state = .rowStart }
    }
    lines.pass(byte)
    return index + 1
  }
}

extension CSVParser {
  private mutating func endRow(_ results: inout [Result<CSVRow, CSVProblem>]) {
    results.append(
      Result { () throws(CSVProblem) in
        try row.endField()
        return try row.row()
      })
    state = .rowStart
  }

  private mutating func appendQuoted(_ run: ArraySlice<UInt8>, since opening: Int) throws(CSVProblem) {
    do {
      try row.append(run)
    } catch {
      // A field this long that spans lines is a forgotten quote, and the rows that it swallowed must be named.
      throw opening == line ? error : unterminated(since: opening, lost: "lines \(opening) to \(line) are")
    }
  }

  private func unterminated(since opening: Int, lost: String) -> CSVProblem {
    CSVProblem(
      .unterminatedQuote, line: opening,
      "A quote that opens on line \(opening) is not closed within the limit of a field; \(lost) not read.")
  }
}

extension CSVParser {
  /// Takes bytes up to the end of the row that they begin with or go on with, and no further.
  ///
  /// The row ends where a line does, so bytes are taken line by line.
  /// - Returns: what was read, and the place after what was taken; whether the row is at its end `isBetweenRows` says.
  mutating func feedRow(_ bytes: Span<UInt8>, from start: Int) -> (results: [Result<CSVRow, CSVProblem>], end: Int) {
    var results: [Result<CSVRow, CSVProblem>] = []
    var index = start
    repeat {
      let first = index
      while index < bytes.count, !CSVBytes.isLineEnd(bytes[index]) { index += 1 }
      index = min(index + 1, bytes.count)
      results += feed((first..<index).map { bytes[$0] })
    } while index < bytes.count && !isBetweenRows
    return (results, index)
  }

  var isBetweenRows: Bool { if case .rowStart = state { true } else { false } }

  /// Where the next byte stands.
  var place: CSVLines { lines }
}
