/// What stands between the fields of a row.
public enum CSVDelimiter: String, CaseIterable, Sendable {
  case comma
  case semicolon
  case tab
  case bar

  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    }
  }
}
