public import Indicators

/// An index of digests that goes on with what is listed after it was made. What is withdrawn stays in it until it is made anew: it then
/// says "perhaps" for nothing, and the store has the last word.
public struct FollowingIndex: Sendable {
  private var base: PrefixIndex
  private var added: Set<UInt64> = []

  public init(_ base: PrefixIndex) { self.base = base }

  public mutating func add(_ digests: some Sequence<IndicatorDigest>) {
    for digest in digests where !base.mayContain(digest) { added.insert(digest.prefix) }
  }

  /// Whether any digest begins as this one does; if not, it is not listed.
  public func mayContain(_ digest: IndicatorDigest) -> Bool {
    added.contains(digest.prefix) || base.mayContain(digest)
  }

  /// Takes an index of a moment after which `later` were listed.
  public mutating func replace(with index: PrefixIndex, later: some Sequence<IndicatorDigest>) {
    base = index
    added = []
    add(later)
  }

  /// Added since it was made; in a set they take several times the memory of the index.
  public var addedCount: Int { added.count }
}
