/// The bytes of the row being read, within limits; strings are made only when the row is complete.
struct CSVRowBuffer {
  /// The line on which the row begins.
  private(set) var line = 1

  private var bytes: [UInt8] = []

  /// Where each complete field ends in `bytes`.
  private var ends: [Int] = []

  mutating func begin(line: Int) {
    self.line = line
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  mutating func append(_ run: ArraySlice<UInt8>) throws(CSVProblem) {
    let roomInField = CSVParser.fieldByteLimit - (bytes.count - (ends.last ?? 0))
    let roomInRow = CSVParser.rowByteLimit - bytes.count
    // The limit that is met first decides, so that the answer does not depend on the length of the run.
    if run.count > roomInField, roomInField <= roomInRow {
      throw CSVProblem(.fieldTooLong, line: line, "A field is longer than \(CSVParser.fieldByteLimit) bytes.")
    }
    if run.count > roomInRow {
      throw CSVProblem(.rowTooLong, line: line, "The row is longer than \(CSVParser.rowByteLimit) bytes.")
    }
    bytes.append(contentsOf: run)
  }

  mutating func endField() throws(CSVProblem) {
    guard ends.count < CSVParser.fieldCountLimit else {
      throw CSVProblem(.tooManyFields, line: line, "The row has more than \(CSVParser.fieldCountLimit) fields.")
    }
    ends.append(bytes.count)
  }

  /// The row, once its last field has ended.
  func row() throws(CSVProblem) -> CSVRow {
    var fields: [String] = []
    fields.reserveCapacity(ends.count)
    var start = 0
    for end in ends {
      guard let field = String(validating: bytes[start..<end], as: UTF8.self) else {
        throw CSVProblem(
          .invalidText, line: line,
          "Field \(fields.count + 1) is not text in the file's encoding; save the file as UTF-8 (RFC 3629).")
      }
      fields.append(field)
      start = end
    }
    return CSVRow(line: line, fields: fields)
  }
}
