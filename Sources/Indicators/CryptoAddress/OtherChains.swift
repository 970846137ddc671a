/// Recognises addresses of chains without a rule, so that the answer can name the chain instead of "invalid".
enum OtherChains {
  /// By the form of a text in Base58.
  static func rejectionByText(_ text: [UInt8]) -> IndicatorRejection? {
    if text.count == 95 || text.count == 106, text.allSatisfy(Base58.isDigit),
      text.first == UInt8(ascii: "4") || text.first == UInt8(ascii: "8")
    {
      return .unsupported(chain: "Monero", sign: "\(text.count) characters of Base58")
    }
    if text.first == UInt8(ascii: "r"), let bytes = Base58.decode(text, alphabet: .ripple), bytes.count == 25,
      bytes.first == 0, Base58.hasChecksum(bytes)
    {
      return .unsupported(chain: "XRP", sign: "Base58Check in the XRP Ledger's alphabet")
    }
    return nil
  }

  /// By the bytes that a text in Base58 holds.
  static func rejectionByBytes(_ bytes: [UInt8]) -> IndicatorRejection? {
    if bytes.count == 32 {
      return .unsupported(chain: "Solana", sign: "32 bytes in Base58")
    }
    // Zcash has version numbers of two bytes, chosen so that addresses begin with t1, t3, tm and t2.
    guard bytes.count == 26, Base58.hasChecksum(bytes) else { return nil }
    let sign = "Base58Check version of two bytes"
    switch (bytes[0], bytes[1]) {
    case (0x1C, 0xB8), (0x1C, 0xBD): return .unsupported(chain: "Zcash", sign: sign)
    case (0x1D, 0x25), (0x1C, 0xBA): return .testNetwork(chain: "Zcash", sign: sign)
    default: return nil
    }
  }

  /// By the prefix of a Bech32 text; nil for a prefix that is unknown here.
  static func rejection(bech32Prefix prefix: String) -> IndicatorRejection? {
    switch prefix {
    case "ltc": .unsupported(chain: "Litecoin", sign: "Bech32 prefix")
    case "addr": .unsupported(chain: "Cardano", sign: "Bech32 prefix")
    case "cosmos": .unsupported(chain: "Cosmos", sign: "Bech32 prefix")
    case "zs", "u": .unsupported(chain: "Zcash", sign: "Bech32 prefix")
    case "tb", "bcrt": .testNetwork(chain: "Bitcoin", sign: "Bech32 prefix")
    case "tltc", "rltc": .testNetwork(chain: "Litecoin", sign: "Bech32 prefix")
    default: nil
    }
  }
}
