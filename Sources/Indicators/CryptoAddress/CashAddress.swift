/// An address of Bitcoin Cash in its own format (CashAddr), which may be written without its prefix.
///
/// The canonical form is lower case with the prefix `bitcoincash:`.
enum CashAddress {
  private static let prefixes = ["bitcoincash", "bchtest", "bchreg"]
  private static let generators: [UInt64] = [
    0x98_F2BC_8E61, 0x79_B76D_99E2, 0xF3_3E5F_B3C4, 0xAE_2EAB_E2A8, 0x1E_4F43_E470,
  ]

  private static let checksumLength = 8

  /// Characters without the prefix, for the usual hash of 20 bytes.
  private static let length = 42

  static let chain = "bitcoin-cash"

  /// The canonical form, or nil when the text has not the form.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8]? {
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
      guard parts.count == 2 else { return nil }
      throw IndicatorRejection(.characters, "A character is not in the alphabet of CashAddr (Bitcoin Cash).")
    }
    guard text.allSatisfy({ !ASCII.isUpperCase($0) }) || text.allSatisfy({ !ASCII.isLowerCase($0) }) else {
      throw IndicatorRejection(.mixedCase, "A CashAddr (Bitcoin Cash) must not mix upper and lower case.")
    }
    guard remainder(prefix.utf8.map { $0 & 31 } + [0] + values) == 1 else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (CashAddr, Bitcoin Cash).")
    }
    guard prefix == "bitcoincash" else { throw .testNetwork(chain: "Bitcoin Cash", sign: "CashAddr prefix") }
    try checkVersion(values)
    return Array("bitcoincash:".utf8) + body
  }

  /// The version byte says the type (0 key, 1 script, 2 and 3 with tokens) and the length of the hash; nothing is left over.
  private static func checkVersion(_ values: [UInt8]) throws(IndicatorRejection) {
    let payload = values.dropLast(checksumLength)
    guard let first = payload.first, let second = payload.dropFirst().first,
      let count = SegwitAddress.byteCount(payload)
    else { throw IndicatorRejection(.structure, "There is no version, or bits that hold nothing (CashAddr).") }
    let version = first << 3 | second >> 2
    let hashLength = (version & 4 == 0 ? 20 : 40) + Int(version & 3) * (version & 4 == 0 ? 4 : 8)
    guard version & 0x80 == 0, version >> 3 <= 3, count == hashLength + 1 else {
      throw IndicatorRejection(.structure, "The version byte does not belong to the length of the hash (CashAddr).")
    }
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
