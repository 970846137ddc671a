/// Bitcoin Cash's own address format (CashAddr), which may be written without its prefix.
///
/// The canonical form is lower case with the prefix. An address that also promises to take tokens (CHIP-2022-02
/// CashTokens) pays to the same script as the plain one, so it is written as the plain one.
enum CashAddress {
  static let chain = "bitcoin-cash"

  private static let mainPrefix = "bitcoincash"
  private static let prefixes = [mainPrefix, "bchtest", "bchreg"]
  private static let generators: [UInt64] = [
    0x98_F2BC_8E61, 0x79_B76D_99E2, 0xF3_3E5F_B3C4, 0xAE_2EAB_E2A8, 0x1E_4F43_E470,
  ]
  private static let checksumLength = 8

  /// Characters without the prefix, for a hash of 20 and of 32 bytes.
  private static let lengths: Set<Int> = [42, 61]

  /// The canonical form, or nil when the text has not the form.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8]? {
    let lower = text.map(ASCII.lowerCased)
    let parts = lower.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let body = parts.last else { return nil }
    var prefix = mainPrefix
    if parts.count == 2 {
      let named = String(decoding: parts[0], as: UTF8.self)
      guard prefixes.contains(named) else { return nil }
      prefix = named
    } else {
      // The four kinds of addresses make the first character q, p, z or r.
      guard lengths.contains(body.count), body.first.map("qpzr".utf8.contains) == true else { return nil }
    }
    guard let values = Alphabet.bech32.values(body) else {
      guard parts.count == 2 else { return nil }
      throw IndicatorRejection(.characters, "A character is not in the alphabet of CashAddr (Bitcoin Cash).")
    }
    guard text.allSatisfy({ !ASCII.isUpperCase($0) }) || text.allSatisfy({ !ASCII.isLowerCase($0) }) else {
      throw IndicatorRejection(.mixedCase, "A CashAddr (Bitcoin Cash) must not mix upper and lower case.")
    }
    guard remainder(prefix.utf8.map { $0 & 31 } + [0] + values) == 1 else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (CashAddr, Bitcoin Cash).")
    }
    guard prefix == mainPrefix else { throw .testNetwork(chain: "Bitcoin Cash", sign: "CashAddr prefix") }
    return try canonical(values.dropLast(checksumLength))
  }

  /// Version byte and hash: the highest bit of the version is 0, four bits are the kind, three the length.
  private static func canonical(_ values: some Collection<UInt8>) throws(IndicatorRejection) -> [UInt8] {
    guard let bytes = BitGroups.bytes(values, width: 5), let version = bytes.first else { throw .wrongContent(chain) }
    let isScript: Bool
    // Key, script, and both again with tokens, of 20 bytes; script with 32 bytes.
    switch (version, bytes.count - 1) {
    case (0x00, 20), (0x10, 20): isScript = false
    case (0x08, 20), (0x18, 20), (0x0B, 32), (0x1B, 32): isScript = true
    default: throw .wrongContent(chain)
    }
    let plain = version & 7 | (isScript ? 8 : 0)
    let groups = BitGroups.groups([plain] + bytes.dropFirst(), width: 5)
    let head = mainPrefix.utf8.map { $0 & 31 } + [0]
    let check = remainder(head + groups + [UInt8](repeating: 0, count: checksumLength)) ^ 1
    let checksum = (0..<checksumLength).map { UInt8(truncatingIfNeeded: check >> UInt64(35 - 5 * $0)) & 31 }
    return Array("\(mainPrefix):".utf8) + (groups + checksum).map { Alphabet.bech32.characters[Int($0)] }
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
