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

  static func check(_ label: Span<UInt8>) throws(IndicatorRejection) {
    guard label.count == labelLength else {
      throw IndicatorRejection(
        .length, "An onion service has \(labelLength) characters before .onion; version 2 with 16 ended in 2021 (Tor).")
    }
    // The length is a multiple of eight, so that no bits remain.
    guard let values = Alphabet.lowerBase32.values(label.indices.map { label[$0] }),
      let bytes = BitGroups.bytes(values, width: 5)
    else {
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
}
