/// An account of Stellar: 35 bytes in Base32 (SEP-23), checked by CRC-16, and the memo that names the payee within it: `ADDRESS` or
/// `ADDRESS|MEMO`. Muxed accounts (`M...`) hold the number of the payee themselves.
enum StellarAddress {
  static let chain = "stellar"

  private static let accountLength = 56
  private static let muxedLength = 69
  private static let alphabet = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
  /// The longest text that a memo holds.
  private static let memoLimit = 28

  static func hasForm(_ text: [UInt8]) -> Bool {
    (text.count == accountLength && text.first == UInt8(ascii: "G")
      || text.count == muxedLength && text.first == UInt8(ascii: "M"))
      && text.allSatisfy { alphabet.value($0) != nil }
  }

  /// The canonical form of a text that has the form.
  static func parse(_ text: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    guard let bytes = decode(text) else {
      throw IndicatorRejection(.structure, "The last character has bits that hold nothing (SEP-23, Base32).")
    }
    guard bytes.first == (text.count == accountLength ? 6 << 3 : 12 << 3) else {
      throw IndicatorRejection(.structure, "The version byte does not belong to the length (SEP-23).")
    }
    let check = UInt16(bytes[bytes.count - 1]) << 8 | UInt16(bytes[bytes.count - 2])
    guard crc16(bytes.dropLast(2)) == check else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (SEP-23, CRC-16).")
    }
    return text
  }

  static func tagged(_ address: [UInt8], _ memo: [UInt8]) throws(IndicatorRejection) -> [UInt8] {
    guard (1...memoLimit).contains(memo.count), memo.allSatisfy({ UInt8(ascii: " ")...UInt8(ascii: "~") ~= $0 }) else {
      throw IndicatorRejection(.structure, "A memo has 1 to 28 printable characters (Stellar).")
    }
    return try parse(address) + [UInt8(ascii: "|")] + memo
  }

  private static func decode(_ text: [UInt8]) -> [UInt8]? {
    var (bytes, buffer, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
    for character in text {
      guard let value = alphabet.value(character) else { return nil }
      buffer = buffer << 5 | UInt32(value)
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
        buffer &= 1 << bits - 1
      }
    }
    return buffer == 0 && bytes.count > 2 ? bytes : nil
  }

  /// CRC-16/XMODEM: polynomial 0x1021, from 0.
  private static func crc16(_ bytes: some Sequence<UInt8>) -> UInt16 {
    bytes.reduce(0) { register, byte in
      var register = register ^ UInt16(byte) << 8
      for _ in 0..<8 { register = register & 0x8000 == 0 ? register << 1 : register << 1 ^ 0x1021 }
      return register
    }
  }
}
