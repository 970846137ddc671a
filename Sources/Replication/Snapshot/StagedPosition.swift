public import Ledger
public import Signing
public import Wire

/// What a copy under way asks for next.
public enum SnapshotNeed: Sendable, Hashable {
  /// Rows after a key, of one bucket or of all, read at a head not older than the one named.
  case page(atLeast: ObjectHash?, after: StatementKey?, bucket: UInt8?)
  case deltas(epoch: UInt32, from: UInt64)
  case buckets
  case history(epoch: UInt32, from: UInt64)

  public func resource(of coalition: CoalitionID) -> PeerResource {
    switch self {
    case .page(let head, let key, let bucket): .snapshot(coalition, atLeast: head, after: key, bucket: bucket)
    case .deltas(let epoch, let index): .deltas(coalition, epoch: epoch, from: index)
    case .buckets: .buckets(coalition)
    case .history(let epoch, let index): .history(coalition, epoch: epoch, from: index)
    }
  }
}

/// A copy of a coalition's position that is being taken beside the one in force, durable page by page, so that a restart
/// goes on where it stopped.
///
/// Pages may be read at different heads while the coalition goes on signing, so the rows agree with no head until the
/// changes after the first page's head are applied to them as plain map writes; only then is the digest compared.
public struct StagedPosition: Sendable, Hashable {
  public enum Phase: String, Sendable, Hashable {
    /// Rows are being fetched.
    case pages
    /// All rows are here; the changes after `base` are being applied.
    case deltas
    /// The rows agree with no head: the sub-digests tell which ones to fetch again.
    case buckets
    /// The rows agree with `end`; the hashes of the heads before it are being fetched.
    case history
    /// Whole and proven; it lies beside our own position until it is decided what becomes of it.
    case ready
  }

  public let coalition: CoalitionID
  public var phase = Phase.pages
  /// The head that the first page of this round was read at.
  public var base: Head?
  /// The newest head that a page of this round was read at: the digest is compared there at the earliest.
  public var target: Head?
  /// The last key that is here.
  public var after: StatementKey?
  /// The buckets that are still to be fetched again; nil: everything is being fetched.
  public var pending: [UInt8]?
  /// The next head whose changes are to be applied.
  public var nextEpoch: UInt32 = 0
  public var nextIndex: UInt64 = 0
  /// The head that the rows agree with.
  public var end: Head?
  /// Over the rows that are here.
  public var digest = LiveDigest()
  public var statements: UInt64 = 0
  public var liveBytes: UInt64 = 0
  /// Bytes of rows that were taken in this round.
  public var takenBytes: UInt64 = 0
  /// How often rows were fetched again because they agreed with no head.
  public var repairs = 0
  /// Over the heads before `end` in its epoch, as far as their hashes are here.
  public var history = HistoryTree()

  public init(coalition: CoalitionID) { self.coalition = coalition }

  public var need: SnapshotNeed {
    switch phase {
    case .pages: .page(atLeast: base?.reference.hash, after: after, bucket: pending?.first)
    case .deltas: .deltas(epoch: nextEpoch, from: nextIndex)
    case .buckets: .buckets
    case .history, .ready: .history(epoch: end?.reference.epoch ?? 0, from: history.size)
    }
  }
}
