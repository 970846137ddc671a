internal import FoundationEssentials
internal import GRDB
internal import Wire

/// Opening one SQLite file of a node: looked at before it is touched, so that a damaged, newer or foreign file is refused
/// and not changed.
struct StoreFile: Sendable {
  /// SQLite's application id in the file's header, to tell our files from others.
  let applicationID: Int32
  /// What a person calls it.
  let noun: String
  let migrator: DatabaseMigrator

  /// The oldest SQLite with STRICT tables.
  private static let oldestSQLite = 3_037_000

  /// Makes the file under another name and gives it its own when it is whole, so that a power cut leaves it or nothing.
  func create(_ path: String) throws {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Problem(
        "store-exists", "there is a \(noun) here already", object: path,
        next: "nothing was changed; name another folder, or remove this one if it holds no node that ever worked")
    }
    let unfinished = path + ".new"
    try explaining(path) {
      for leftover in [unfinished, unfinished + "-wal", unfinished + "-shm"] {
        try? FileManager.default.removeItem(atPath: leftover)
      }
      let queue = try DatabaseQueue(path: unfinished, configuration: configuration)
      try queue.write { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
      try migrator.migrate(queue)
      try queue.close()
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: unfinished)
      try FileManager.default.moveItem(atPath: unfinished, toPath: path)
    }
  }

  /// Opens the file for the one process that writes, and brings it to this version.
  func openForWriting(_ path: String) throws -> DatabasePool {
    try inspect(path).close()
    return try explaining(path) {
      let pool = try DatabasePool(path: path, configuration: configuration)
      // Here and not with the other settings: opening a pool sets NORMAL, which loses the last commits in a power cut.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      try migrator.migrate(pool)
      return pool
    }
  }

  func openForReading(_ path: String) throws -> DatabaseQueue {
    let queue = try inspect(path)
    guard try explaining(path, { try queue.read { try migrator.hasCompletedMigrations($0) } }) else {
      throw Problem(
        "store-older", "the \(noun) was written by an older version of vaka", object: path,
        next: "start the node once: vaka serve brings it to this version")
    }
    return queue
  }

  /// Reads the header, the version and, while the file is small, all pages.
  private func inspect(_ path: String) throws -> DatabaseQueue {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Problem(
        "store-missing", "there is no \(noun) here", object: path,
        next: "check --home; restore the newest backup of this folder, or run vaka init for a new node")
    }
    return try explaining(path) {
      var readOnly = configuration
      readOnly.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: readOnly)
      try queue.read { database in
        let id = try Int32.fetchOne(database, sql: "PRAGMA application_id")
        guard id == applicationID else {
          throw Problem(
            "store-foreign", "the file is a database of another program, not a \(noun)", object: path,
            next: "check --home; nothing was changed")
        }
        if try migrator.hasBeenSuperseded(database) {
          throw Problem(
            "store-newer", "the \(noun) was written by a newer version of vaka", object: path,
            next: "upgrade this vaka; nothing was changed")
        }
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        // Looking at every page of a large file would make each command slow; its damage shows when it is read.
        if pages < 4_096, let fault = try String.fetchOne(database, sql: "PRAGMA quick_check(1)"), fault != "ok" {
          throw damaged(path, fault)
        }
      }
      return queue
    }
  }

  /// Closes a store, and first moves its write-ahead log into the database if nobody else is reading.
  ///
  /// A pool closes its reading connections last, and those cannot do it: the next to open the store would read the whole log again.
  static func close(_ reader: any DatabaseReader, _ writer: (any DatabaseWriter)?) throws {
    try? writer?.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA busy_timeout = 0")
      try database.checkpoint(.truncate)
    }
    try reader.close()
  }

  private var configuration: Configuration {
    var configuration = Configuration()
    // The pool's readers are few, and each has a cache of its own.
    configuration.maximumReaderCount = 3
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      let cacheKibibytes = database.configuration.readonly ? 8_192 : 32_768
      // In bulk, pages of the index are written again and again: a larger write-ahead log writes them to the database
      // once. It shrinks back after each checkpoint. What is deleted is overwritten: erased means gone.
      try database.execute(
        sql: """
          PRAGMA cache_size = -\(cacheKibibytes); PRAGMA wal_autocheckpoint = 8192;
          PRAGMA journal_size_limit = 4194304; PRAGMA secure_delete = ON
          """)
    }
    return configuration
  }

  /// Turns SQLite's words into ours.
  func explaining<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    guard Self.sqliteVersion >= Self.oldestSQLite else {
      throw Problem("sqlite-too-old", "SQLite 3.37 or later is needed", next: "install Debian 12's libsqlite3-0")
    }
    do {
      return try body()
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: throw damaged(path, error.message ?? "not a database")
      case .SQLITE_FULL:
        throw Problem(
          "disk-full", "the disk is full; what was acknowledged before is safe, this change is not kept", object: path,
          next: "free space, then try again")
      case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
        throw Problem(
          "store-not-writable", "the \(noun) cannot be opened: \(error.message ?? "no permission")", object: path,
          next: "run vaka as the user who owns the folder")
      default:
        throw Problem("store-failed", "SQLite says: \(error.message ?? "error \(error.resultCode)")", object: path)
      }
    }
  }

  private static let sqliteVersion: Int =
    (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") })
    .flatMap { $0 }
    .map { version in
      let parts = version.split(separator: ".").compactMap { Int($0) }
      return parts.count >= 2 ? parts[0] * 1_000_000 + parts[1] * 1_000 : 0
    } ?? 0

  private func damaged(_ path: String, _ what: String) -> Problem {
    Problem(
      "store-damaged", "the \(noun) is damaged (\(what)); nothing was changed", object: path,
      next: "keep the file, restore the newest backup of this folder, and start again")
  }
}
