/// An account of the XRP Ledger, in Base58Check with the ledger's own alphabet (XLS-0), with the destination tag that names the payee within it:
/// `ADDRESS` or `ADDRESS|TAG`.
///
/// An exchange has one account for all its customers, and only the tag tells them apart: an address without its tag then names the exchange.
enum XRPAddress {
  static let chain = "xrp"

  /// The 25 bytes of an account; nil for a text that is none.
  static func account(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard let bytes = Base58.decode(text, alphabet: .ripple), bytes.count == 25, bytes.first == 0,
      Base58.hasChecksum(bytes)
    else { return nil }
    return bytes
  }

  /// The canonical form of an account with its tag, a number of 32 bits without leading zeros.
  static func tagged(_ address: [UInt8], _ tag: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    guard !tag.isEmpty, tag.count <= 10, tag.allSatisfy(ASCII.isDigit),
      let number = UInt32(String(decoding: tag, as: UTF8.self))
    else { throw IndicatorRejection(.structure, "A destination tag is a number up to 4294967295 (XRP Ledger).") }
    return address + Array("|\(number)".utf8)
  }
}
