/// Addresses in Bech32 or Bech32m: the prefix names the chain, and each chain says what stands behind it.
enum Bech32Address {
  /// What a chain writes behind its prefix.
  private enum Content {
    /// A witness version and program, as on Bitcoin.
    case witness
    /// The hash of a key or of a name, in the checksum of BIP-173, by its possible lengths.
    case hash(Set<Int>)
    case cardano
    case zcash
    case zcashUnified
    case test(String)
    case stake
  }

  private static let contents: [String: (chain: String, content: Content)] = [
    "bc": ("bitcoin", .witness),
    "ltc": ("litecoin", .witness),
    "btg": ("bitcoin-gold", .witness),
    // An account of a key, and of a module or another chain (Cosmos SDK, ADR-028).
    "cosmos": ("cosmos", .hash([20, 32])),
    "bnb": ("bnb", .hash([20])),
    "addr": (CardanoAddress.chain, .cardano),
    "zs": (ZcashAddress.chain, .zcash),
    "u": (ZcashAddress.chain, .zcashUnified),
    "tb": ("bitcoin", .test("Bitcoin")),
    "bcrt": ("bitcoin", .test("Bitcoin")),
    "tltc": ("litecoin", .test("Litecoin")),
    "rltc": ("litecoin", .test("Litecoin")),
    "tbtg": ("bitcoin-gold", .test("Bitcoin Gold")),
    "tbnb": ("bnb", .test("BNB Beacon Chain")),
    "addr_test": (CardanoAddress.chain, .test("Cardano")),
    "stake_test": (CardanoAddress.chain, .test("Cardano")),
    "stake": (CardanoAddress.chain, .stake),
    "ztestsapling": (ZcashAddress.chain, .test("Zcash")),
    "utest": (ZcashAddress.chain, .test("Zcash")),
  ]

  /// The shortest text behind the one letter `u`: below it that letter may as well begin another chain's address.
  private static let unifiedMinimum = 80

  /// The prefix in lower case when it is one that is known here.
  static func prefix(_ text: [UInt8]) -> String? {
    guard let separator = text.lastIndex(of: UInt8(ascii: "1")) else { return nil }
    let prefix = String(decoding: text[..<separator].map(ASCII.lowerCased), as: UTF8.self)
    guard contents[prefix] != nil, prefix != ZcashAddress.unifiedPrefix || text.count >= unifiedMinimum else {
      return nil
    }
    return prefix
  }

  /// - Parameter prefix: the known prefix of the text.
  static func parse(
    _ text: [UInt8], prefix: String
  ) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    guard let (chain, content) = contents[prefix] else {
      throw .unsupported(chain: "a chain that is unknown here", sign: "Bech32 with another prefix")
    }
    let lower = text.map(ASCII.lowerCased)
    switch content {
    case .witness: try SegwitAddress.validate(try Bech32(text))
    case .hash(let lengths):
      guard let count = try data(text, isLong: false).map(\.count), lengths.contains(count) else {
        throw .wrongContent(chain)
      }
    case .cardano: try CardanoAddress.validate(try data(text, isLong: true) ?? [])
    case .zcash:
      guard try data(text, isLong: false)?.count == ZcashAddress.saplingLength else { throw .wrongContent(chain) }
    case .zcashUnified: try ZcashAddress.validate(unified: try Bech32(text, isLong: true))
    case .test(let name):
      _ = try Bech32(text, isLong: true)
      throw .testNetwork(chain: name, sign: "Bech32 prefix")
    case .stake:
      _ = try Bech32(text, isLong: true)
      throw IndicatorRejection(
        .structure, "A stake address of Cardano collects rewards; nobody can pay to it (CIP-19).")
    }
    return (chain, lower)
  }

  /// The bytes of a text with the checksum of BIP-173; nil when its padding is wrong.
  private static func data(_ text: [UInt8], isLong: Bool) throws(IndicatorRejection) -> [UInt8]? {
    let parsed = try Bech32(text, isLong: isLong)
    guard parsed.checksum == .bech32 else {
      throw IndicatorRejection(.checksum, "This chain takes the checksum of BIP-173; this is that of BIP-350.")
    }
    return parsed.bytes
  }
}
