public import Indicators

/// The first eight bytes of every digest that is spoken of, in memory: nearly all of what is screened is not listed, and this says so
/// without asking the store. Eight bytes an indicator, and 512 KiB.
public struct PrefixIndex: Sendable {
  /// Ascending.
  private let prefixes: [UInt64]
  /// Where the prefixes begin that have these first 16 bits.
  private let starts: [Int32]

  private static let bucketCount = 1 << 16

  /// - Parameter prefixes: ascending; repetitions do no harm.
  public init(ascending prefixes: [UInt64]) {
    self.prefixes = prefixes
    var starts = [Int32](repeating: 0, count: Self.bucketCount + 1)
    for prefix in prefixes { starts[Int(prefix >> 48) + 1] += 1 }
    for bucket in 1...Self.bucketCount { starts[bucket] += starts[bucket - 1] }
    self.starts = starts
  }

  public var count: Int { prefixes.count }

  /// Whether any digest begins as this one does; if not, it is not listed. One in 10^13 says so falsely at a million.
  public func mayContain(_ digest: IndicatorDigest) -> Bool {
    let prefix = digest.prefix
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
