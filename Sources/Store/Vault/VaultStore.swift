internal import FoundationEssentials
internal import GRDB
public import Ledger

/// A coalition's own listings in the clear, each sealed before it comes here. Peers cannot give it back.
public final class VaultStore: Sendable {
  private let path: String
  private let reader: any DatabaseReader
  let writer: (any DatabaseWriter)?

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
        let remove = try BoundStatement(database, "DELETE FROM items WHERE prefix = ? AND key = ?")
        let insert = try BoundStatement(database, "INSERT INTO items (prefix, key, sealed) VALUES (?, ?, ?)")
        // In the order of the keys, so that neighbours share a page of the index.
        for item in items.sorted(by: { $0.key < $1.key }) {
          let prefix = LedgerView.prefix(of: item.key)
          try item.key.bytes.withUnsafeBytes { key in
            try item.sealed.withUnsafeBytes { sealed in
              remove.bind(prefix, at: 1)
              remove.bind(key, at: 2)
              try remove.run()
              insert.bind(prefix, at: 1)
              insert.bind(key, at: 2)
              insert.bind(sealed, at: 3)
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
        let statement = try database.cachedStatement(sql: "DELETE FROM items WHERE prefix = ? AND key = ?")
        for key in keys { try statement.execute(arguments: [LedgerView.prefix(of: key), Data(key.bytes)]) }
      }
    }
  }

  func look<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try StoreFile.vault.explaining(path) { try reader.read(body) }
  }

  public func sealed(_ key: StatementKey) throws -> [UInt8]? {
    try look { database in
      try Data.fetchOne(
        database.cachedStatement(sql: "SELECT sealed FROM items WHERE prefix = ? AND key = ?"),
        arguments: [LedgerView.prefix(of: key), Data(key.bytes)])
    }.map { Array($0) }
  }

  /// Those of the items that are here, in one reading.
  public func sealed(_ keys: [StatementKey]) throws -> [StatementKey: [UInt8]] {
    try look { database in
      let reading = try BoundStatement(database, "SELECT sealed FROM items WHERE prefix = ? AND key = ?")
      var found: [StatementKey: [UInt8]] = [:]
      for key in keys {
        reading.bind(LedgerView.prefix(of: key), at: 1)
        try key.bytes.withUnsafeBytes { bytes in
          reading.bind(bytes, at: 2)
          defer { reading.end() }
          if try reading.next() { found[key] = reading.bytes(0) }
        }
      }
      return found
    }
  }

  public func close() throws { try StoreFile.close(reader, writer) }
}
