/// Text from outside, limited in length and without surrounding white space, before any rule looks at it.
struct BoundedText {
  /// The most bytes of UTF-8 a text may have as it arrives. The longest account numbers and addresses known here take
  /// half of it; a rule for something longer names its own limit.
  static let byteLimit = 256

  /// The most bytes that any rule takes: those of a url. Longer text is refused before any rule is asked.
  static let highestLimit = 2_048

  /// The trimmed text, never empty.
  let text: Substring

  /// - Throws: `length` above the limit, `empty` when only white space is there.
  init(_ text: String, limit: Int = byteLimit) throws(IndicatorRejection) {
    guard text.utf8.count <= limit else {
      throw IndicatorRejection(.length, "It is longer than \(limit) bytes, more than any such indicator has.")
    }
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, Self.isWhitespace(first) { scalars.removeFirst() }
    while let last = scalars.last, Self.isWhitespace(last) { scalars.removeLast() }
    guard !scalars.isEmpty else { throw IndicatorRejection(.empty, "There is no text.") }
    self.text = Substring(scalars)
  }

  var bytes: [UInt8] { Array(text.utf8) }

  /// Unicode's tables are asked only beyond ASCII.
  private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
  }
}
