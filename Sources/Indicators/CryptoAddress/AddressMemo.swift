/// The tag or memo behind an address, written `ADDRESS|MEMO`: without it one would list an exchange and not its
/// customer.
enum AddressMemo {
  /// The chains that know a memo, and its longest text in bytes.
  private static let textLimits = ["stellar": 28, "bnb": 128, "cosmos": 128, "eos": 256, "ton": 120]

  private static let hashDigitCount = 64

  /// The canonical form of a memo on a chain.
  ///
  /// A tag of XRP is a number of 32 bits without leading zeros. A memo is visible US-ASCII and keeps letter case and
  /// zeros, because the chains compare it byte by byte; only a hash of Stellar, 64 hexadecimal digits, becomes lower
  /// case.
  static func canonical(_ memo: ArraySlice<UInt8>, chain: String) throws(IndicatorRejection) -> [UInt8] {
    guard !memo.isEmpty else { throw IndicatorRejection(.empty, "There is no memo behind the sign |.") }
    if chain == RippleAddress.chain { return try tag(memo) }
    guard let limit = textLimits[chain] else {
      throw IndicatorRejection(.separator, "An address of \(chain) has no memo, so no sign | stands in it.")
    }
    if chain == StellarAddress.chain, memo.count == hashDigitCount, memo.allSatisfy({ Hex.value($0) != nil }) {
      return memo.map(ASCII.lowerCased)
    }
    guard memo.count <= limit else {
      throw IndicatorRejection(.length, "A memo of \(chain) has at most \(limit) bytes.")
    }
    // Visible signs, without a second divider; a space would be lost or added where texts are trimmed.
    guard memo.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "|") }) else {
      throw IndicatorRejection(.characters, "A memo has only visible signs of US-ASCII here, and no second |.")
    }
    return Array(memo)
  }

  private static func tag(_ digits: ArraySlice<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    guard digits.allSatisfy(ASCII.isDigit) else {
      throw IndicatorRejection(.characters, "A destination tag of XRP has only digits.")
    }
    guard let tag = UInt32(String(decoding: digits, as: UTF8.self)) else {
      throw IndicatorRejection(.length, "A destination tag of XRP is at most 4,294,967,295.")
    }
    return Array(String(tag).utf8)
  }
}
