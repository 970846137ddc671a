/// What stands between the fields of a row.
public enum CSVDelimiter: String, CaseIterable, Sendable {
  case comma
  case semicolon
  case tab
  case bar

  /// The one that divides a file's first row: the most frequent there outside of quotes, a comma if none occurs.
  /// - Parameter start: the beginning of the file, at least its first row.
  public init(dividing start: some Sequence<UInt8>) {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in start {
      if byte == CSVBytes.quote {
        isQuoted.toggle()
      } else if !isQuoted {
        guard byte != CSVBytes.lineFeed, byte != CSVBytes.carriageReturn else {
          if counts.isEmpty { continue } else { break }
        }
        counts[byte, default: 0] += 1
      }
    }
    var found: (delimiter: CSVDelimiter, count: Int) = (.comma, 0)
    for delimiter in Self.allCases {
      let count = counts[delimiter.byte, default: 0]
      if count > found.count { found = (delimiter, count) }
    }
    self = found.delimiter
  }

  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    }
  }
}
