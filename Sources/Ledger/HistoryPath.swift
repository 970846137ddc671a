public import Signing

/// Inclusion proofs in the Merkle tree of an epoch's head hashes (RFC 9162, section 2.1.3): they occur in fork proofs alone.
public enum HistoryPath {
  /// More than this no path has: a tree has fewer than 2^63 heads.
  public static let mostHashes = 63

  /// The root over hashes of heads from index 0.
  public static func root(of hashes: ArraySlice<ObjectHash>) -> ObjectHash {
    guard let first = hashes.first else { return HistoryTree().root }
    if hashes.count == 1 { return leaf(first) }
    let split = hashes.startIndex + leftSize(hashes.count)
    return parent(root(of: hashes[..<split]), root(of: hashes[split...]))
  }

  /// The path of one index among hashes from index 0, lowest first; nil if there is no such index.
  public static func make(of index: Int, in hashes: ArraySlice<ObjectHash>) -> [ObjectHash]? {
    guard index >= 0, index < hashes.count else { return nil }
    if hashes.count == 1 { return [] }
    let size = leftSize(hashes.count)
    let split = hashes.startIndex + size
    if index < size {
      return make(of: index, in: hashes[..<split]).map { $0 + [root(of: hashes[split...])] }
    }
    return make(of: index - size, in: hashes[split...]).map { $0 + [root(of: hashes[..<split])] }
  }

  /// Whether a tree of this size and root holds the hash at the index (RFC 9162, section 2.1.3.2).
  public static func proves(
    _ hash: ObjectHash, at index: UInt64, inTreeOf size: UInt64, root: ObjectHash, by path: [ObjectHash]
  ) -> Bool {
    guard index < size, path.count <= mostHashes else { return false }
    var (node, first, last) = (leaf(hash), index, size - 1)
    for sibling in path {
      guard last > 0 else { return false }
      if first & 1 == 1 || first == last {
        node = parent(sibling, node)
        while first & 1 == 0, first != 0 {
          first >>= 1
          last >>= 1
        }
      } else {
        node = parent(node, sibling)
      }
      first >>= 1
      last >>= 1
    }
    return last == 0 && node == root
  }

  /// The largest power of two below a count of at least two.
  private static func leftSize(_ count: Int) -> Int {
    var size = 1
    while size * 2 < count { size *= 2 }
    return size
  }

  static func leaf(_ hash: ObjectHash) -> ObjectHash { ObjectHash(sha256: [0], hash.bytes) }
  static func parent(_ left: ObjectHash, _ right: ObjectHash) -> ObjectHash {
    ObjectHash(sha256: [1], left.bytes, right.bytes)
  }
}
