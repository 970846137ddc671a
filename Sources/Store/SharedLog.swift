internal import FoundationEssentials
internal import GRDB
internal import Wire

/// A SQLite file that every command may write and that is made when it is first needed, such as a log.
struct SharedLog: Sendable {
  private let path: String
  private let kind: StoreFile
  private let reader: any DatabaseReader
  private let writer: (any DatabaseWriter)?

  /// Opens it for writing and makes it if there is none.
  /// - Throws: `Problem` as `LedgerStore.open`, without `store-missing`.
  init(writing path: String, _ kind: StoreFile) throws {
    if !FileManager.default.fileExists(atPath: path) {
      do {
        try kind.create(path)
      } catch let problem as Problem where problem.code == "store-exists" {
        // Another command made it at the same moment.
      }
    }
    let pool = try kind.openForWriting(path)
    (self.path, self.kind, reader, writer) = (path, kind, pool, pool)
  }

  /// Opens it for looking only; nil if there is none yet.
  init?(reading path: String, _ kind: StoreFile) throws {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    (self.path, self.kind, reader, writer) = (path, kind, try kind.openForReading(path), nil)
  }

  func look<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try kind.explaining(path) { try reader.read(body) }
  }

  /// One durable transaction.
  func change<Result>(_ body: (Database) throws -> Result) throws -> Result {
    guard let writer else {
      throw Problem("store-read-only", "the \(kind.noun) was opened for reading", object: path)
    }
    return try kind.explaining(path) { try writer.write(body) }
  }

  /// Moves the write-ahead log into the file, so that nothing older stays behind there, unless somebody reads all the while.
  func emptyWriteAheadLog() {
    _ = try? writer?.writeWithoutTransaction { try $0.checkpoint(.truncate) }
  }

  func close() throws { try StoreFile.close(reader, writer) }
}
