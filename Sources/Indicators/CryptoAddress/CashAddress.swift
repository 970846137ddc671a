/// Recognises Bitcoin Cash's own address format (CashAddr), which may be written without its prefix.
///
/// The chain has no rule here; the checksum is verified so that the answer can say for certain which chain it is.
enum CashAddress {
  private static let prefixes = ["bitcoincash", "bchtest", "bchreg"]
  private static let generators: [UInt64] = [
    0x98_F2BC_8E61, 0x79_B76D_99E2, 0xF3_3E5F_B3C4, 0xAE_2EAB_E2A8, 0x1E_4F43_E470,
  ]

  /// Characters without the prefix, for the usual hash of 20 bytes.
  private static let length = 42

  /// The rejection that fits, or nil when the text has not the form.
  static func rejection(_ text: [UInt8]) -> IndicatorRejection? {
    let lower = text.map(ASCII.lowerCased)
    let parts = lower.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let body = parts.last else { return nil }
    var prefix = "bitcoincash"
    if parts.count == 2 {
      let named = String(decoding: parts[0], as: UTF8.self)
      guard prefixes.contains(named) else { return nil }
      prefix = named
    } else {
      // Type bits 0 and 1 (key and script) make the first character q or p.
      guard body.count == length, body.first == UInt8(ascii: "q") || body.first == UInt8(ascii: "p") else { return nil }
    }
    let values = body.compactMap(Alphabet.bech32.value)
    guard values.count == body.count else {
      return parts.count == 1
        ? nil : IndicatorRejection(.characters, "A character is not in the alphabet of CashAddr (Bitcoin Cash).")
    }
    guard text.allSatisfy({ !ASCII.isUpperCase($0) }) || text.allSatisfy({ !ASCII.isLowerCase($0) }) else {
      return IndicatorRejection(.mixedCase, "A CashAddr (Bitcoin Cash) must not mix upper and lower case.")
    }
    guard remainder(prefix.utf8.map { $0 & 31 } + [0] + values) == 1 else {
      return IndicatorRejection(.checksum, "The checksum is wrong (CashAddr, Bitcoin Cash).")
    }
    return prefix == "bitcoincash"
      ? .unsupported(chain: "Bitcoin Cash", sign: "CashAddr")
      : .testNetwork(chain: "Bitcoin Cash", sign: "CashAddr prefix")
  }

  private static func remainder(_ values: [UInt8]) -> UInt64 {
    var remainder: UInt64 = 1
    for value in values {
      let top = remainder >> 35
      remainder = (remainder & 0x07_FFFF_FFFF) << 5 ^ UInt64(value)
      for (bit, generator) in generators.enumerated() where top >> UInt64(bit) & 1 == 1 {
        remainder ^= generator
      }
    }
    return remainder
  }
}
