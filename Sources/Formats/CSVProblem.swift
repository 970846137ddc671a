/// Why one row of a CSV file cannot be read. The rows after it are read all the same.
public struct CSVProblem: Error, Sendable, Hashable {
  /// The line, counted from 1, on which the row begins, or on which a quote opens that is never closed.
  public let line: Int

  /// The stable word for machines, one of `Code`'s raw values.
  public let code: String

  /// One sentence for people. It never repeats the row.
  public let reason: String

  init(_ code: Code, line: Int, _ reason: String) {
    self.line = line
    self.code = code.rawValue
    self.reason = reason
  }
}

extension CSVProblem {
  /// Every code there is.
  public enum Code: String, CaseIterable, Sendable {
    /// A field has more bytes than `CSVParser.fieldByteLimit`.
    case fieldTooLong = "field-too-long"
    /// A row has more bytes than `CSVParser.rowByteLimit`.
    case rowTooLong = "row-too-long"
    /// A row has more fields than `CSVParser.fieldCountLimit`.
    case tooManyFields = "too-many-fields"
    /// Something other than a delimiter or a line end follows a closing quote.
    case textAfterQuote = "text-after-quote"
    /// A quote is never closed.
    case unterminatedQuote = "unterminated-quote"
    /// The bytes are not UTF-8 (RFC 3629).
    case invalidText = "invalid-utf-8"
  }
}

extension CSVProblem: CustomStringConvertible {
  public var description: String { "line \(line): \(reason)" }
}
