public import Indicators

/// The first eight bytes of every digest that is spoken of, in memory: nearly all of what is screened is not listed, and this says so
/// without asking the store. Nine to ten bytes an indicator, and 256 KiB.
public struct PrefixIndex: Sendable {
  /// Ascending.
  private let prefixes: [UInt64]
  /// Where the prefixes begin that have these first 16 bits.
  private let starts: [Int32]

  /// A bit for each of the first bits that a prefix may have, set if one has them. At least eight bits an indicator: small enough for a
  /// core's own cache, where the prefixes are not, and it answers for nine of ten that are not listed.
  private let marks: [UInt64]
  private let markShift: UInt64

  private static let bucketCount = 1 << 16

  /// - Parameter prefixes: ascending; repetitions do no harm.
  public init(ascending prefixes: [UInt64]) {
    self.prefixes = prefixes
    var starts = [Int32](repeating: 0, count: Self.bucketCount + 1)
    for prefix in prefixes { starts[Int(prefix >> 48) + 1] += 1 }
    for bucket in 1...Self.bucketCount { starts[bucket] += starts[bucket - 1] }
    self.starts = starts
    var width: UInt64 = 6
    while 1 << width < 8 * prefixes.count { width += 1 }
    markShift = 64 - width
    var marks = [UInt64](repeating: 0, count: 1 << (width - 6))
    for prefix in prefixes {
      let place = prefix >> (64 - width)
      marks[Int(place >> 6)] |= 1 << (place & 63)
    }
    self.marks = marks
  }

  public var count: Int { prefixes.count }

  /// Its arrays in memory.
  public var byteCount: Int { 8 * (prefixes.count + marks.count) + 4 * starts.count }

  /// Whether any digest begins as this one does; if not, it is not listed. One in 10^13 says so falsely at a million.
  public func mayContain(_ digest: IndicatorDigest) -> Bool { mayContain(prefix: digest.prefix) }

  /// The same by the first eight bytes, big-endian.
  public func mayContain(prefix: UInt64) -> Bool {
    let place = prefix >> markShift
    guard marks[Int(place >> 6)] >> (place & 63) & 1 == 1 else { return false }
    let bucket = Int(prefix >> 48)
    var (low, high) = (Int(starts[bucket]), Int(starts[bucket + 1]))
    while low < high {
      let middle = (low + high) / 2
      if prefixes[middle] == prefix { return true }
      if prefixes[middle] < prefix { low = middle + 1 } else { high = middle }
    }
    return false
  }
}
