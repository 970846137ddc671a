/// The Bech32 text format (BIP-173) and its amended checksum Bech32m (BIP-350).
struct Bech32 {
  enum Checksum: UInt32 {
    case bech32 = 1
    case bech32m = 0x2BC8_30A3
  }

  /// The five-bit values between separator and checksum.
  let values: [UInt8]

  let checksum: Checksum

  static let textLimit = 90
  static let checksumLength = 6

  private static let generators: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]

  /// - Parameter isLong: for chains that write longer texts than BIP-173 allows; then only `BoundedText` limits it.
  init(_ text: [UInt8], isLong: Bool = false) throws(IndicatorRejection) {
    guard isLong || text.count <= Self.textLimit else {
      throw IndicatorRejection(.length, "A Bech32 address has at most \(Self.textLimit) characters (BIP-173).")
    }
    guard !text.contains(where: ASCII.isUpperCase) || !text.contains(where: ASCII.isLowerCase) else {
      throw IndicatorRejection(.mixedCase, "A Bech32 address must not mix upper and lower case (BIP-173).")
    }
    let lower = text.map(ASCII.lowerCased)
    guard let separator = lower.lastIndex(of: UInt8(ascii: "1")), separator > lower.startIndex else {
      throw IndicatorRejection(.separator, "A Bech32 address has a prefix and the separator '1' (BIP-173).")
    }
    var values: [UInt8] = []
    for character in lower[(separator + 1)...] {
      guard let value = Alphabet.bech32.value(character) else {
        throw IndicatorRejection(.characters, "A character is not in the Bech32 alphabet (BIP-173).")
      }
      values.append(value)
    }
    guard values.count >= Self.checksumLength else {
      throw IndicatorRejection(.length, "A Bech32 address ends in a checksum of six characters (BIP-173).")
    }
    let head = lower[..<separator]
    let expanded = head.map { $0 >> 5 } + [0] + head.map { $0 & 31 }
    guard let checksum = Checksum(rawValue: Self.remainder(expanded + values)) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (Bech32, BIP-173 and BIP-350).")
    }
    self.values = values.dropLast(Self.checksumLength)
    self.checksum = checksum
  }

  /// The bytes that the values hold; nil when the padding is not fewer than five zero bits.
  var bytes: [UInt8]? { BitGroups.bytes(values, width: 5) }

  private static func remainder(_ values: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 1
    for value in values {
      let top = remainder >> 25
      remainder = (remainder & 0x01FF_FFFF) << 5 ^ UInt32(value)
      for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 {
        remainder ^= generator
      }
    }
    return remainder
  }
}
