import Crypto

/// The label before `.onion`, which is the key of an onion service, version 3 (Tor, rend-spec-v3, section 6).
///
/// It is the Base32 text of key (32 bytes), checksum (2) and version (1). Whether the key is a point of its curve is
/// not asked; a wrong letter is found by the checksum.
enum OnionName {
  static let topLevel = Array("onion".utf8)

  private static let labelLength = 56
  private static let keyLength = 32
  private static let version: UInt8 = 3
  private static let base32 = Alphabet("abcdefghijklmnopqrstuvwxyz234567")

  static func check(_ label: ArraySlice<UInt8>) throws(IndicatorRejection) {
    guard label.count == labelLength else {
      throw IndicatorRejection(
        .length, "An onion service has \(labelLength) characters before .onion; version 2 with 16 ended in 2021 (Tor).")
    }
    guard let bytes = decoded(label) else {
      throw IndicatorRejection(
        .characters, "An onion service has only the letters a to z and 2 to 7 (RFC 4648, Base32).")
    }
    guard bytes.last == version else {
      throw IndicatorRejection(.structure, "The version in an onion service's name is not 3 (Tor, rend-spec-v3).")
    }
    let key = bytes.prefix(keyLength)
    let checksum = SHA3_256.hash(data: Array(".onion checksum".utf8) + key + [version]).prefix(2)
    guard bytes.dropFirst(keyLength).dropLast().elementsEqual(checksum) else {
      throw IndicatorRejection(.checksum, "The checksum in an onion service's name is wrong (Tor, rend-spec-v3).")
    }
  }

  /// Eight characters hold five bytes, and the length is a multiple of eight, so nothing remains.
  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer: UInt16 = 0
    var bits: UInt16 = 0
    for character in text {
      guard let value = base32.value(character) else { return nil }
      buffer = buffer << 5 | UInt16(value)
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
    }
    return bytes
  }
}
