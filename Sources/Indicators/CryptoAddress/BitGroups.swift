/// Numbers of a few bits each, as the characters of Base32, Base64 and Bech32 stand for, and the bytes they make up.
enum BitGroups {
  /// The bytes inside the groups; nil unless what is left over is shorter than one group and only zero bits, so that
  /// one text alone stands for the bytes (RFC 4648, section 3.5; BIP-173).
  static func bytes(_ groups: some Collection<UInt8>, width: UInt32) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(groups.count)
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for group in groups {
      bits = bits << width | UInt32(group)
      count += width
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
      bits &= 1 << count - 1
    }
    return count < width && bits == 0 ? bytes : nil
  }

  /// The groups for the bytes, the last one filled up with zero bits.
  static func groups(_ bytes: some Collection<UInt8>, width: UInt32) -> [UInt8] {
    var groups: [UInt8] = []
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= width {
        count -= width
        groups.append(UInt8(truncatingIfNeeded: bits >> count))
        bits &= 1 << count - 1
      }
    }
    if count > 0 { groups.append(UInt8(truncatingIfNeeded: bits << (width - count))) }
    return groups
  }
}
