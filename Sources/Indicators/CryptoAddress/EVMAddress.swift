/// An address of Ethereum or any chain with the same machine: `0x` and 40 hexadecimal digits.
///
/// Letters of one case carry no checksum and are accepted; mixed case must be the checksum of EIP-55. The canonical
/// form is lower case. One address is valid on every such chain, so the scheme names none of them.
enum EVMAddress {
  static let chain = "evm"

  private static let prefix = Array("0x".utf8)
  private static let digitCount = 40

  static func hasForm(_ text: [UInt8]) -> Bool {
    text.prefix(2).map(ASCII.lowerCased) == prefix
  }

  /// The canonical form of a text that has the form.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    let digits = text.dropFirst(2)
    guard digits.allSatisfy({ Hex.value($0) != nil }) else {
      throw IndicatorRejection(.characters, "After 0x an address has only hexadecimal digits (EIP-55).")
    }
    guard digits.count == digitCount else {
      throw IndicatorRejection(
        .length, "After 0x an address has \(digitCount) hexadecimal digits, this one \(digits.count) (EIP-55).")
    }
    let lower = digits.map(ASCII.lowerCased)
    if digits.contains(where: ASCII.isUpperCase), digits.contains(where: ASCII.isLowerCase) {
      guard Array(digits) == checksummed(lower) else {
        throw IndicatorRejection(
          .checksum, "The mix of upper and lower case is not the checksum of the address (EIP-55).")
      }
    }
    return prefix + lower
  }

  /// A letter is upper case where the digit of the hash at the same place is 8 or more.
  private static func checksummed(_ lower: [UInt8]) -> [UInt8] {
    let nibbles = Keccak256.hash(lower).flatMap { [$0 >> 4, $0 & 15] }
    return zip(lower, nibbles).map { $1 >= 8 ? ASCII.upperCased($0) : $0 }
  }
}
