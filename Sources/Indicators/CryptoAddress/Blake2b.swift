/// BLAKE2b (RFC 7693) without a key; Zcash also personalises it (RFC 7693, section 2.8).
///
/// It only checks addresses. No secret passes through it.
enum Blake2b {
  private static let blockLength = 128

  private static let start: [UInt64] = [
    0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179,
  ]

  private static let schedule: [[Int]] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
  ]

  private static let roundCount = 12

  private static let mixes: [(Int, Int, Int, Int)] = [
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
  ]

  /// - Parameters:
  ///   - length: of the digest, 1 to 64 bytes.
  ///   - personal: at most 16 bytes.
  static func hash(_ message: [UInt8], length: Int, personal: [UInt8] = []) -> [UInt8] {
    var state = start
    state[0] ^= 0x0101_0000 ^ UInt64(length)
    for (index, byte) in personal.prefix(16).enumerated() {
      state[6 + index / 8] ^= UInt64(byte) << UInt64(8 * (index % 8))
    }
    var offset = 0
    repeat {
      let block = message[offset..<min(offset + blockLength, message.count)]
      offset += block.count
      compress(&state, block: block, end: UInt64(offset), isLast: offset == message.count)
    } while offset < message.count
    return (0..<length).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
  }

  private static func compress(_ state: inout [UInt64], block: ArraySlice<UInt8>, end: UInt64, isLast: Bool) {
    var words = [UInt64](repeating: 0, count: 16)
    for (index, byte) in block.enumerated() { words[index / 8] |= UInt64(byte) << UInt64(8 * (index % 8)) }
    var work = state + start
    work[12] ^= end
    if isLast { work[14] = ~work[14] }
    for round in 0..<roundCount {
      let order = schedule[round % schedule.count]
      for (index, (a, b, c, d)) in mixes.enumerated() {
        work[a] = work[a] &+ work[b] &+ words[order[2 * index]]
        work[d] = rotated(work[d] ^ work[a], by: 32)
        work[c] = work[c] &+ work[d]
        work[b] = rotated(work[b] ^ work[c], by: 24)
        work[a] = work[a] &+ work[b] &+ words[order[2 * index + 1]]
        work[d] = rotated(work[d] ^ work[a], by: 16)
        work[c] = work[c] &+ work[d]
        work[b] = rotated(work[b] ^ work[c], by: 63)
      }
    }
    for index in state.indices { state[index] ^= work[index] ^ work[index + 8] }
  }

  private static func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 { word >> bits | word << (64 - bits) }
}
