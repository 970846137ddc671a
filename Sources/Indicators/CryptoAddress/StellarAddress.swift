/// An address of Stellar (SEP-23): Base32 in upper case with a checksum.
///
/// The canonical form is the text itself. Stellar's `G` is an account, `M` an account with a customer's number inside
/// and `C` a contract; its other kinds are keys that must not be shared.
enum StellarAddress {
  static let chain = "stellar"

  /// The version byte, which makes the first letter G, M or C, and how many bytes follow it before the checksum.
  private static let kinds: [UInt8: Int] = [6 << 3: 32, 12 << 3: 40, 2 << 3: 32]

  private static let lengths: Set<Int> = [56, 69]
  private static let secretLetter = UInt8(ascii: "S")

  /// Whether the text is Base32 of a length that Stellar uses.
  static func hasForm(_ text: [UInt8]) -> Bool {
    lengths.contains(text.count) && text.allSatisfy { Alphabet.base32.value($0) != nil }
  }

  static func validate(_ text: [UInt8]) throws(IndicatorRejection) {
    guard text.first != secretLetter else {
      throw IndicatorRejection(
        .structure, "It begins like a secret key of Stellar; it must be shared with nobody (SEP-23).")
    }
    guard let values = Alphabet.base32.values(text), let bytes = BitGroups.bytes(values, width: 5), bytes.count > 2
    else { throw .wrongContent(chain) }
    let payload = bytes.dropLast(2)
    let checksum = CyclicChecksum.crc16(payload)
    guard
      bytes.suffix(2).elementsEqual([UInt8(truncatingIfNeeded: checksum), UInt8(truncatingIfNeeded: checksum >> 8)])
    else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (CRC-16, Stellar, SEP-23).")
    }
    guard let version = payload.first, kinds[version] == payload.count - 1 else {
      throw .wrongContent(chain)
    }
  }
}
