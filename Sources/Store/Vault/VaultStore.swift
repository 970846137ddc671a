internal import FoundationEssentials
internal import GRDB
public import Ledger

/// A coalition's own listings in the clear, each sealed before it comes here. Peers cannot give it back.
public final class VaultStore: Sendable {
  private let path: String
  private let reader: any DatabaseReader
  private let writer: (any DatabaseWriter)?

  private init(path: String, reader: any DatabaseReader, writer: (any DatabaseWriter)?) {
    self.path = path
    self.reader = reader
    self.writer = writer
  }

  /// - Throws: `Problem` as `LedgerStore.create`.
  public static func create(_ path: String) throws { try StoreFile.vault.create(path) }

  /// - Throws: `Problem` as `LedgerStore.open`.
  public static func open(_ path: String) throws -> VaultStore {
    let pool = try StoreFile.vault.openForWriting(path)
    return VaultStore(path: path, reader: pool, writer: pool)
  }

  public static func openReadOnly(_ path: String) throws -> VaultStore {
    VaultStore(path: path, reader: try StoreFile.vault.openForReading(path), writer: nil)
  }

  /// Makes sealed items durable, before the changes that they belong to are queued.
  public func save(_ items: [(key: StatementKey, sealed: [UInt8])]) throws {
    try StoreFile.vault.explaining(path) {
      try writer?.write { database in
        let insert = try BoundStatement(database, "INSERT OR REPLACE INTO items (key, sealed) VALUES (?, ?)")
        // In the order of the keys, so that neighbours share a page.
        for item in items.sorted(by: { $0.key < $1.key }) {
          try item.key.bytes.withUnsafeBytes { key in
            try item.sealed.withUnsafeBytes { sealed in
              insert.bind(key, at: 1)
              insert.bind(sealed, at: 2)
              try insert.run()
            }
          }
        }
      }
    }
  }

  /// Forgets items, once the head that removes their listings is signed.
  public func remove(_ keys: [StatementKey]) throws {
    try StoreFile.vault.explaining(path) {
      try writer?.write { database in
        let statement = try database.cachedStatement(sql: "DELETE FROM items WHERE key = ?")
        for key in keys { try statement.execute(arguments: [Data(key.bytes)]) }
      }
    }
  }

  func look<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try StoreFile.vault.explaining(path) { try reader.read(body) }
  }

  public func sealed(_ key: StatementKey) throws -> [UInt8]? {
    try look { database in
      try Data.fetchOne(
        database.cachedStatement(sql: "SELECT sealed FROM items WHERE key = ?"), arguments: [Data(key.bytes)])
    }.map { Array($0) }
  }

  public func close() throws { try reader.close() }
}
