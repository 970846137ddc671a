public import Audit
internal import FoundationEssentials
internal import GRDB
internal import Signing
internal import Wire

/// The audit log of a node: SQLite, written by every command that changes something and by the node, one after the other.
///
/// - `AuditStore+Reading`: entries, verification
/// - `AuditStore+Pruning`: old entries give way to a checkpoint
public final class AuditStore: Sendable {
  private let log: SharedLog

  private init(_ log: SharedLog) { self.log = log }

  /// Opens it for writing and makes it if there is none.
  /// - Throws: `Problem` as `LedgerStore.open`, without `store-missing`.
  public static func open(_ path: String) throws -> AuditStore {
    AuditStore(try SharedLog(writing: path, .audit))
  }

  /// Opens it for looking only; nil if there is none yet.
  public static func openReadOnly(_ path: String) throws -> AuditStore? {
    try SharedLog(reading: path, .audit).map { AuditStore($0) }
  }

  /// For a backup.
  public static func copy(_ path: String, to copy: String) throws { try StoreFile.audit.copy(path, to: copy) }

  public func close() throws { try log.close() }

  func look<Result>(_ body: (Database) throws -> Result) throws -> Result { try log.look(body) }

  /// One durable transaction.
  func change<Result>(_ body: (Database) throws -> Result) throws -> Result { try log.change(body) }

  /// One more entry, durable when this returns.
  /// - Parameters:
  ///   - beginning: the first entry of a log that has none.
  ///   - forgetting: references that are erased with this act: no entry names them any more.
  ///   - now: milliseconds since 1970.
  @discardableResult
  public func append(
    _ note: AuditNote, names: [AuditName] = [], by actor: AuditActor, at now: UInt64,
    beginning: AuditNote = AuditNote(.auditBegun), forgetting: [String] = []
  ) throws -> AuditEntry {
    let entry = try change { database in
      var head = try Self.head(database)
      if head.number == 0 {
        head = try Self.insert(beginning, names: [], by: actor, at: now, after: head, database).head
      }
      for reference in forgetting {
        try database.execute(
          sql: "UPDATE names SET salt = NULL, reference = NULL WHERE reference = ?", arguments: [reference])
      }
      return try Self.insert(note, names: names, by: actor, at: now, after: head, database)
    }
    // What is forgotten must not live on in the write-ahead log. Somebody who reads keeps it until the next of these.
    if !forgetting.isEmpty { log.emptyWriteAheadLog() }
    return entry
  }

  private static func insert(
    _ note: AuditNote, names: [AuditName], by actor: AuditActor, at now: UInt64, after head: AuditHead,
    _ database: Database
  ) throws -> AuditEntry {
    guard head.number < Int64.max else { throw Problem("audit-entry", "the numbers have come to their end") }
    let entry = AuditEntry(
      note, names: names, by: actor, at: now, number: head.number + 1, previous: head.hash)
    let hash = Data(entry.hash.bytes)
    let number = Int64(entry.number)
    try database.execute(
      sql: "INSERT INTO entries (number, at, line, hash) VALUES (?, ?, ?, ?)",
      arguments: [number, Int64(clamping: now), entry.line, hash])
    for (place, name) in names.enumerated() {
      try database.execute(
        sql: "INSERT INTO names (entry, place, salt, reference, hash) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          number, place, name.plain.map { Data($0.salt) }, name.plain?.reference, Data(name.hash.bytes),
        ])
    }
    try database.execute(
      sql: "INSERT OR REPLACE INTO head (one, number, hash) VALUES (1, ?, ?)", arguments: [number, hash])
    return entry
  }

  static func head(_ database: Database) throws -> AuditHead {
    guard let row = try Row.fetchOne(database, sql: "SELECT number, hash FROM head"),
      let hash = ObjectHash(row["hash"] as Data)
    else { return .empty }
    return AuditHead(number: UInt64(clamping: row["number"] as Int64), hash: hash)
  }
}

extension AuditEntry {
  var head: AuditHead { AuditHead(number: number, hash: hash) }
}
