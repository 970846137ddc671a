/// Text as it stands in an entry: bounded, and written as a JSON string in the one way that counts here.
enum AuditText {
  static let mostBytes = 512

  /// Cut at a whole character.
  static func bounded(_ text: String) -> String {
    guard text.utf8.count > mostBytes else { return text }
    var (cut, bytes) = ("", 0)
    for character in text {
      bytes += character.utf8.count
      guard bytes <= mostBytes else { break }
      cut.append(character)
    }
    return cut
  }

  /// The two characters that JSON must escape with a backslash, control characters as `\u00XX`, everything else as it is.
  static func json(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        quoted += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
