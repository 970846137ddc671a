/// Addresses of Zcash: transparent ones in Base58Check with two bytes of version, shielded ones in Bech32 (ZIP 173) and unified
/// ones in Bech32m without its limit of length (ZIP 316).
enum ZcashAddress {
  static let chain = "zcash"

  /// The chain of 26 bytes with a right checksum and a version of Zcash; nil for other bytes.
  static func transparent(_ bytes: [UInt8]) throws(IndicatorRejection) -> String? {
    guard bytes.count == 26, Base58.hasChecksum(bytes) else { return nil }
    // Chosen so that addresses begin with t1, t3, tm and t2.
    switch (bytes[0], bytes[1]) {
    case (0x1C, 0xB8), (0x1C, 0xBD): return chain
    case (0x1D, 0x25), (0x1C, 0xBA): throw .testNetwork(chain: "Zcash", sign: "Base58Check version of two bytes")
    default: return nil
    }
  }
}
