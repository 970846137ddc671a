/// Text without the separators that people write between groups: white space, U+200B, U+FEFF, `-` and `.`.
enum Compacted {
  /// Writes the letters and digits that are left, letters in upper case.
  /// - Throws: `characters` for anything else, with the given reason; `empty`, `length` as `BoundedText`.
  static func upperCase(
    _ text: Span<UInt8>, to form: inout CanonicalForm, else reason: String
  ) throws(IndicatorRejection) {
    let range = try BoundedText.range(of: text)
    var index = range.lowerBound
    while true {
      index = form.append(text, in: index..<range.upperBound) { byte in
        ASCII.isDigit(byte) ? byte : ASCII.isLetter(byte) ? byte & 0xDF : nil
      }
      guard index < range.upperBound else { break }
      if text[index] == UInt8(ascii: " ") {
        index += 1
      } else if let width = separator(in: text, at: index) {
        index += width
      } else {
        throw IndicatorRejection(.characters, reason)
      }
    }
    guard form.count > 0 else { throw IndicatorRejection(.empty, "There is no number.") }
  }

  /// Writes the digits that are left.
  /// - Throws: as `upperCase`.
  static func digits(
    _ text: Span<UInt8>, to form: inout CanonicalForm, else reason: String
  ) throws(IndicatorRejection) {
    try upperCase(text, to: &form, else: reason)
    guard form.value({ $0.allSatisfy(ASCII.isDigit) }) else { throw IndicatorRejection(.characters, reason) }
  }

  /// How many bytes the separator has that begins at a place; nil if none does.
  private static func separator(in text: Span<UInt8>, at index: Int) -> Int? {
    let byte = text[index]
    guard byte >= 0x80 else {
      return byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || ScalarReading.isWhiteSpace(byte) ? 1 : nil
    }
    let (scalar, width) = ScalarReading.scalar(in: text, at: index)
    return scalar == "\u{200B}" || scalar == "\u{FEFF}" || scalar.properties.isWhitespace ? width : nil
  }
}
