internal import FoundationEssentials
internal import GRDB
internal import Wire

extension StoreFile {
  /// Copies a store, also one that another process writes at this moment: a consistent picture of one moment, without
  /// what was
  /// deleted. Nothing is changed in the source.
  func copy(_ path: String, to copy: String, then change: (Database) throws -> Void = { _ in }) throws {
    let source = try openForReading(path)
    try explaining(copy) {
      try source.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
      try source.close()
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy)
      let queue = try DatabaseQueue(path: copy)
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL") }
      try queue.write(change)
      // A copy that is read later must not need a log beside it.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try queue.close()
    }
  }
}

extension LedgerStore {
  /// A copy for a backup: without prepared heads, for what was decided and not published belongs to the sign mark.
  public static func copy(_ path: String, to copy: String) throws {
    try StoreFile.ledger.copy(path, to: copy) { try $0.execute(sql: "DELETE FROM prepared") }
  }
}

extension VaultStore {
  public static func copy(_ path: String, to copy: String) throws { try StoreFile.vault.copy(path, to: copy) }
}

extension ScreeningStore {
  public static func copy(_ path: String, to copy: String) throws { try StoreFile.screening.copy(path, to: copy) }

  /// What SQLite finds wrong with a page; nil if nothing is.
  public func checkIntegrity() throws -> String? { try look { try $0.pageFault() } }
}
