/// How a file's text is written in bytes, of those encodings that banks' and authorities' programs write.
public enum TextEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  /// Western European Windows; it holds ISO 8859-1, whose control characters no table has.
  case windows1252 = "windows-1252"

  /// From a byte order mark (Unicode 16, section 23.8); nil without one.
  /// - Parameter start: the first bytes of the file, at least three if it has so many.
  init?(mark start: some Sequence<UInt8>) {
    let start = Array(start.prefix(3))
    if start == CSVBytes.byteOrderMark {
      self = .utf8
    } else if start.starts(with: [0xFF, 0xFE]) {
      self = .utf16LittleEndian
    } else if start.starts(with: [0xFE, 0xFF]) {
      self = .utf16BigEndian
    } else {
      return nil
    }
  }
}
