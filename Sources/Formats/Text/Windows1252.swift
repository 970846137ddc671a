/// Windows-1252, as Microsoft's table (cp1252.txt at unicode.org) has it.
enum Windows1252 {
  /// The characters of bytes 80 to 9F; 0 where there is none.
  private static let upper: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]

  static func utf8(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      switch byte {
      case ..<0x80: text.append(byte)
      case 0x80...0x9F:
        if let scalar = Unicode.Scalar(upper[Int(byte - 0x80)]), scalar.value != 0 {
          text.append(contentsOf: scalar.utf8)
        } else {
          text.append(TextDecoder.noCharacter)
        }
      default:
        // ISO 8859-1: the character's number is the byte.
        text.append(0xC0 | byte >> 6)
        text.append(0x80 | byte & 0x3F)
      }
    }
    return text
  }
}
