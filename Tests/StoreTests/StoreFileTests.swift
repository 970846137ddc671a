import AllianceBench
import CertificateBench
import Foundation
import GRDB
import Testing

@testable import Store

/// One SQLite file: made whole, brought forward, and left alone where it is not ours to change.
@Suite struct StoreFileTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("ledger.sqlite")
  }

  private static func file(versions: Int, id: Int32 = 7) -> StoreFile {
    var migrator = DatabaseMigrator()
    for version in 1...versions {
      migrator.registerMigration("\(version) step") { database in
        try database.execute(
          sql: version == 1
            ? "CREATE TABLE words (word TEXT) STRICT" : "ALTER TABLE words ADD COLUMN version\(version) INTEGER")
      }
    }
    return StoreFile(applicationID: id, noun: "word list", migrator: migrator)
  }

  /// Refused by every way of opening, and not one byte is changed.
  private func refused(_ file: StoreFile) throws -> String? {
    let before = try folder.bytes("ledger.sqlite")
    let codes = [
      problemCode { try file.openForWriting(path).close() }, problemCode { try file.openForReading(path).close() },
    ]
    #expect(codes[0] == codes[1])
    #expect(try folder.bytes("ledger.sqlite") == before)
    return codes[0]
  }

  @Test func isMadeForTheOwnerAloneAndOnlyOnce() throws {
    try Self.file(versions: 1).create(path)
    #expect(try folder.permissions("ledger.sqlite") == 0o600)
    #expect(try folder.names() == ["ledger.sqlite"])
    #expect(problemCode { try Self.file(versions: 1).create(path) } == "store-exists")
  }

  @Test func aHalfMadeOneIsMadeAnew() throws {
    try folder.write([1, 2, 3], to: "ledger.sqlite.new")
    try Self.file(versions: 1).create(path)
    try Self.file(versions: 1).openForWriting(path).close()
  }

  /// Acknowledged means synced: with NORMAL, SQLite's write-ahead log loses the last commits in a power cut.
  @Test func everyCommitIsSynced() throws {
    try Self.file(versions: 1).create(path)
    let pool = try Self.file(versions: 1).openForWriting(path)
    let (mode, journal) = try pool.write { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA synchronous"), try String.fetchOne(database, sql: "PRAGMA journal_mode")
      )
    }
    #expect(mode == 2 && journal == "wal", "2 is FULL")
    try pool.close()
  }

  @Test func aMissingOneIsNotReplaced() {
    #expect(problemCode { try Self.file(versions: 1).openForWriting(path).close() } == "store-missing")
    #expect(problemCode { try Self.file(versions: 1).openForReading(path).close() } == "store-missing")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func anOlderOneIsBroughtForwardWithItsData() throws {
    try Self.file(versions: 1).create(path)
    let old = try Self.file(versions: 1).openForWriting(path)
    try old.write { try $0.execute(sql: "INSERT INTO words VALUES ('kept')") }
    try old.close()
    let new = try Self.file(versions: 3).openForWriting(path)
    try new.write { try $0.execute(sql: "UPDATE words SET version3 = 3") }
    #expect(try new.read { try String.fetchAll($0, sql: "SELECT word || version3 FROM words") } == ["kept3"])
    try new.close()
    #expect(try refused(Self.file(versions: 2)) == "store-newer")
  }

  /// A step that fails leaves the file as it was before that step.
  @Test func aFailedStepIsUndone() throws {
    try Self.file(versions: 1).create(path)
    var broken = DatabaseMigrator()
    broken.registerMigration("1 step") { _ in }
    broken.registerMigration("2 step") { database in
      try database.execute(sql: "ALTER TABLE words ADD COLUMN half INTEGER; ALTER TABLE nothing ADD COLUMN x INTEGER")
    }
    let file = StoreFile(applicationID: 7, noun: "word list", migrator: broken)
    #expect(problemCode { try file.openForWriting(path).close() } == "store-failed")
    let words = try Self.file(versions: 1).openForReading(path)
    #expect(try words.read { try $0.columns(in: "words").map(\.name) } == ["word"])
  }

  @Test func aForeignOneIsLeftAlone() throws {
    try Self.file(versions: 1, id: 8).create(path)
    #expect(try refused(Self.file(versions: 1)) == "store-foreign")
    try FileManager.default.removeItem(atPath: path)
    let other = try DatabaseQueue(path: path)
    try other.write { try $0.execute(sql: "CREATE TABLE books (title TEXT)") }
    try other.close()
    #expect(try refused(.ledger) == "store-foreign")
    #expect(try refused(.vault) == "store-foreign")
  }

  @Test func theVaultIsNoLedger() throws {
    try StoreFile.vault.create(path)
    #expect(try refused(.ledger) == "store-foreign")
  }

  @Test func aNewerLedgerIsLeftAlone() throws {
    try StoreFile.ledger.create(path)
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 later')") }
    try queue.close()
    #expect(try refused(.ledger) == "store-newer")
  }

  /// From the first byte to the last: a damaged page is found, whichever it is, or is one that holds nothing.
  @Test func aDamagedOneIsLeftAlone() throws {
    try StoreFile.ledger.create(path)
    let whole = try folder.bytes("ledger.sqlite")
    for offset in stride(from: 0, to: whole.count, by: 4_096) {
      var damaged = whole
      damaged.replaceSubrange(offset..<min(offset + 4_096, whole.count), with: [UInt8](repeating: 0x5A, count: 4_096))
      try folder.write(damaged, to: "ledger.sqlite")
      #expect(try refused(.ledger) == "store-damaged", "page at \(offset)")
    }
    try folder.write(Array(whole.prefix(5_000)), to: "ledger.sqlite")
    #expect(try refused(.ledger) == "store-damaged")
    try folder.write(Array("not a database, but a letter".utf8), to: "ledger.sqlite")
    #expect(try refused(.ledger) == "store-damaged")
  }
}
