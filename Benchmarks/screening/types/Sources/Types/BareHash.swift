import CBareHash

/// HMAC-SHA-256 as libcrypto does it at its quickest by its own calls: the states after the pads are kept and copied, then update and
/// final, twice. What is measured here is the limit of what may be reached.
struct BareHash {
  private var inner = SHA256_CTX()
  private var outer = SHA256_CTX()

  init(key: [UInt8]) {
    func pad(_ byte: UInt8) -> [UInt8] { (0..<64).map { $0 < key.count ? key[$0] ^ byte : byte } }
    SHA256_Init(&inner)
    SHA256_Update(&inner, pad(0x36), 64)
    SHA256_Init(&outer)
    SHA256_Update(&outer, pad(0x5C), 64)
  }

  /// The first eight bytes of it, big-endian.
  func prefix(of message: UnsafeBufferPointer<UInt8>) -> UInt64 {
    withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
      guard let place = digest.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
      var state = inner
      SHA256_Update(&state, message.baseAddress, message.count)
      SHA256_Final(place, &state)
      state = outer
      SHA256_Update(&state, place, 32)
      SHA256_Final(place, &state)
      return UInt64(bigEndian: digest.load(as: UInt64.self))
    }
  }
}
