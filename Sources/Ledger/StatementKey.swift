public import Indicators

/// The kinds of statement; the first byte of a statement key.
public enum Facet: UInt8, Sendable, CaseIterable {
  case listing = 1
  case sighting = 2
  case dispute = 3
  case sealed = 4
  #if NEWER_KIND
    case trial = 250
  #endif
}

/// Facet and digest: what a coalition has at most one statement of. 33 bytes.
///
/// The facet byte is kept raw, because a kind that this version does not know is stored and relayed like any other.
public struct StatementKey: Sendable, Hashable, Comparable {
  public static let byteCount = 33

  public let bytes: [UInt8]

  /// Returns nil unless there are exactly 33 bytes.
  public init?(_ bytes: some Sequence<UInt8>) {
    let copy = Array(bytes)
    guard copy.count == Self.byteCount else { return nil }
    self.bytes = copy
  }

  public init(_ facet: Facet, _ digest: IndicatorDigest) {
    bytes = [facet.rawValue] + digest.bytes
  }

  /// Nil for a kind of a later version.
  public var facet: Facet? { bytes.first.flatMap(Facet.init(rawValue:)) }

  /// Nil never occurs for a key made by this type's initialisers; the type of digest demands the check.
  public var digest: IndicatorDigest? { IndicatorDigest(bytes.dropFirst()) }

  /// The order of a snapshot: by digest, then by facet, so that all that is said of one indicator stands together and the
  /// first byte of the digest divides a position into 256 runs.
  public static func < (left: StatementKey, right: StatementKey) -> Bool {
    for index in 1..<byteCount where left.bytes[index] != right.bytes[index] {
      return left.bytes[index] < right.bytes[index]
    }
    return left.bytes[0] < right.bytes[0]
  }

  /// All bytes at once; one by one they cost more than the rest of a look-up.
  public func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  /// The first byte of the digest: which of the 256 runs the key belongs to.
  public var bucket: UInt8 { bytes[1] }
}
