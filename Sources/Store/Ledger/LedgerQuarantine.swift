internal import FoundationEssentials
internal import GRDB
public import Ledger
public import Wire

/// Statements that are set aside: kept, hashed and relayed like any other, and in no verdict.
extension LedgerView {
  /// How many statements of a coalition are set aside.
  public func quarantined(of coalition: CoalitionID) throws -> Int {
    try statement(
      """
      SELECT count(*) AS n FROM statements INDEXED BY statements_set_aside
      WHERE quarantine IS NOT NULL AND rowset = (SELECT rowset FROM coalitions WHERE coalition = ?)
      """
    ).fetchRow([coalition.rawValue])?["n"] ?? 0
  }

  /// Calls back with what is set aside, newest first, until it says no.
  public func eachSetAside(_ body: (HeldStatement) throws -> Bool) throws {
    let reading = try BoundStatement(
      database,
      """
      SELECT c.coalition, s.key, s.salt, s.statement, s.quarantine, s.previous IS NOT NULL
      FROM statements s JOIN coalitions c ON c.rowset = s.rowset WHERE s.quarantine IS NOT NULL ORDER BY s.id DESC
      """)
    defer { reading.end() }
    while try reading.next() {
      guard try body(held(reading, key: reading.bytes(1))) else { return }
    }
  }

  func hasSetAside() throws -> Bool {
    try statement("SELECT 1 FROM statements INDEXED BY statements_set_aside WHERE quarantine IS NOT NULL LIMIT 1")
      .fetchRow([]) != nil
  }

  /// The version of the rules by which the rows here were judged; nil if it was never noted.
  public func rulesVersion() throws -> UInt32? {
    try statement("SELECT value FROM facts WHERE name = 'rules'").fetchRow([])?["value"]
  }
}

extension LedgerTransaction {
  private static let rowsAtOnce = 20_000

  /// Judges rows after a number by these rules.
  /// - Parameter all: also those that counted so far: after a step back to an older version.
  /// - Returns: how many changed, and the number to go on after; nil once there are no more.
  func judge(after row: Int64, by rules: ContentRules, all: Bool) throws -> (
    changed: [Int64: QuarantineReason?], next: Int64?
  ) {
    let reading = try BoundStatement(
      database,
      "SELECT id, key, statement, quarantine FROM statements WHERE id > ?\(all ? "" : " AND quarantine IS NOT NULL") "
        + "ORDER BY id LIMIT ?")
    defer { reading.end() }
    reading.bind(row, at: 1)
    reading.bind(Int64(Self.rowsAtOnce), at: 2)
    var (changed, last, count): ([Int64: QuarantineReason?], Int64, Int) = ([:], row, 0)
    while try reading.next() {
      count += 1
      last = reading.integer(0)
      guard let key = StatementKey(reading.bytes(1)) else { throw damaged("a statement's key") }
      let known = reading.bytes(3)
      let before = known.isEmpty ? nil : String(decoding: known, as: UTF8.self)
      let now = ContentRule.reasonToQuarantine(Row(key: key, salt: [], statement: reading.bytes(2)), by: rules)
      if now?.rawValue != before { changed.updateValue(now, forKey: last) }
    }
    return (changed, count == Self.rowsAtOnce ? last : nil)
  }

  func setAside(_ row: Int64, _ reason: QuarantineReason?) throws {
    try statement("UPDATE statements SET quarantine = ? WHERE id = ?").execute(arguments: [reason?.rawValue, row])
  }

  func saveRulesVersion(_ version: UInt32) throws {
    try statement("INSERT OR REPLACE INTO facts (name, value) VALUES ('rules', ?)").execute(arguments: [version])
  }
}

/// What a replay found.
public struct ReplayCount: Sendable, Hashable, Codable {
  /// Statements that count from now on.
  public internal(set) var freed = 0
  /// Statements that counted and are set aside now: only after a step back to an older version.
  public internal(set) var setAside = 0
  /// Set aside before and after, for another reason.
  public internal(set) var reasonChanged = 0

  public init() {}
}

extension LedgerStore {
  /// Judges everything that is set aside again by these rules, a part at a time, and notes their version.
  public func replay(by rules: ContentRules = .current) throws -> ReplayCount {
    let noted = try view { try $0.rulesVersion() }
    let isStepBack = noted.map { $0 > rules.version } ?? false
    var count = ReplayCount()
    // Nothing is set aside on most nodes, and then no row need be looked at.
    var after: Int64? = try isStepBack || view({ try $0.hasSetAside() }) ? 0 : nil
    while let from = after {
      after = try transaction { transaction in
        let (changed, next) = try transaction.judge(after: from, by: rules, all: isStepBack)
        for (row, reason) in changed {
          try transaction.setAside(row, reason)
          if reason == nil {
            count.freed += 1
          } else if isStepBack {
            count.setAside += 1
          } else {
            count.reasonChanged += 1
          }
        }
        return next
      }
    }
    try transaction { try $0.saveRulesVersion(rules.version) }
    return count
  }

  /// The same, if the rows were judged by other rules than these; nil if not.
  public func replayIfNew(by rules: ContentRules = .current) throws -> ReplayCount? {
    try view { try $0.rulesVersion() } == rules.version ? nil : replay(by: rules)
  }
}
