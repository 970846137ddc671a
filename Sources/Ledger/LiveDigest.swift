public import Signing

/// The homomorphic digest of everything a coalition states: LtHash16 (Bellare and Micciancio 1997; Lewi, Kim, Maykov and
/// Weis 2019), 1,024 lanes of 16 bits, each leaf expanded and added, or subtracted when its row goes.
///
/// Equal sets of rows give equal digests, whatever the order of changes. A plain sum or XOR of hashes would not resist
/// the coalition that picks the leaves.
public struct LiveDigest: Sendable, Hashable {
  public static let laneCount = 1_024
  public static let byteCount = 2 * laneCount

  private var lanes: [UInt16]

  /// The digest of no rows.
  public init() { lanes = Array(repeating: 0, count: Self.laneCount) }

  /// Reads little-endian lanes; nil unless there are exactly 2,048 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    lanes = (0..<Self.laneCount).map { UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 }
  }

  /// The lanes, little-endian.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for lane in lanes {
      bytes.append(UInt8(truncatingIfNeeded: lane))
      bytes.append(UInt8(truncatingIfNeeded: lane >> 8))
    }
    return bytes
  }

  /// What a head carries: SHA-256 of the lanes.
  public var hash: ObjectHash { ObjectHash(sha256: bytes) }

  /// - Throws: `Problem` `crypto-unavailable` if the system's libcrypto cannot expand the leaf.
  public mutating func add(_ leaf: ObjectHash) throws { try change(adding: [leaf], subtracting: []) }

  /// - Throws: as `add`.
  public mutating func subtract(_ leaf: ObjectHash) throws { try change(adding: [], subtracting: [leaf]) }

  /// Many leaves at once, which is cheaper than one by one.
  /// - Throws: as `add`; the digest is then of no use.
  public mutating func change(adding added: [ObjectHash], subtracting removed: [ObjectHash]) throws {
    try lanes.withUnsafeMutableBufferPointer { lanes in
      guard let lanes = lanes.baseAddress else { return }
      try LeafExpansion.each(added) { stream in
        for index in 0..<Self.laneCount { lanes[index] &+= UInt16(littleEndian: stream[index]) }
      }
      try LeafExpansion.each(removed) { stream in
        for index in 0..<Self.laneCount { lanes[index] &-= UInt16(littleEndian: stream[index]) }
      }
    }
  }
}
