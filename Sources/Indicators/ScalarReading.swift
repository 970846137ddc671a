/// Characters in lent bytes of UTF-8. Unicode's tables are asked only beyond ASCII.
enum ScalarReading {
  /// The character that begins at a place and how many bytes it has; U+FFFD and one byte where they are not UTF-8.
  static func scalar(in bytes: Span<UInt8>, at start: Int) -> (scalar: Unicode.Scalar, width: Int) {
    let widest = (start..<min(start + 4, bytes.count)).map { bytes[$0] }
    var (codec, iterator) = (UTF8(), widest.makeIterator())
    guard case .scalarValue(let scalar) = codec.decode(&iterator) else { return ("\u{FFFD}", 1) }
    return (scalar, UTF8.width(scalar))
  }

  /// How many bytes the white space has that begins at a place; nil if none does.
  static func whiteSpace(in bytes: Span<UInt8>, at start: Int) -> Int? {
    guard bytes[start] >= 0x80 else { return isWhiteSpace(bytes[start]) ? 1 : nil }
    let (scalar, width) = scalar(in: bytes, at: start)
    return scalar.properties.isWhitespace ? width : nil
  }

  /// How many bytes the white space has that ends before a place; nil if none does.
  static func whiteSpace(in bytes: Span<UInt8>, before end: Int, from first: Int) -> Int? {
    guard bytes[end - 1] >= 0x80 else { return isWhiteSpace(bytes[end - 1]) ? 1 : nil }
    var start = end - 1
    while start > first, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    guard let width = whiteSpace(in: bytes, at: start), start + width == end else { return nil }
    return width
  }

  @inline(__always)
  static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 9...13 ~= byte }
}
