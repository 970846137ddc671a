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
    let range = try Self.range(of: text.utf8.span, limit: limit)
    let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
    self.text = text[start..<text.utf8.index(start, offsetBy: range.count)]
  }

  var bytes: [UInt8] { Array(text.utf8) }

  /// Where the trimmed text lies in bytes of UTF-8; never empty.
  /// - Throws: as `init`.
  static func range(of text: Span<UInt8>, limit: Int = byteLimit) throws(IndicatorRejection) -> Range<Int> {
    guard text.count <= limit else {
      throw IndicatorRejection(.length, "It is longer than \(limit) bytes, more than any such indicator has.")
    }
    var (low, high) = (0, text.count)
    while low < high, let width = ScalarReading.whiteSpace(in: text, at: low) { low += width }
    while low < high, let width = ScalarReading.whiteSpace(in: text, before: high, from: low) { high -= width }
    guard low < high else { throw IndicatorRejection(.empty, "There is no text.") }
    return low..<high
  }
}
