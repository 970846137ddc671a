public import Signing
internal import Wire

/// The Merkle tree (RFC 9162, section 2.1) over the head hashes of one epoch, kept as the roots of its perfect subtrees:
/// enough to append and to name the root, 32 bytes for every bit of the size.
public struct HistoryTree: Sendable, Hashable {
  /// Number of heads in it.
  public private(set) var size: UInt64
  /// Roots of the perfect subtrees, largest first; one for every bit set in `size`.
  public private(set) var peaks: [ObjectHash]

  public init() {
    size = 0
    peaks = []
  }

  /// Restores a tree; nil unless there is one peak for every bit set in the size.
  public init?(size: UInt64, peaks: [ObjectHash]) {
    guard peaks.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.peaks = peaks
  }

  public mutating func append(_ head: ObjectHash) {
    var node = HistoryPath.leaf(head)
    var remaining = size
    while remaining & 1 == 1, let left = peaks.popLast() {
      node = HistoryPath.parent(left, node)
      remaining >>= 1
    }
    peaks.append(node)
    size += 1
  }

  /// The root; of the empty tree SHA-256 of nothing.
  public var root: ObjectHash {
    guard var node = peaks.last else { return ObjectHash(sha256: []) }
    if planted(.duplicateLeafMerkle), size & 1 == 1, size > 1 { node = HistoryPath.parent(node, node) }
    for peak in peaks.dropLast().reversed() { node = HistoryPath.parent(peak, node) }
    return node
  }
}
