/// An address with a witness program (BIP-141) of Bitcoin or a chain that took it over, written in Bech32 for version 0
/// and Bech32m from version 1.
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
    guard let length = BitGroups.bytes(text.values.dropFirst(), width: 5)?.count else {
      throw IndicatorRejection(.witnessProgram, "The padding of the witness program is not zero bits (BIP-173).")
    }
    guard 2...40 ~= length, version != 0 || length == 20 || length == 32 else {
      throw IndicatorRejection(
        .witnessProgram, "A witness program has 2 to 40 bytes, and 20 or 32 in version 0 (BIP-141).")
    }
  }
}
