/// An address of Cardano's first years (Byron), in Base58 without Base58Check: CBOR of a tagged text of bytes and its
/// CRC-32 (CIP-19, RFC 8949).
///
/// The bytes inside are themselves a list: hash of 28 bytes, attributes, kind. An attribute 2 names a test network.
enum ByronAddress {
  // A list of two, tag 24, bytes whose count follows.
  private static let head: [UInt8] = [0x82, 0xD8, 0x18, 0x58]

  // Inside: a list of three, 28 bytes.
  private static let innerHead: [UInt8] = [0x83, 0x58, 0x1C]

  /// How CBOR writes a number of four, two or one bytes, and its first byte when it is below 24.
  private static let numberMarks: [UInt8: Int] = [0x1A: 4, 0x19: 2, 0x18: 1]

  private static let testNetworkKey: UInt8 = 2

  static func hasForm(_ bytes: [UInt8]) -> Bool { bytes.starts(with: head) }

  static func chain(_ bytes: [UInt8]) throws(IndicatorRejection) -> String {
    let body = bytes.dropFirst(head.count)
    guard let count = body.first.map(Int.init), body.count > count + 1 else {
      throw .wrongContent(CardanoAddress.chain)
    }
    let payload = body.dropFirst().prefix(count)
    guard let checksum = number(body.dropFirst(1 + count)) else { throw .wrongContent(CardanoAddress.chain) }
    guard checksum == CyclicChecksum.crc32(payload) else {
      throw IndicatorRejection(.checksum, "The checksum is wrong (CRC-32, Cardano's Byron addresses, CIP-19).")
    }
    // Hash, attributes of at least one byte, and kind.
    let attributes = payload.dropFirst(innerHead.count + 28)
    guard payload.starts(with: innerHead), attributes.count >= 2, let map = attributes.first, map >> 5 == 5 else {
      throw .wrongContent(CardanoAddress.chain)
    }
    if map != 0xA0, hasTestNetwork(attributes) {
      throw .testNetwork(chain: "Cardano", sign: "network attribute, CIP-19")
    }
    return CardanoAddress.chain
  }

  /// Keys of the map are small numbers, and every value is bytes of less than 256.
  private static func hasTestNetwork(_ attributes: ArraySlice<UInt8>) -> Bool {
    guard let map = attributes.first else { return false }
    var rest = attributes.dropFirst()
    for _ in 0..<(map & 31) {
      guard let key = rest.popFirst(), let mark = rest.popFirst(), mark >> 5 == 2 else { return false }
      if key == testNetworkKey { return true }
      let count = mark == 0x58 ? rest.popFirst() : mark & 31
      rest = rest.dropFirst(Int(count ?? 0))
    }
    return false
  }

  /// A number that fills the bytes, in the shortest of CBOR's forms, so that one text alone stands for the address.
  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    guard let mark = bytes.first else { return nil }
    let digits = bytes.dropFirst()
    if mark < 24 { return digits.isEmpty ? UInt32(mark) : nil }
    guard let length = numberMarks[mark], digits.count == length else { return nil }
    let number = digits.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let least: UInt32 = length == 4 ? 0x1_0000 : length == 2 ? 0x100 : 24
    return number >= least ? number : nil
  }
}
