internal import Audit
internal import Foundation
internal import Signing
internal import Store
internal import Wire

/// `vaka audit list`: the newest acts on this node.
public struct ListAudit: Sendable, Codable {
  public struct One: Sendable, Codable {
    public let number: UInt64
    public let at: String
    public let who: String
    public let act: String
    public let object: String
    public let before: String
    public let after: String
    public let count: Int
    public let references: [String]
    public let hash: String
  }

  /// Oldest first.
  public let entries: [One]

  /// - Throws: `Problem` `audit-missing`, `audit-entry` if one cannot be read, or what the store says.
  public static func run(_ home: NodeHome, last: Int) throws -> ListAudit {
    let store = try VerifyAudit.open(home)
    defer { try? store.close() }
    return ListAudit(
      entries: try store.last(last).map { kept in
        let entry = try AuditEntry(line: kept.line)
        return One(
          number: entry.number, at: Moment.text(entry.at), who: AuditSummary.who(entry.actor), act: entry.act.rawValue,
          object: entry.object, before: entry.before, after: entry.after, count: entry.count,
          references: kept.names.compactMap { $0.plain?.reference }, hash: entry.hash.hex)
      })
  }
}
