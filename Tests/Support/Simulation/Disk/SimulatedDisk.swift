internal import Ledger
public import Replication
internal import Signing
internal import Wire

/// A store in memory: what a transaction wrote is there after a crash, what it did not end is not.
///
/// - `SimulatedDisk+Trouble`: what a disk does to a node
/// - `DiskView`: what replication reads, `DiskTransaction`: what it writes, with a way back
public final class SimulatedDisk: LedgerDatabase, @unchecked Sendable {
  var state = LedgerState()
  /// Rises with every transaction.
  public private(set) var version: UInt64 = 0
  /// Every write fails.
  public var isFull = false
  /// What power loss leaves, while commits are not synced; nil: every commit is.
  var synced: LedgerState?
  /// How many rows a page of a copy has, and how many heads a page of deltas.
  let pageRows: Int
  let pageHeads: Int

  /// - Parameter pageRows: small, so that a copy takes several pages.
  public init(pageRows: Int = 3, pageHeads: Int = 3) {
    self.pageRows = pageRows
    self.pageHeads = pageHeads
  }

  public func read<Result>(_ body: (any LedgerReading) throws -> Result) throws -> Result {
    try body(DiskView(self))
  }

  public func write<Result>(_ body: (any LedgerWriting) throws -> Result) throws -> Result {
    let transaction = DiskTransaction(self)
    do {
      let result = try body(transaction)
      if isFull, transaction.hasWritten { throw Problem("disk-full", "the disk is full") }
      if transaction.hasWritten { version += 1 }
      return result
    } catch {
      transaction.rollBack()
      throw error
    }
  }

  func touch() { version += 1 }
}
