/// Chains whose addresses are written in Bech32, by their prefix.
enum Bech32Chain {
  /// A witness program behind the checksum of BIP-173 or BIP-350.
  case segwit(String)
  /// So many bytes behind one checksum, in a text that may be longer than BIP-173 allows.
  case bytes(String, lengths: Set<Int>, checksum: Bech32.Checksum, limit: Int)
  case test(String)

  /// Nil for a prefix that is unknown here.
  init?(prefix: String) {
    switch prefix {
    case "bc": self = .segwit("bitcoin")
    case "ltc": self = .segwit("litecoin")
    case "btg": self = .segwit("bitcoin-gold")
    // Shielded addresses of Sapling (ZIP 173) and unified ones, whose inside is scrambled (ZIP 316).
    case "zs": self = .bytes(ZcashAddress.chain, lengths: [43], checksum: .bech32, limit: 90)
    case "u": self = .bytes(ZcashAddress.chain, lengths: Set(40...255), checksum: .bech32m, limit: 256)
    // A header byte, one or two hashes of 28 bytes, or a pointer (CIP-19).
    case "addr": self = .bytes("cardano", lengths: Set(29...65), checksum: .bech32, limit: 128)
    case "cosmos":
      self = .bytes("cosmos", lengths: [20, 32], checksum: .bech32, limit: 90)
    case "bnb": self = .bytes("bnb", lengths: [20], checksum: .bech32, limit: 90)
    case "tb", "bcrt": self = .test("Bitcoin")
    case "tltc", "rltc": self = .test("Litecoin")
    case "addr_test": self = .test("Cardano")
    case "ztestsapling", "utest": self = .test("Zcash")
    default: return nil
    }
  }

  /// The canonical form of a text with this prefix.
  func parse(_ text: [UInt8]) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    switch self {
    case .segwit(let chain):
      try SegwitAddress.validate(try Bech32(text))
      return (chain, text.map(ASCII.lowerCased))
    case .bytes(let chain, let lengths, let checksum, let limit):
      let parsed = try Bech32(text, limit: limit)
      guard parsed.checksum == checksum else {
        throw IndicatorRejection(.checksum, "The checksum is that of another version of Bech32 (BIP-173, BIP-350).")
      }
      guard let count = SegwitAddress.byteCount(parsed.values[...]) else {
        throw IndicatorRejection(.structure, "The last character has bits that hold nothing (BIP-173).")
      }
      guard lengths.contains(count) else {
        throw IndicatorRejection(.length, "It holds \(count) bytes, which no address of \(chain) has.")
      }
      return (chain, text.map(ASCII.lowerCased))
    case .test(let chain):
      _ = try Bech32(text, limit: BoundedText.byteLimit)
      throw .testNetwork(chain: chain, sign: "Bech32 prefix")
    }
  }
}
