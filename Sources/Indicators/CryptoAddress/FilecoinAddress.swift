/// An address of Filecoin: `f`, the digit of its kind, and Base32 in lower case with a checksum of BLAKE2b.
///
/// Kinds 1 (a key), 2 (a contract) and 3 (a BLS key) are taken; the canonical form is the text itself. Kind 0 is a
/// number that has no checksum and may still change, and kind 4 belongs to an address manager: both are refused.
enum FilecoinAddress {
  static let chain = "filecoin"

  private static let checksumLength = 4

  /// Bytes before the checksum, by the kind.
  private static let lengths: [UInt8: Int] = [1: 20, 2: 20, 3: 48]

  /// The characters of the whole address.
  private static let textLengths: Set<Int> = [41, 86]

  static func hasForm(_ text: [UInt8]) -> Bool {
    textLengths.contains(text.count) && (text[0] == UInt8(ascii: "f") || text[0] == UInt8(ascii: "t"))
      && "123".utf8.contains(text[1]) && text.dropFirst(2).allSatisfy { Alphabet.lowerBase32.value($0) != nil }
  }

  static func validate(_ text: [UInt8]) throws(IndicatorRejection) {
    let kind = text[1] - UInt8(ascii: "0")
    guard let values = Alphabet.lowerBase32.values(text.dropFirst(2)),
      let bytes = BitGroups.bytes(values, width: 5), bytes.count - checksumLength == lengths[kind]
    else { throw .wrongContent(chain) }
    let payload = [kind] + bytes.dropLast(checksumLength)
    guard Blake2b.hash(payload, length: checksumLength) == bytes.suffix(checksumLength) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (BLAKE2b, Filecoin).")
    }
    guard text.first == UInt8(ascii: "f") else {
      throw .testNetwork(chain: "Filecoin", sign: "first letter t")
    }
  }
}
