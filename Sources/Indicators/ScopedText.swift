/// Text of the form `SCHEME|VALUE`, for identifiers that mean something only within one wallet or scheme.
enum ScopedText {
  private static let schemeLengths = 2...20
  private static let hyphen = UInt8(ascii: "-")

  /// The scheme in lower case and what stands after the first `|`, both without spaces around them.
  /// - Throws: `separator` without a `|`; `empty`, `characters` or `length` for a scheme that is none; and as `BoundedText`.
  static func split(
    _ text: String, form: String, limit: Int = BoundedText.byteLimit
  ) throws(IndicatorRejection) -> (scheme: String, value: ArraySlice<UInt8>) {
    let bytes = try BoundedText(text, limit: limit).bytes
    guard let bar = bytes.firstIndex(of: UInt8(ascii: "|")) else {
      throw IndicatorRejection(.separator, "Say of which wallet it is: \(form).")
    }
    let scheme = ASCII.trimmed(bytes[..<bar]).map(ASCII.lowerCased)
    guard let first = scheme.first else {
      throw IndicatorRejection(.empty, "The wallet, before the '|', is missing.")
    }
    guard ASCII.isLowerCase(first), scheme.last != hyphen,
      scheme.allSatisfy({ ASCII.isLowerCase($0) || ASCII.isDigit($0) || $0 == hyphen })
    else {
      throw IndicatorRejection(
        .characters, "A wallet's name is of letters, digits and hyphens between them, from a letter on.")
    }
    guard schemeLengths ~= scheme.count else {
      throw IndicatorRejection(.length, "A wallet's name has 2 to 20 characters.")
    }
    return (String(decoding: scheme, as: UTF8.self), ASCII.trimmed(bytes[(bar + 1)...]))
  }
}
