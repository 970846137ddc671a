/// `crypto-address`: an address to which crypto currency is paid; the scheme is its chain.
///
/// The chain follows from the form of the address alone, never from a label beside it: lists call one form by many
/// names of currencies. Canonical is Base58 and Base32 as given, Bech32 in lower case, EVM as `0x` and lower-case
/// digits, and a destination tag or memo behind the sign `|`. Only white space around the address is dropped.
enum CryptoAddressRule: IndicatorRule {
  static let type = IndicatorType.cryptoAddress
  static let normaliser: UInt8 = 1
  static let source = "BIP-173, BIP-350, EIP-55 and each chain's own parameters"
  static let form = "the address as the wallet shows it, on some chains ADDRESS|TAG"

  static func space(scheme: String, value: String) -> SearchSpace {
    scheme == MoneroAddress.chain
      ? SearchSpace(order: 77, "pairs of keys; its addresses are not on the public chain")
      : SearchSpace(order: 9, "addresses that were ever used, all of them on the public chain")
  }

  static let chains = [
    "algorand", "bitcoin", "bitcoin-cash", "bitcoin-gold", "bnb", "cardano", "cosmos", "dash", "dogecoin", "eos",
    "evm", "filecoin", "kusama", "litecoin", "monero", "polkadot", "solana", "stellar", "tezos", "ton", "tron",
    "verge", "xrp", "zcash",
  ]

  /// The sign between an address and its tag or memo.
  private static let divider = UInt8(ascii: "|")

  /// The lengths of an account's and of a key's or transaction's hash, in hexadecimal digits.
  private static let bareHexCounts: Set<Int> = [40, 64]

  static func parse(_ text: String) throws(IndicatorRejection) -> (scheme: String, value: String) {
    let bytes = try BoundedText(text).bytes
    let head = bytes.prefix { $0 != divider }
    let (chain, value) = try address(Array(head))
    guard head.count < bytes.count else { return (chain, String(decoding: value, as: UTF8.self)) }
    guard !value.contains(divider) else {
      throw IndicatorRejection(
        .separator, "The X-address holds a tag already; there is another one behind it (XLS-5d).")
    }
    let memo = try AddressMemo.canonical(bytes[(head.count + 1)...], chain: chain)
    return (chain, String(decoding: value + [divider] + memo, as: UTF8.self))
  }

  private static func address(_ text: [UInt8]) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    if let value = try EOSAddress.parse(text) { return (EOSAddress.chain, value) }
    if EVMAddress.hasForm(text) { return (EVMAddress.chain, try EVMAddress.parse(text)) }
    if let bytes = TronAddress.bytes(hex: text) { return (TronAddress.chain, TronAddress.canonical(bytes)) }
    if let value = try CashAddress.parse(text) { return (CashAddress.chain, value) }
    if bareHexCounts.contains(text.count), text.allSatisfy({ Hex.value($0) != nil }) {
      throw IndicatorRejection(
        .unrecognised,
        "\(text.count) hexadecimal digits alone name no chain: an address without its 0x, a key or a transaction.")
    }
    if let value = try TONAddress.parse(text) { return (TONAddress.chain, value) }
    let prefix = Bech32Address.prefix(text)
    // Only a known prefix may have the sign _, such as that of Cardano's test network.
    guard prefix != nil || text.allSatisfy(ASCII.isAlphanumeric) else {
      throw IndicatorRejection(
        .characters, "A crypto address has only letters and digits; there is another character in it.")
    }
    if let found = try ownAlphabet(text) { return found }
    // A TRON address may begin with TB1, which would read as a Bech32 prefix: a whole address with a checksum comes
    // first.
    if let found = Base58Address.checked(text) { return found }
    if let prefix { return try Bech32Address.parse(text, prefix: prefix) }
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

  /// Chains with an alphabet of their own, by the form of the text; nil for a text of another form.
  private static func ownAlphabet(
    _ text: [UInt8]
  ) throws(IndicatorRejection) -> (chain: String, value: [UInt8])? {
    if StellarAddress.hasForm(text) {
      try StellarAddress.validate(text)
      return (StellarAddress.chain, text)
    }
    if AlgorandAddress.hasForm(text) {
      try AlgorandAddress.validate(text)
      return (AlgorandAddress.chain, text)
    }
    if FilecoinAddress.hasForm(text) {
      try FilecoinAddress.validate(text)
      return (FilecoinAddress.chain, text)
    }
    if let value = try RippleAddress.parse(text) { return (RippleAddress.chain, value) }
    if MoneroAddress.hasForm(text), Base58Address.checked(text) == nil {
      try MoneroAddress.validate(text)
      return (MoneroAddress.chain, text)
    }
    return nil
  }
}
