/// The first 16 bytes of a digest, where all 32 would cost too much: two different digests share them once in 2^64 pairs at 2^32 digests
/// (the birthday bound of 128 bits).
public struct LeadingBytes: Sendable, Hashable, Comparable {
  /// Bytes 0 to 7 and 8 to 15, big-endian.
  public let first, second: UInt64

  public init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  /// In the order of the bytes.
  public static func < (left: LeadingBytes, right: LeadingBytes) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}

extension IndicatorDigest {
  /// The digest that begins so and goes on with one byte: the first or last of all that begin so, for 0 and 255.
  public init?(_ leading: LeadingBytes, filling byte: UInt8) {
    let halves = [leading.first, leading.second].flatMap { half in withUnsafeBytes(of: half.bigEndian) { Array($0) } }
    self.init(halves + [UInt8](repeating: byte, count: Self.byteCount - halves.count))
  }
}
