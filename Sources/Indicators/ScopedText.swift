/// Text of the form `SCHEME|VALUE`, for identifiers that mean something only within one wallet or scheme.
enum ScopedText {
  private static let schemeLengths = 2...20
  private static let hyphen = UInt8(ascii: "-")
  private static let divider = UInt8(ascii: "|")

  /// Writes the scheme in lower case, and into the value with its `|`.
  /// - Parameters:
  ///   - text: as it arrived.
  ///   - written: how such a text is written, for people.
  /// - Returns: where in the text stands what follows the first `|`, without spaces around it.
  /// - Throws: `separator` without a `|`; `empty`, `characters` or `length` for a scheme that is none; and as `BoundedText`.
  static func split(
    _ text: Span<UInt8>, to form: inout CanonicalForm, written: String, limit: Int = BoundedText.byteLimit
  ) throws(IndicatorRejection) -> Range<Int> {
    let range = try BoundedText.range(of: text, limit: limit)
    let bytes = text.extracting(range)
    guard let bar = bytes.firstIndex(of: divider) else {
      throw IndicatorRejection(.separator, "Say of which wallet it is: \(written).")
    }
    let before = bytes.extracting(0..<bar)
    form.beginScheme()
    for index in before.withoutSpaces { form.append(ASCII.lowerCased(before[index])) }
    form.endScheme()
    guard let first = form.scheme({ $0.first }) else {
      throw IndicatorRejection(.empty, "The wallet, before the '|', is missing.")
    }
    guard ASCII.isLowerCase(first), form.scheme({ $0.last != hyphen && $0.allSatisfy(isInScheme) }) else {
      throw IndicatorRejection(
        .characters, "A wallet's name is of letters, digits and hyphens between them, from a letter on.")
    }
    guard schemeLengths ~= form.scheme({ $0.count }) else {
      throw IndicatorRejection(.length, "A wallet's name has 2 to 20 characters.")
    }
    form.appendScheme()
    form.append(divider)
    let start = range.lowerBound + bar + 1
    let value = text.extracting(start..<range.upperBound).withoutSpaces
    return start + value.lowerBound..<start + value.upperBound
  }

  private static func isInScheme(_ byte: UInt8) -> Bool {
    ASCII.isLowerCase(byte) || ASCII.isDigit(byte) || byte == hyphen
  }
}
