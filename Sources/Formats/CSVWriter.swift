/// Writes rows of CSV (RFC 4180) that a parser reads back to the same fields.
///
/// It quotes what must be quoted and guards nothing else; in particular it does not defuse formulas of spreadsheets.
public struct CSVWriter: Sendable {
  public enum LineEnd: String, CaseIterable, Sendable {
    case lineFeed = "\n"
    case carriageReturnLineFeed = "\r\n"
  }

  private let delimiter: CSVDelimiter
  private let lineEnd: LineEnd

  public init(delimiter: CSVDelimiter = .comma, lineEnd: LineEnd = .lineFeed) {
    self.delimiter = delimiter
    self.lineEnd = lineEnd
  }

  /// One row in UTF-8, with its line end.
  public func bytes(_ fields: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    // A lone empty field would be an empty line, which readers skip.
    let isBlank = fields == [""]
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(delimiter.byte) }
      append(field.utf8, quoted: isBlank || needsQuotes(field.utf8), to: &bytes)
    }
    bytes.append(contentsOf: lineEnd.rawValue.utf8)
    return bytes
  }

  private func needsQuotes(_ field: String.UTF8View) -> Bool {
    // At the beginning of a file a bare byte order mark would be taken for the file's own.
    field.starts(with: CSVBytes.byteOrderMark)
      || field.contains {
        $0 == delimiter.byte || $0 == CSVBytes.quote || $0 == CSVBytes.lineFeed || $0 == CSVBytes.carriageReturn
      }
  }

  private func append(_ field: String.UTF8View, quoted: Bool, to bytes: inout [UInt8]) {
    guard quoted else {
      bytes.append(contentsOf: field)
      return
    }
    bytes.append(CSVBytes.quote)
    for byte in field {
      if byte == CSVBytes.quote { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(CSVBytes.quote)
  }
}
