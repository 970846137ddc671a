/// Text of the form `SCHEME|VALUE`, for identifiers that mean something only within one wallet or scheme.
enum ScopedText {
  private static let schemeLengths = 2...20

  /// The scheme in lower case and what stands after the first `|`, both without spaces around them.
  /// - Throws: `separator` without a `|`, `structure` for a scheme that is none, and as `BoundedText`.
  static func split(
    _ text: String, form: String
  ) throws(IndicatorRejection) -> (scheme: String, value: ArraySlice<UInt8>) {
    let bytes = try BoundedText(text).bytes
    guard let bar = bytes.firstIndex(of: UInt8(ascii: "|")) else {
      throw IndicatorRejection(.separator, "Say of which wallet it is: \(form).")
    }
    let scheme = ASCII.trimmed(bytes[..<bar]).map(ASCII.lowerCased)
    guard schemeLengths.contains(scheme.count), let first = scheme.first, ASCII.isLowerCase(first),
      scheme.allSatisfy({ ASCII.isLowerCase($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") })
    else {
      throw IndicatorRejection(
        .structure, "Before the '|' stands the wallet: 2 to 20 letters, digits and '-', from a letter on.")
    }
    return (String(decoding: scheme, as: UTF8.self), ASCII.trimmed(bytes[(bar + 1)...]))
  }
}
