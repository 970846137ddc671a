/// An address of TON: work chain and 32 bytes, written raw as `0:` and 64 hexadecimal digits, or "friendly" in 48
/// characters of Base64 with flags and CRC-16 (TEP-2).
///
/// The canonical form is the friendly one with its flag for contracts ("bounceable"), in the signs that are safe in
/// links: it begins with EQ. Flags tell the sender what to do when the contract fails; they name no other account.
enum TONAddress {
  static let chain = "ton"

  private static let friendlyLength = 48
  private static let bounceable: UInt8 = 0x11
  private static let notBounceable: UInt8 = 0x51
  private static let testBit: UInt8 = 0x80

  /// Work chains 0, for everybody, and -1, for the master chain.
  private static let workChains: [UInt8] = [0x00, 0xFF]

  /// The canonical form, or nil when the text has not one of the forms.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8]? {
    if let raw = raw(text) { return friendly(raw) }
    guard text.count == friendlyLength,
      let values = Alphabet.linkBase64.values(text) ?? Alphabet.base64.values(text),
      let bytes = BitGroups.bytes(values, width: 6), bytes.count == 36, workChains.contains(bytes[1]),
      bytes[0] & ~testBit == bounceable || bytes[0] & ~testBit == notBounceable
    else { return nil }
    guard CyclicChecksum.crc16(bytes) == 0 else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (CRC-16, TON, TEP-2).")
    }
    guard bytes[0] & testBit == 0 else { throw .testNetwork(chain: "TON", sign: "flag of TEP-2") }
    return friendly(Array(bytes[1..<34]))
  }

  /// Work chain and hash of a raw text.
  private static func raw(_ text: [UInt8]) -> [UInt8]? {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 64, let hash = Hex.bytes(parts[1]) else { return nil }
    switch String(decoding: parts[0], as: UTF8.self) {
    case "0": return [0x00] + hash
    case "-1": return [0xFF] + hash
    default: return nil
    }
  }

  private static func friendly(_ account: [UInt8]) -> [UInt8] {
    let payload = [bounceable] + account
    let checksum = CyclicChecksum.crc16(payload)
    let bytes = payload + [UInt8(truncatingIfNeeded: checksum >> 8), UInt8(truncatingIfNeeded: checksum)]
    return BitGroups.groups(bytes, width: 6).map { Alphabet.linkBase64.characters[Int($0)] }
  }
}
