internal import CLibcrypto

/// HMAC-SHA-256 (RFC 2104) whose key is absorbed once: the states after the inner and the outer pad are kept, and each digest starts from
/// copies of them.
///
/// A short message then costs two blocks of SHA-256 and nothing else. The blocks are padded here (FIPS 180-4, section 5.1.1), because
/// libcrypto's final call also wipes and copies, which takes as long as half a block. The kept states stand for the key: they are
/// never printed.
struct KeyedHash: Sendable {
  private static let blockCount = 64
  /// A block's bytes without the length of the message at its end.
  private static let paddedCount = blockCount - 8
  private static let end: UInt8 = 0x80

  private let inner, outer: SHA256_CTX

  /// - Parameter key: at most 64 bytes, as every `HashKey` has.
  init(key: UnsafeRawBufferPointer) {
    func absorb(_ pad: UInt8) -> SHA256_CTX {
      var state = SHA256_CTX()
      SHA256_Init(&state)
      var block = [UInt8](repeating: pad, count: Self.blockCount)
      for (index, byte) in key.prefix(Self.blockCount).enumerated() { block[index] ^= byte }
      SHA256_Transform(&state, block)
      return state
    }
    inner = absorb(0x36)
    outer = absorb(0x5C)
  }

  func digest(of message: Span<UInt8>) -> IndicatorDigest {
    withUnsafeTemporaryAllocation(byteCount: Self.blockCount, alignment: 8) { block in
      var state = inner
      var taken = 0
      while message.count - taken >= Self.blockCount {
        for index in 0..<Self.blockCount { block[index] = message[taken + index] }
        Self.absorb(block, into: &state)
        taken += Self.blockCount
      }
      let rest = message.count - taken
      for index in 0..<rest { block[index] = message[taken + index] }
      block[rest] = Self.end
      for index in rest + 1..<Self.blockCount { block[index] = 0 }
      if rest >= Self.paddedCount {
        Self.absorb(block, into: &state)
        for index in 0..<Self.paddedCount { block[index] = 0 }
      }
      // The block of the inner pad counts.
      Self.finish(block, byteCount: Self.blockCount + message.count, into: &state)

      var result = outer
      withUnsafeBytes(of: &state.h) { words in
        for start in stride(from: 0, to: IndicatorDigest.byteCount, by: 4) {
          block.storeBytes(
            of: words.loadUnaligned(fromByteOffset: start, as: UInt32.self).bigEndian, toByteOffset: start,
            as: UInt32.self)
        }
      }
      block[IndicatorDigest.byteCount] = Self.end
      for index in IndicatorDigest.byteCount + 1..<Self.paddedCount { block[index] = 0 }
      Self.finish(block, byteCount: Self.blockCount + IndicatorDigest.byteCount, into: &result)
      return IndicatorDigest(words: result.h)
    }
  }

  /// Writes the length in bits at the end of the last block and absorbs it.
  private static func finish(_ block: UnsafeMutableRawBufferPointer, byteCount: Int, into state: inout SHA256_CTX) {
    block.storeBytes(of: UInt64(byteCount &* 8).bigEndian, toByteOffset: paddedCount, as: UInt64.self)
    absorb(block, into: &state)
  }

  private static func absorb(_ block: UnsafeMutableRawBufferPointer, into state: inout SHA256_CTX) {
    guard let bytes = block.baseAddress else { return }
    SHA256_Transform(&state, bytes.assumingMemoryBound(to: UInt8.self))
  }
}
