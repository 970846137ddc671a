/// `crypto-address`: an address to which crypto currency is paid; the scheme is its chain.
///
/// The chain follows from the form of the address alone, never from a label beside it: lists call one form by many
/// names of currencies. Canonical is Base58 as given, Bech32 in lower case, EVM as `0x` and lower-case digits. Only
/// white space around the address is dropped.
enum CryptoAddressRule: IndicatorRule {
  static let type = IndicatorType.cryptoAddress
  static let normaliser: UInt8 = 1
  static let source = "BIP-173, BIP-350, EIP-55 and each chain's own parameters"
  static let form = "the address as the wallet shows it"

  static func space(scheme: String, value: String) -> SearchSpace {
    SearchSpace(order: 9, "addresses that were ever used, all of them on the public chain")
  }

  static let chains = ["bitcoin", EVMAddress.chain, TronAddress.chain]

  /// The prefix of Bitcoin's main network (BIP-173).
  private static let bitcoinPrefix = "bc"

  /// The lengths of an account's and of a key's or transaction's hash, in hexadecimal digits.
  private static let bareHexCounts: Set<Int> = [40, 64]

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bytes = try BoundedText(text).bytes
    let (chain, value) = try address(bytes)
    return (chain, String(decoding: value, as: UTF8.self))
  }

  private static func address(_ text: [UInt8]) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    if EVMAddress.hasForm(text) { return (EVMAddress.chain, try EVMAddress.parse(text)) }
    if let bytes = TronAddress.bytes(hex: text) { return (TronAddress.chain, TronAddress.canonical(bytes)) }
    if let rejection = CashAddress.rejection(text) { throw rejection }
    if bareHexCounts.contains(text.count), text.allSatisfy({ Hex.value($0) != nil }) {
      throw IndicatorRejection(
        .unrecognised,
        "\(text.count) hexadecimal digits alone name no chain: an address without its 0x, a key or a transaction.")
    }
    guard text.allSatisfy(ASCII.isAlphanumeric) else {
      throw IndicatorRejection(
        .characters, "A crypto address has only letters and digits; there is another character in it.")
    }
    // A TRON address may begin with TB1, which would read as a Bech32 prefix: a whole Base58Check address comes first.
    if let whole = try? Base58Address.parse(text) { return whole }
    if let prefix = bech32Prefix(text) {
      return ("bitcoin", try bech32(text, prefix: prefix))
    }
    do {
      return try Base58Address.parse(text)
    } catch {
      // Tried last, because hardly any text needs it.
      guard (try? Bech32(text)) == nil else {
        throw .unsupported(chain: "a chain that is unknown here", sign: "Bech32 with another prefix")
      }
      throw error
    }
  }

  /// The prefix of a text in Bech32, in lower case, when it is one that is known here.
  private static func bech32Prefix(_ text: [UInt8]) -> String? {
    guard let separator = text.lastIndex(of: UInt8(ascii: "1")) else { return nil }
    let prefix = String(decoding: text[..<separator].map(ASCII.lowerCased), as: UTF8.self)
    return prefix == bitcoinPrefix || OtherChains.rejection(bech32Prefix: prefix) != nil ? prefix : nil
  }

  private static func bech32(_ text: [UInt8], prefix: String) throws(IndicatorRejection) -> [UInt8] {
    let other = OtherChains.rejection(bech32Prefix: prefix)
    // Cardano and Zcash write longer texts than BIP-173 allows; then the prefix must do.
    if let other, text.count > Bech32.textLimit { throw other }
    let parsed = try Bech32(text)
    if let other { throw other }
    try SegwitAddress.validate(parsed)
    return text.map(ASCII.lowerCased)
  }
}
