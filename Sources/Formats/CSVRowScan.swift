/// Finds the fields of one row where they stand, without copying them.
///
/// It takes rows as they nearly all are. What it cannot vouch for (text after a closing quote, bytes that are not UTF-8, or a size near
/// the limits) is `odd`, and `CSVParser` has the word on it.
struct CSVRowScan: Sendable {
  struct Field: Sendable {
    /// Without the quotes around it.
    var start, end: Int
    /// Whether doubled quotes stand in it.
    var isEscaped = false
  }

  enum Outcome {
    /// A row, whose line end is the last byte before this place.
    case row(end: Int)
    case odd
    /// The bytes end before the row does.
    case unfinished
  }

  /// The fields of the row found last.
  private(set) var fields: [Field] = []

  /// Whether line ends stand within quotes in it.
  private(set) var spansLines = false

  /// Below this many bytes no row can exceed the number of fields, nor any other limit.
  private static let harmlessCount = CSVParser.fieldCountLimit - 1

  /// - Parameters:
  ///   - start: where a row begins; no line end stands there.
  ///   - isLast: whether the end of the bytes ends a row too.
  mutating func find(in bytes: Span<UInt8>, from start: Int, delimiter: UInt8, isLast: Bool) -> Outcome {
    fields.removeAll(keepingCapacity: true)
    spansLines = false
    var seen: UInt8 = 0
    var index = start
    while true {
      if index < bytes.count, bytes[index] == CSVBytes.quote {
        guard let (field, end) = quoted(in: bytes, from: index + 1, seen: &seen) else {
          return isLast ? .odd : .unfinished
        }
        fields.append(field)
        index = end
      } else {
        let first = index
        while index < bytes.count {
          let byte = bytes[index]
          if byte == delimiter || CSVBytes.isLineEnd(byte) { break }
          seen |= byte
          index += 1
        }
        fields.append(Field(start: first, end: index))
      }
      guard index < bytes.count else { return isLast ? checked(bytes, start..<index, end: index, seen) : .unfinished }
      let byte = bytes[index]
      if CSVBytes.isLineEnd(byte) { return checked(bytes, start..<index, end: index + 1, seen) }
      guard byte == delimiter else { return .odd }
      index += 1
    }
  }

  /// A field from after its opening quote on, and the place after the closing one; nil if it is not closed.
  private mutating func quoted(in bytes: Span<UInt8>, from start: Int, seen: inout UInt8) -> (Field, end: Int)? {
    var field = Field(start: start, end: start)
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if byte == CSVBytes.quote {
        guard index + 1 < bytes.count, bytes[index + 1] == CSVBytes.quote else {
          field.end = index
          return (field, index + 1)
        }
        field.isEscaped = true
        index += 1
      } else if CSVBytes.isLineEnd(byte) {
        spansLines = true
      }
      seen |= byte
      index += 1
    }
    return nil
  }

  private func checked(_ bytes: Span<UInt8>, _ row: Range<Int>, end: Int, _ seen: UInt8) -> Outcome {
    if row.count > Self.harmlessCount {
      guard fields.count <= CSVParser.fieldCountLimit, row.count <= CSVParser.rowByteLimit,
        fields.allSatisfy({ $0.end - $0.start <= CSVParser.fieldByteLimit })
      else { return .odd }
    }
    // What divides fields is ASCII, so the row is UTF-8 exactly if all its fields are.
    guard seen < 0x80 || (try? UTF8Span(validating: bytes.extracting(row))) != nil else { return .odd }
    return .row(end: end)
  }
}
