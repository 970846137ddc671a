/// An address of Algorand: a key of 32 bytes and the last four bytes of its SHA-512/256, in Base32 of 58 characters.
///
/// The canonical form is the text itself, in upper case.
enum AlgorandAddress {
  static let chain = "algorand"

  private static let length = 58
  private static let keyLength = 32

  static func hasForm(_ text: [UInt8]) -> Bool {
    text.count == length && text.allSatisfy { Alphabet.base32.value($0) != nil }
  }

  static func validate(_ text: [UInt8]) throws(IndicatorRejection) {
    guard let values = Alphabet.base32.values(text), let bytes = BitGroups.bytes(values, width: 5) else {
      throw IndicatorRejection(.structure, "The last character holds bits that must be zero (RFC 4648, Base32).")
    }
    let key = Array(bytes.prefix(keyLength))
    guard SHA512By256.hash(key).suffix(4).elementsEqual(bytes.dropFirst(keyLength)) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (SHA-512/256, Algorand).")
    }
  }
}
