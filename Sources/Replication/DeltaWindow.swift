/// How long a coalition's deltas are kept: a peer further behind copies the whole position, which is then no dearer.
///
/// A peer's silence never makes it longer, so that nobody can fill everyone's disk by staying away.
public enum DeltaWindow {
  /// Deltas are kept up to this share of the live bytes.
  static let liveShare: UInt64 = 2
  /// But so many bytes in any case.
  static let fewestBytes: UInt64 = 4 << 20
  /// And no longer than so many milliseconds.
  static let longestAge: UInt64 = 30 * 86_400_000
  /// The window is looked at with every so many heads.
  static let headsBetween: UInt64 = 16

  /// The oldest delta that is still inside.
  /// - Parameters:
  ///   - kept: all that are kept, ascending.
  ///   - now: milliseconds since 1970.
  /// - Returns: nil if all are inside.
  public static func floor(_ kept: [KeptDelta], liveBytes: UInt64, now: UInt64) -> (epoch: UInt32, index: UInt64)? {
    let most = max(fewestBytes, liveBytes / liveShare)
    var bytes = kept.reduce(UInt64(0)) { $0 + $1.bytes }
    var first = 0
    while first < kept.count - 1, bytes > most || kept[first].signedAt + longestAge < now {
      bytes -= kept[first].bytes
      first += 1
    }
    return first == 0 ? nil : (kept[first].epoch, kept[first].index)
  }
}

/// One delta that is kept.
public struct KeptDelta: Sendable, Hashable {
  public let epoch: UInt32
  public let index: UInt64
  public let bytes: UInt64
  /// When its head was signed, in milliseconds since 1970.
  public let signedAt: UInt64

  public init(epoch: UInt32, index: UInt64, bytes: UInt64, signedAt: UInt64) {
    self.epoch = epoch
    self.index = index
    self.bytes = bytes
    self.signedAt = signedAt
  }
}
