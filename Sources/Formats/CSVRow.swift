/// One row of a CSV file.
public struct CSVRow: Sendable, Hashable {
  /// The line on which the row begins, counted from 1. A row with line breaks inside quotes covers several.
  public let line: Int

  /// The fields without their quotes; at least one.
  public let fields: [String]

  public init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }
}
