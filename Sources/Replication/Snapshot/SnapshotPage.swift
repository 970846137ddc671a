public import Ledger
public import Signing
internal import Wire

/// A run of a position's rows in the order of keys, as one peer read them at one head.
public struct SnapshotPage: Sendable {
  /// The head at which it was read.
  public let head: Head
  /// Strictly ascending.
  public let rows: [Row]
  /// The leaf of each row, hashed where the page is read: beside the store's work, not in its way.
  let leaves: [ObjectHash]
  /// Whether there are later rows of what was asked for.
  public let more: Bool

  /// - Throws: `Problem` `answer-unreadable` if it breaks its form: removes, wrong sizes, or keys that do not ascend.
  init(_ wire: WireSnapshotPage) throws {
    head = try Head(SignedObject(type: .head, wire: wire.head))
    more = wire.more
    var last: StatementKey?
    rows = try wire.rows.map { change in
      guard let key = StatementKey(change.key), change.salt.count == Row.saltBytes,
        change.statement.count <= Limits.bytes(of: key)
      else { throw Problem("answer-unreadable", "a row of the snapshot has impossible sizes") }
      if let last, !(last < key) { throw Problem("answer-unreadable", "the rows of the snapshot do not ascend") }
      last = key
      return Row(key: key, salt: Array(change.salt), statement: Array(change.statement))
    }
    leaves = rows.map(\.leaf)
    guard !more || !rows.isEmpty else { throw Problem("answer-unreadable", "an empty page says that there are more") }
  }
}

/// The 256 sub-digests of a position at one head, to find what differs.
public struct PositionBuckets: Sendable {
  public let head: Head
  /// 256: of the rows whose digest begins with this byte.
  public let digests: [ObjectHash]

  /// - Throws: `Problem` `answer-unreadable` unless there are 256.
  init(_ wire: WireBuckets) throws {
    head = try Head(SignedObject(type: .head, wire: wire.head))
    digests = wire.digests.compactMap { ObjectHash($0) }
    guard digests.count == BucketDigests.count, wire.digests.count == BucketDigests.count else {
      throw Problem("answer-unreadable", "there are 256 sub-digests of 32 bytes")
    }
  }
}
