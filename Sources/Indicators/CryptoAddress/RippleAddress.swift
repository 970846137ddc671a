/// An account of the XRP Ledger, with the destination tag that tells the customers of one exchange apart.
///
/// The canonical form is the classic address, and `ADDRESS|TAG` with a tag in decimal digits. An X-address (XLS-5d)
/// holds both and becomes the same.
enum RippleAddress {
  static let chain = "xrp"

  private static let hashLength = 20
  private static let classicLength = 1 + hashLength + Base58.checksumLength

  /// Two bytes, the account, a flag, the tag in eight bytes.
  private static let extendedLength = 2 + hashLength + 9 + Base58.checksumLength
  private static let mainHead: [UInt8] = [0x05, 0x44]
  private static let testHead: [UInt8] = [0x04, 0x93]

  /// The canonical form, or nil when the text has not the form.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8]? {
    guard let first = text.first, "rXT".utf8.contains(first),
      let bytes = Base58.decode(text, alphabet: .ripple)
    else { return nil }
    if bytes.count == classicLength, bytes.first == 0 {
      try check(bytes)
      return text
    }
    guard bytes.count == extendedLength, bytes.starts(with: mainHead) || bytes.starts(with: testHead) else {
      return nil
    }
    try check(bytes)
    guard bytes.starts(with: mainHead) else { throw .testNetwork(chain: "XRP", sign: "X-address that begins with T") }
    let account = [0] + bytes[mainHead.count..<(mainHead.count + hashLength)]
    let classic = Base58.encode(account + Base58.checksum(account), alphabet: .ripple)
    let flag = bytes[mainHead.count + hashLength]
    let number = bytes.dropLast(Base58.checksumLength).suffix(8)
    // Tags have four bytes; the other four are kept for a longer kind that was never made (XLS-5d).
    guard flag <= 1, number.suffix(4).allSatisfy({ $0 == 0 }), flag == 1 || number.allSatisfy({ $0 == 0 }) else {
      throw IndicatorRejection(.structure, "The flag of an X-address is 0 without a tag and 1 with one (XLS-5d).")
    }
    guard flag == 1 else { return classic }
    let tag = number.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return classic + Array("|\(tag)".utf8)
  }

  private static func check(_ bytes: [UInt8]) throws(IndicatorRejection) {
    guard Base58.hasChecksum(bytes) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (Base58Check in the XRP Ledger's alphabet).")
    }
  }
}
