/// A part of a CSV file that a `CSVRowReader` can read on its own, on another thread too, because no row lies half in it.
public enum CSVPart: Sendable {
  /// Whole rows.
  case rows(CSVRows)

  /// Rows that were read already, because they are longer than a part may be.
  case read([Result<CSVRow, CSVProblem>])
}

/// The bytes of whole rows, and where in the file they stand.
public struct CSVRows: Sendable {
  let bytes: [UInt8]
  let delimiter: UInt8
  let lines: CSVLines

  /// Whether the file ends with them, perhaps without a line end.
  let isLast: Bool
}
