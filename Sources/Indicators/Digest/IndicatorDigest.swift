/// The keyed hash under which an indicator is known in an alliance: 32 bytes.
public struct IndicatorDigest: Sendable, Hashable {
  public static let byteCount = 32

  // Four machine words instead of an array: millions of digests stand in memory, and words need no allocation.
  private let word0, word1, word2, word3: UInt64

  /// Nil unless there are exactly 32 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var count = 0
    for byte in bytes {
      switch count {
      case 0..<8: words.0 = words.0 << 8 | UInt64(byte)
      case 8..<16: words.1 = words.1 << 8 | UInt64(byte)
      case 16..<24: words.2 = words.2 << 8 | UInt64(byte)
      case 24..<Self.byteCount: words.3 = words.3 << 8 | UInt64(byte)
      default: return nil
      }
      count += 1
    }
    guard count == Self.byteCount else { return nil }
    (word0, word1, word2, word3) = words
  }

  /// The 32 bytes from a place on in a longer run; nil if there are not so many.
  public init?(in bytes: [UInt8], at start: Int) {
    guard start >= 0, bytes.count - start >= Self.byteCount else { return nil }
    (word0, word1, word2, word3) = bytes.withUnsafeBytes { bytes in
      func word(_ number: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8 * number, as: UInt64.self))
      }
      return (word(0), word(1), word(2), word(3))
    }
  }

  /// From the words of a SHA-256 state.
  init(words: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)) {
    word0 = UInt64(words.0) << 32 | UInt64(words.1)
    word1 = UInt64(words.2) << 32 | UInt64(words.3)
    word2 = UInt64(words.4) << 32 | UInt64(words.5)
    word3 = UInt64(words.6) << 32 | UInt64(words.7)
  }

  /// The first eight bytes, big-endian: in the order of the digests.
  public var prefix: UInt64 { word0 }

  public var leading: LeadingBytes { LeadingBytes(first: word0, second: word1) }

  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for word in [word0, word1, word2, word3] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }
}

extension IndicatorDigest: Comparable {
  /// In the order of the bytes.
  public static func < (left: IndicatorDigest, right: IndicatorDigest) -> Bool {
    (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
  }
}

extension IndicatorDigest: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var hex: String { Hex.text(bytes) }

  /// Nil unless the text is 64 hexadecimal digits, of either case.
  public init?(hex: String) {
    guard hex.utf8.count == 2 * Self.byteCount, let bytes = Hex.bytes(hex.utf8) else { return nil }
    self.init(bytes)
  }

  /// Whether the hexadecimal form begins with these digits, of either case. Any number of digits from 0 to 64.
  public func hasPrefix(hex: String) -> Bool {
    guard hex.utf8.count <= 2 * Self.byteCount else { return false }
    return zip(self.hex.utf8, hex.utf8).allSatisfy { Hex.value($0) == Hex.value($1) }
  }

  public var description: String { hex }
}
