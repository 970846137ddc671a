/// Sorts addresses in Base58 by what their bytes say: chain by length and version, after the checksum.
enum Base58Address {
  static let solana = "solana"

  /// Version and hash of 20 bytes, without the checksum.
  private static let payloadLength = 21

  private static let addressLength = payloadLength + Base58.checksumLength

  /// An account of Solana is 32 bytes without any checksum.
  private static let solanaLength = 32

  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> (chain: String, value: [UInt8]) {
    guard text.allSatisfy(Base58.isDigit) else {
      throw IndicatorRejection(
        .characters, "A character is not in the alphabet of Base58, which has no 0, O, I and l (Base58Check).")
    }
    guard let bytes = Base58.decode(text) else {
      throw IndicatorRejection(.length, "It is longer than any address in Base58 that is known here.")
    }
    if bytes.count == solanaLength {
      // Only one in 10^10 has letters of one case; a Bech32 text with a wrong prefix always has.
      guard text.contains(where: ASCII.isUpperCase) == text.contains(where: ASCII.isLowerCase) else {
        throw IndicatorRejection(
          .structure,
          "An account of Solana has letters of both cases; in one case alone it is damaged or another chain's.")
      }
      return (solana, text)
    }
    return (try chain(bytes), text)
  }

  /// The address when its bytes have a checksum and it is right; nil for all else.
  static func checked(_ text: [UInt8]) -> (chain: String, value: [UInt8])? {
    guard let found = try? parse(text), found.chain != solana else { return nil }
    return found
  }

  private static func chain(_ bytes: [UInt8]) throws(IndicatorRejection) -> String {
    if ByronAddress.hasForm(bytes) { return try ByronAddress.chain(bytes) }
    if let chain = try SubstrateAddress.chain(bytes) { return chain }
    if let network = longVersionNetwork(bytes) {
      try check(bytes)
      return try name(network, sign: "Base58Check version of two bytes")
    }
    guard bytes.count == addressLength, let version = bytes.first else {
      throw IndicatorRejection(
        .length,
        "It holds \(bytes.count) bytes, which no chain known here has; \(addressLength) is usual (Base58Check).")
    }
    try check(bytes)
    return try name(Base58Network(version: version), sign: "Base58Check version \(version)")
  }

  private static func name(_ network: Base58Network, sign: String) throws(IndicatorRejection) -> String {
    switch network {
    case .main(let chain): return chain
    case .test(let chain): throw .testNetwork(chain: chain, sign: sign)
    case .unknown: throw .unsupported(chain: "a chain that is unknown here", sign: sign)
    }
  }

  private static func check(_ bytes: [UInt8]) throws(IndicatorRejection) {
    guard Base58.hasChecksum(bytes) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (Base58Check, SHA-256 twice).")
    }
  }

  /// Chains whose version has more than one byte, chosen so that their addresses begin with certain letters.
  private static func longVersionNetwork(_ bytes: [UInt8]) -> Base58Network? {
    guard bytes.count > 3 else { return nil }
    return switch (bytes.count, bytes[0], bytes[1], bytes[2]) {
    // t1 and t3 (Zcash protocol specification, section 5.6.1.1); tm and t2 on its test network.
    case (26, 0x1C, 0xB8, _), (26, 0x1C, 0xBD, _): .main(ZcashAddress.chain)
    case (26, 0x1D, 0x25, _), (26, 0x1C, 0xBA, _): .test("Zcash")
    // tz1, tz2, tz3 and tz4 for the four kinds of keys, and KT1 for a contract.
    case (27, 0x06, 0xA1, 0x9F), (27, 0x06, 0xA1, 0xA1), (27, 0x06, 0xA1, 0xA4), (27, 0x06, 0xA1, 0xA6),
      (27, 0x02, 0x5A, 0x79):
      .main("tezos")
    default: nil
    }
  }
}
