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

  static let chains = [
    "bitcoin", "bitcoin-cash", "bitcoin-gold", "bnb", "cardano", "cosmos", "dash", "dogecoin", EVMAddress.chain,
    "litecoin",
    MoneroAddress.chain, "solana", StellarAddress.chain, TronAddress.chain, "verge", XRPAddress.chain,
    ZcashAddress.chain,
  ]

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
    if let value = try CashAddress.parse(text) { return (CashAddress.chain, value) }
    if let bar = text.firstIndex(of: UInt8(ascii: "|")) {
      return try tagged(Array(ASCII.trimmed(text[..<bar])), Array(ASCII.trimmed(text[(bar + 1)...])))
    }
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
    if let whole = try? Base58Address.parse(text), whole.chain != "solana" { return whole }
    if StellarAddress.hasForm(text) { return (StellarAddress.chain, try StellarAddress.parse(text)) }
    if let separator = text.lastIndex(of: UInt8(ascii: "1")),
      let chain = Bech32Chain(prefix: String(decoding: text[..<separator].map(ASCII.lowerCased), as: UTF8.self))
    {
      return try chain.parse(text)
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

  /// An account that many share, with what names the payee within it.
  private static func tagged(
    _ address: [UInt8], _ tag: [UInt8]
  ) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    if XRPAddress.account(address) != nil { return (XRPAddress.chain, try XRPAddress.tagged(address, tag)) }
    if StellarAddress.hasForm(address) { return (StellarAddress.chain, try StellarAddress.tagged(address, tag)) }
    throw IndicatorRejection(
      .separator, "Only addresses of XRP and Stellar have a tag or memo after a '|', and this is none of them.")
  }
}
