internal import FoundationEssentials
internal import GRDB
public import Ledger
public import Replication
public import Wire

extension LedgerTransaction {
  public func save(_ window: ChangeWindow?, of coalition: CoalitionID) throws {
    guard let window else {
      return try statement("DELETE FROM change_windows WHERE coalition = ?").execute(arguments: [coalition.rawValue])
    }
    try statement(
      """
      INSERT OR REPLACE INTO change_windows (coalition, started_at, statements, changed, tripped_at, passes_until)
      VALUES (?, ?, ?, ?, ?, ?)
      """
    ).execute(arguments: [
      coalition.rawValue, Int64(bitPattern: window.startedAt), Int64(bitPattern: window.statements),
      Int64(bitPattern: window.changed), window.trippedAt.map { Int64(bitPattern: $0) },
      Int64(bitPattern: window.passesUntil),
    ])
  }

  public func saveHeldRemovals(_ keys: [StatementKey], of coalition: CoalitionID) throws {
    if keys.isEmpty, try !hasHeldRemovals() { return }
    try statement("DELETE FROM held_removals WHERE coalition = ?").execute(arguments: [coalition.rawValue])
    for key in keys {
      try statement("INSERT OR IGNORE INTO held_removals (coalition, key) VALUES (?, ?)").execute(
        arguments: [coalition.rawValue, Data(key.bytes)])
    }
    removalsAreHeld = nil
  }
}

/// A coalition that is kept at its last good head, and why.
public struct StoredHold: Sendable, Hashable {
  public let coalition: CoalitionID
  public let problem: Problem
}

extension LedgerView {
  public func holds() throws -> [StoredHold] {
    try statement("SELECT coalition FROM coalitions WHERE hold IS NOT NULL ORDER BY coalition").fetchRows([])
      .compactMap { CoalitionID($0["coalition"] as String) }
      .compactMap { coalition in try hold(of: coalition).map { StoredHold(coalition: coalition, problem: $0) } }
  }

  public func changeWindow(of coalition: CoalitionID) throws -> ChangeWindow? {
    try statement("SELECT * FROM change_windows WHERE coalition = ?").fetchRow([coalition.rawValue]).map { row in
      ChangeWindow(
        startedAt: UInt64(bitPattern: row["started_at"]), statements: UInt64(bitPattern: row["statements"]),
        changed: UInt64(bitPattern: row["changed"]),
        trippedAt: (row["tripped_at"] as Int64?).map { UInt64(bitPattern: $0) },
        passesUntil: UInt64(bitPattern: row["passes_until"]))
    }
  }

  /// Whether any row's removal is held: asked once in a view, because nearly always none is.
  func hasHeldRemovals() throws -> Bool {
    if let known = removalsAreHeld { return known }
    let found = try statement("SELECT 1 FROM held_removals LIMIT 1").fetchRow([]) != nil
    removalsAreHeld = found
    return found
  }

  func removalIsHeld(_ key: StatementKey, of coalition: CoalitionID) throws -> Bool {
    guard try hasHeldRemovals() else { return false }
    return try statement("SELECT 1 FROM held_removals WHERE coalition = ? AND key = ?")
      .fetchRow([coalition.rawValue, Data(key.bytes)]) != nil
  }
}
