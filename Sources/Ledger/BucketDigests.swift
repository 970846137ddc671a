public import Signing

/// The live digests of the 256 runs of a position, by the first byte of the digest: to find in which of them two copies
/// differ. Half a megabyte, so made when it is asked for and not kept.
public struct BucketDigests: Sendable {
  public static let count = 256

  private var digests = [LiveDigest](repeating: LiveDigest(), count: count)

  public init() {}

  /// - Throws: as `LiveDigest.add`.
  public mutating func add(_ row: Row) throws { try digests[Int(row.key.bucket)].add(row.leaf) }

  /// SHA-256 of the lanes of each run.
  public var hashes: [ObjectHash] { digests.map(\.hash) }
}
