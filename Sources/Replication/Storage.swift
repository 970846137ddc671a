public import Alliance
public import Ledger
public import Signing
public import Wire

/// What replication reads: one consistent view of a node's store. The SQLite store and the simulated disk conform.
public protocol LedgerReading {
  func position(of coalition: CoalitionID) throws -> Position
  /// The last applied head of every coalition that has one, sorted by coalition.
  func frontier() throws -> [HeadReference]
  /// Everybody of whom anything is stored: a position, a copy, a receipt or a hold; sorted.
  func coalitions() throws -> [CoalitionID]
  func row(of coalition: CoalitionID, key: StatementKey) throws -> Row?
  /// One signed head with its delta; nil if it was never here or its delta is gone.
  func entry(of coalition: CoalitionID, epoch: UInt32, index: UInt64) throws -> StoredEntry?
  /// Consecutive entries from an index, no more bytes together than asked for, but at least one if there is one.
  func entries(of coalition: CoalitionID, epoch: UInt32, from index: UInt64, maximumBytes: Int) throws -> [StoredEntry]
  /// The deltas of a coalition that are kept, ascending.
  func keptDeltas(of coalition: CoalitionID) throws -> [KeptDelta]
  /// Hashes of applied heads from an index, ascending.
  func history(of coalition: CoalitionID, epoch: UInt32, from index: UInt64, limit: Int) throws -> [ObjectHash]
  /// The newest receipt of every coalition.
  func receipts() throws -> [StoredReceipt]
  /// Our own changes that no head has signed yet, oldest first.
  func queue(limit: Int) throws -> [QueuedChange]
  func queueCount() throws -> Int
  /// Erasures that are under way or ended lately, oldest first.
  func erasures() throws -> [Erasure]
  /// The heads that were prepared and not yet published.
  func preparedHeads() throws -> PreparedHeads?
  /// The signed head that a position is at, whether or not its delta is kept.
  func signedHead(of coalition: CoalitionID) throws -> Head?
  /// Whether a head of this name was ever applied here.
  func holds(_ hash: ObjectHash, of coalition: CoalitionID) throws -> Bool
  /// Rows after a key in the order of keys, of one bucket or of all, no more bytes together than asked for but at least
  /// one if there is one; and whether there are later ones.
  func rows(
    of coalition: CoalitionID, after key: StatementKey?, bucket: UInt8?, maximumBytes: Int
  ) throws -> (rows: [Row], more: Bool)
  /// The copy that is being taken of a position.
  func staged(of coalition: CoalitionID) throws -> StagedPosition?
  func stagedRow(of coalition: CoalitionID, key: StatementKey) throws -> Row?
  func eachStagedRow(of coalition: CoalitionID, bucket: UInt8?, _ body: (Row) throws -> Void) throws
  /// Why a coalition is kept at its last good head; nil if it is not.
  func hold(of coalition: CoalitionID) throws -> Problem?
  /// What changed of a coalition's position lately; nil before its first head.
  func changeWindow(of coalition: CoalitionID) throws -> ChangeWindow?
  /// The earliest proof that a coalition signed two histories in an epoch.
  func forkProof(of coalition: CoalitionID, epoch: UInt32) throws -> ForkProof?
  /// All proofs that are kept, sorted by coalition and epoch.
  func forkProofs() throws -> [ForkProof]
}

