/// Text from outside, limited in length and without surrounding white space, before any rule looks at it.
struct BoundedText {
  /// The most bytes of UTF-8 a text may have as it arrives. The longest identifiers known here take half of it.
  static let byteLimit = 256

  /// The trimmed text, never empty.
  let text: Substring

  /// - Throws: `length` above the limit, `empty` when only white space is there.
  init(_ text: String) throws(IndicatorRejection) {
    guard text.utf8.count <= Self.byteLimit else {
      throw IndicatorRejection(.length, "It is longer than \(Self.byteLimit) bytes, more than any indicator has.")
    }
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    guard !scalars.isEmpty else { throw IndicatorRejection(.empty, "There is no text.") }
    self.text = Substring(scalars)
  }

  var bytes: [UInt8] { Array(text.utf8) }
}
