/// An address of Bitcoin, or of a chain made from it, with a witness program (BIP-141), written in Bech32 for version 0 and Bech32m from version 1.
enum SegwitAddress {
  /// Checks the program inside a text whose checksum is right.
  static func validate(_ text: Bech32) throws(IndicatorRejection) {
    guard let version = text.values.first else {
      throw IndicatorRejection(.witnessProgram, "There is no witness version (BIP-173).")
    }
    guard version <= 16 else {
      throw IndicatorRejection(.witnessProgram, "A witness version is 0 to 16 (BIP-141, BIP-173).")
    }
    guard text.checksum == (version == 0 ? .bech32 : .bech32m) else {
      throw IndicatorRejection(
        .checksum,
        "Witness version 0 takes the checksum of BIP-173 and later ones that of BIP-350; this has the other.")
    }
    guard let length = byteCount(text.values.dropFirst()) else {
      throw IndicatorRejection(.witnessProgram, "The padding of the witness program is not zero bits (BIP-173).")
    }
    guard 2...40 ~= length, version != 0 || length == 20 || length == 32 else {
      throw IndicatorRejection(
        .witnessProgram, "A witness program has 2 to 40 bytes, and 20 or 32 in version 0 (BIP-141).")
    }
  }

  /// How many bytes the five-bit values hold; nil when bits are left over that are more than four or not zero.
  static func byteCount(_ values: ArraySlice<UInt8>) -> Int? {
    let bits = values.count * 5
    let rest = bits % 8
    guard rest <= 4 else { return nil }
    let padding = (values.last ?? 0) & (1 << UInt8(rest) - 1)
    return padding == 0 ? bits / 8 : nil
  }
}
