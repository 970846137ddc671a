/// The words and signs of a STIX pattern (STIX 2.1, section 9).
enum STIXPatternToken: Equatable {
  /// Letters, digits, `_` and `-`: keywords, object types, property names and numbers.
  case word(String)
  /// A string between quotes, its escapes resolved.
  case string(String)
  /// `[ ] ( ) : , =` and other operators.
  case sign(String)

  private static let signs = Set("[]():,.=<>!*+".utf8)

  /// - Throws: what breaks the grammar.
  static func tokens(of pattern: String) throws(STIXPatternProblem) -> [STIXPatternToken] {
    let bytes = Array(pattern.utf8)
    guard bytes.count <= STIXPattern.byteLimit else {
      throw .malformed("it is longer than \(STIXPattern.byteLimit) bytes")
    }
    var tokens: [STIXPatternToken] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
        index += 1
      } else if byte == UInt8(ascii: "'") {
        tokens.append(.string(try string(bytes, &index)))
      } else if isInWord(byte) {
        let end = bytes[index...].firstIndex { !isInWord($0) } ?? bytes.count
        tokens.append(.word(String(decoding: bytes[index..<end], as: UTF8.self)))
        index = end
      } else if signs.contains(byte) {
        var end = index + 1
        // `!=`, `<=`, `>=`, `<>` and `==` are one operator each.
        if "=<>!".utf8.contains(byte), end < bytes.count, "=>".utf8.contains(bytes[end]) { end += 1 }
        tokens.append(.sign(String(decoding: bytes[index..<end], as: UTF8.self)))
        index = end
      } else {
        throw .malformed("a character stands outside of quotes that has no meaning there")
      }
    }
    return tokens
  }

  private static func isInWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func string(_ bytes: [UInt8], _ index: inout Int) throws(STIXPatternProblem) -> String {
    var text: [UInt8] = []
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "'") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "'") || bytes[index] == UInt8(ascii: "\\") else {
          throw .malformed("a backslash in a string stands before a quote or a backslash only")
        }
        text.append(bytes[index])
        index += 1
      } else {
        text.append(byte)
      }
    }
    throw .malformed("a string is not closed")
  }
}
