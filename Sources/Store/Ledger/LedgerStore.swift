internal import GRDB
public import Ledger
public import Replication
internal import Wire

/// A node's ledger in SQLite: every write is synced to the disk before it returns.
///
/// - `LedgerView`: reading in one consistent view; `LedgerView+Lookup`: what screening, lists and `status` ask
/// - `LedgerTransaction`: writing
public final class LedgerStore: LedgerDatabase {
  private let path: String
  private let reader: any DatabaseReader
  let writer: (any DatabaseWriter)?
  private let rules: ContentRules

  private init(
    path: String, reader: any DatabaseReader, writer: (any DatabaseWriter)?, rules: ContentRules = .current
  ) {
    self.path = path
    self.rules = rules
    self.reader = reader
    self.writer = writer
  }

  /// Makes an empty ledger.
  /// - Throws: `Problem` `store-exists`, `disk-full`.
  public static func create(_ path: String) throws { try StoreFile.ledger.create(path) }

  /// Opens the ledger for the one process that writes. A missing one is never replaced by an empty one.
  /// - Parameter rules: by which new rows are judged; another version's only to play that version.
  /// - Throws: `Problem` `store-missing`, `store-damaged`, `store-newer`, `store-foreign` (nothing is changed then),
  ///   `disk-full`.
  public static func open(_ path: String, rules: ContentRules = .current) throws -> LedgerStore {
    let pool = try StoreFile.ledger.openForWriting(path)
    return LedgerStore(path: path, reader: pool, writer: pool, rules: rules)
  }

  /// Opens it for looking only, also while another process writes.
  /// - Throws: as `open`.
  public static func openReadOnly(_ path: String) throws -> LedgerStore {
    LedgerStore(path: path, reader: try StoreFile.ledger.openForReading(path), writer: nil)
  }

  public func read<Result>(_ body: (any LedgerReading) throws -> Result) throws -> Result {
    try view { try body($0) }
  }

  /// One consistent view with all that the store can look up.
  public func view<Result>(_ body: (LedgerView) throws -> Result) throws -> Result {
    try StoreFile.ledger.explaining(path) {
      try reader.unsafeRead { database in
        var result: Result?
        try database.inTransaction(.deferred) {
          result = try body(LedgerView(database))
          return .commit
        }
        guard let result else { throw Problem("store-failed", "the read gave no result", object: path) }
        return result
      }
    }
  }

  public func write<Result>(_ body: (any LedgerWriting) throws -> Result) throws -> Result {
    try transaction { try body($0) }
  }

  /// One durable transaction with all that the store can write.
  public func transaction<Result>(_ body: (LedgerTransaction) throws -> Result) throws -> Result {
    guard let writer else {
      throw Problem("store-read-only", "the ledger was opened for reading", object: path)
    }
    return try StoreFile.ledger.explaining(path) {
      try writer.write { database in
        let transaction = LedgerTransaction(database)
        transaction.rules = rules
        return try body(transaction)
      }
    }
  }

  public func close() throws { try StoreFile.close(reader, writer) }
}