/// What replication writes, inside one transaction: all of it becomes durable, or none.
public protocol LedgerWriting: LedgerReading {
  func write(_ changes: [RowChange], of coalition: CoalitionID) throws
  func save(_ position: Position) throws
  func append(_ entry: StoredEntry) throws
  func save(_ receipt: StoredReceipt) throws
  func save(_ records: [MemberRecord]) throws
  /// Deletes the position of a coalition that was removed: rows, copies, heads, receipt, and all that is noted about them. A store may
  /// delete the bytes later, as long as nothing reads them any more.
  func forgetPosition(of coalition: CoalitionID) throws
  func enqueue(_ changes: [QueuedChange.Content]) throws
  func removeFromQueue(through sequence: Int64) throws
  /// Notes an erasure of what the queue removes so far; returns its number.
  func beginErasure(at now: UInt64) throws -> Int64
  /// Puts these in the place of all that are noted.
  func save(_ erasures: [Erasure]) throws
  func savePrepared(_ heads: PreparedHeads?) throws
  func saveHold(_ problem: Problem?, of coalition: CoalitionID) throws
  func save(_ window: ChangeWindow?, of coalition: CoalitionID) throws
  /// Notes which rows a held head would take away, in the place of any noted before.
  func saveHeldRemovals(_ keys: [StatementKey], of coalition: CoalitionID) throws
  /// Keeps a proof in the place of any other of the same epoch.
  func save(_ proof: ForkProof) throws
  /// Writes rows of a copy beside the position in force.
  func stage(_ changes: [RowChange], of coalition: CoalitionID) throws
  /// Notes how far a copy is; nil throws it away with its rows.
  func save(_ staged: StagedPosition?, of coalition: CoalitionID) throws
  /// Hashes of heads that a copy goes on from, consecutive from an index.
  func stageHistory(_ hashes: [ObjectHash], of coalition: CoalitionID, epoch: UInt32, from index: UInt64) throws
  /// Makes the copy the position in force, at this head; the rows before it and all deltas are gone.
  func swapStaged(to position: Position, at head: Head) throws
  /// Drops the deltas before an index of an epoch, and all of earlier epochs. Heads' hashes stay.
  func dropDeltas(of coalition: CoalitionID, beforeEpoch epoch: UInt32, index: UInt64) throws
}

/// A store with consistent reads and durable transactions.
public protocol LedgerDatabase: Sendable {
  func read<Result>(_ body: (any LedgerReading) throws -> Result) throws -> Result
  /// Runs the body in one transaction, durable when this returns; rolled back if it throws.
  func write<Result>(_ body: (any LedgerWriting) throws -> Result) throws -> Result
}

/// A head with its delta, as the bytes that were received.
public struct StoredEntry: Sendable, Hashable {
  public let head: Head
  public let delta: [UInt8]

  public init(head: Head, delta: [UInt8]) {
    self.head = head
    self.delta = delta
  }

  /// What it takes on the wire, at most.
  public var pageBytes: Int { head.signed.body.count + 128 * head.signed.signatures.count + delta.count + 32 }
}

/// A receipt with the local time at which it was first seen here.
public struct StoredReceipt: Sendable, Hashable {
  public let receipt: Receipt
  /// Milliseconds since 1970 by the local clock; a receipt's age counts from here.
  public let firstSeen: UInt64

  public init(receipt: Receipt, firstSeen: UInt64) {
    self.receipt = receipt
    self.firstSeen = firstSeen
  }
}

/// A change of our own that waits for a head.
public struct QueuedChange: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case put(StatementKey, statement: [UInt8])
    case remove(StatementKey)

    public var key: StatementKey {
      switch self {
      case .put(let key, _), .remove(let key): key
      }
    }
  }

  /// Ascending in the order of queueing.
  public let sequence: Int64
  public let content: Content

  public init(sequence: Int64, content: Content) {
    self.sequence = sequence
    self.content = content
  }
}

/// Consecutive heads that are decided but for the sign mark: durable, read back and hashed again before they are signed.
public struct PreparedHeads: Sendable, Hashable {
  public struct One: Sendable, Hashable {
    public let body: [UInt8]
    public let delta: [UInt8]

    public init(body: [UInt8], delta: [UInt8]) {
      self.body = body
      self.delta = delta
    }
  }

  /// At least one, in the order of their indexes; all of them are decided together, or none.
  public let heads: [One]
  /// The last queued change that they cover.
  public let throughSequence: Int64

  public init(heads: [One], throughSequence: Int64) {
    self.heads = heads
    self.throughSequence = throughSequence
  }
}
