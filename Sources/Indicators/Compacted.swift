/// Text without the separators that people write between groups: white space, U+200B, U+FEFF, `-` and `.`.
enum Compacted {
  /// The letters and digits that are left, letters in upper case.
  /// - Throws: `characters` for anything else, with the given reason; `empty`, `length` as `BoundedText`.
  static func upperCase(_ text: String, else reason: String) throws(IndicatorRejection) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in try BoundedText(text).text.unicodeScalars where !isSeparator(scalar) {
      guard let byte = UInt8(exactly: scalar.value), ASCII.isAlphanumeric(byte) else {
        throw IndicatorRejection(.characters, reason)
      }
      bytes.append(ASCII.upperCased(byte))
    }
    guard !bytes.isEmpty else { throw IndicatorRejection(.empty, "There is no number.") }
    return bytes
  }

  /// The digits that are left.
  /// - Throws: as `upperCase`.
  static func digits(_ text: String, else reason: String) throws(IndicatorRejection) -> [UInt8] {
    let bytes = try upperCase(text, else: reason)
    guard bytes.allSatisfy(ASCII.isDigit) else { throw IndicatorRejection(.characters, reason) }
    return bytes
  }

  static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "-", ".", "\u{200B}", "\u{FEFF}": true
    default: scalar.properties.isWhitespace
    }
  }
}
