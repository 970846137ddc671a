/// Cyclic redundancy checks, bit by bit: addresses are too short to be worth a table.
enum CyclicChecksum {
  /// CRC-16 with polynomial 0x1021 from 0 (ITU-T V.41, "XMODEM"), as Stellar (SEP-23) and TON (TEP-2) use it.
  static func crc16(_ bytes: some Sequence<UInt8>) -> UInt16 {
    bytes.reduce(0) { start, byte in
      (0..<8).reduce(start ^ UInt16(byte) << 8) { rest, _ in rest << 1 ^ (rest & 0x8000 == 0 ? 0 : 0x1021) }
    }
  }

  /// CRC-32 of IEEE 802.3, as Cardano's first addresses use it.
  static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { start, byte in
      (0..<8).reduce(start ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
  }
}
