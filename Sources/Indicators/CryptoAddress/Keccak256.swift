/// Keccak-256 as Ethereum uses it: the Keccak submission with padding byte 0x01, before NIST changed the padding for
/// SHA3-256 (FIPS 202, section B.2). The permutation is Keccak-f[1600] of FIPS 202, section 3.
///
/// It only checks the letter case of addresses (EIP-55). No secret passes through it.
enum Keccak256 {
  private static let blockLength = 136
  private static let digestLength = 32

  private static let roundConstants: [UInt64] = [
    0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808A, 0x8000_0000_8000_8000,
    0x0000_0000_0000_808B, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
    0x0000_0000_0000_008A, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000A,
    0x0000_0000_8000_808B, 0x8000_0000_0000_008B, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
    0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800A, 0x8000_0000_8000_000A,
    0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
  ]

  // The walk of rho and pi over the lanes, beginning at lane 1: the rotation of each step and where it lands.
  private static let rotations: [UInt64] = [
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
  ]
  private static let lanes = [
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
  ]

  static func hash(_ message: some Sequence<UInt8>) -> [UInt8] {
    var padded = Array(message)
    let fill = blockLength - padded.count % blockLength
    padded.append(contentsOf: repeatElement(0, count: fill))
    padded[padded.count - fill] ^= 0x01
    padded[padded.count - 1] ^= 0x80

    var state = [UInt64](repeating: 0, count: 25)
    for block in stride(from: 0, to: padded.count, by: blockLength) {
      for index in 0..<blockLength {
        state[index / 8] ^= UInt64(padded[block + index]) << UInt64(8 * (index % 8))
      }
      permute(&state)
    }
    return (0..<digestLength).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
  }

  private static func permute(_ state: inout [UInt64]) {
    var column = [UInt64](repeating: 0, count: 5)
    for constant in roundConstants {
      // theta
      for x in 0..<5 {
        column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20]
      }
      for x in 0..<5 {
        let parity = column[(x + 4) % 5] ^ rotated(column[(x + 1) % 5], by: 1)
        for y in stride(from: 0, to: 25, by: 5) { state[x + y] ^= parity }
      }
      // rho and pi
      var carried = state[1]
      for (lane, rotation) in zip(lanes, rotations) {
        let displaced = state[lane]
        state[lane] = rotated(carried, by: rotation)
        carried = displaced
      }
      // chi
      for y in stride(from: 0, to: 25, by: 5) {
        for x in 0..<5 { column[x] = state[y + x] }
        for x in 0..<5 { state[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]) }
      }
      // iota
      state[0] ^= constant
    }
  }

  private static func rotated(_ lane: UInt64, by bits: UInt64) -> UInt64 {
    lane << bits | lane >> (64 - bits)
  }
}
