internal import Alliance
internal import Audit
internal import Foundation
internal import Signing
internal import Store
internal import Wire

/// `vaka audit export`: the whole log for a supervisor, as lines that can be verified anywhere and as a page that can be read.
public struct ExportAudit: Sendable {
  public struct Answer: Sendable, Codable {
    public let log: VerifyAudit
    /// SHA-256 of the lines.
    public let hash: String
    /// The page for people.
    public var summary: String
  }

  /// The act itself is written down before anything has its name.
  /// - Parameter write: given piece after piece of the lines.
  /// - Throws: `Problem` `audit-missing`, `audit-unwritable`, or what `write` and the store say.
  public static func run(_ home: NodeHome, now: UInt64, write: ([UInt8]) throws -> Void) throws -> Answer {
    let store = try VerifyAudit.open(home)
    defer { try? store.close() }
    var (summary, hash) = (AuditSummary(), RunningHash())
    func put(_ line: String) throws {
      let bytes = Array(line.utf8) + [0x0A]
      hash.take(bytes)
      try write(bytes)
    }
    // A log that is broken is handed over as it is, and said to be.
    let checkpoint = try? store.checkpoint()
    if let checkpoint { try put(checkpoint.line) }
    var found = AuditVerification(after: checkpoint)
    let ends = try store.eachEntry { kept in
      found.take(kept.line, names: kept.names)
      try put(kept.line.replacing("\n", with: " "))
      guard let entry = try? AuditEntry(line: kept.line) else { return }
      if !kept.names.isEmpty { try put(AuditExport.namesLine(of: entry.number, kept.names)) }
      summary.take(entry)
    }
    found.end(at: ends.head)
    let log = VerifyAudit(found, checkpoint)
    try AuditTrail(home.folder).write(
      AuditNote(.auditExported, on: "sha256:\(hash.hex)", after: "head \(log.head)", count: Int(clamping: log.entries)))
    return Answer(log: log, hash: hash.hex, summary: page(home, log, summary, hash.hex, found, now))
  }

  private static func page(
    _ home: NodeHome, _ log: VerifyAudit, _ summary: AuditSummary, _ hash: String, _ found: AuditVerification,
    _ now: UInt64
  ) -> String {
    var lines = [
      "Audit log of \(home.coalition), \(home.card.record.name)", "Made \(Moment.text(now))", "",
      "entries     \(log.entries), number \(log.first ?? 0) to \(log.last ?? 0)",
      "time        \(found.first.map { Moment.text($0.at) } ?? "-") to \(found.lastAt.map(Moment.text) ?? "-")",
      "first hash  \(log.firstHash ?? "-")", "last hash   \(log.head)", "file hash   \(hash)",
    ]
    if let checkpoint = log.checkpoint {
      lines.append(
        "pruned      entries up to \(checkpoint.through), of \(checkpoint.lastAt) and before, on \(checkpoint.prunedAt); "
          + "their last hash \(checkpoint.head), signed by key \(checkpoint.key)")
    }
    if log.forgotten > 0 { lines.append("forgotten   \(log.forgotten) references, by erasures") }
    lines.append("chain       \(log.fault.map { "BROKEN at entry \($0.number): \($0.what)" } ?? "whole")")
    let rows =
      [["DAY", "ACT", "WHO", "ENTRIES", "THINGS"]]
      + summary.lines.map { line in
        [
          Day.text(UInt32(clamping: line.day)), line.act, line.who, "\(line.entries)",
          line.things == 0 ? "" : "\(line.things)",
        ]
      }
    let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
    lines.append("")
    lines += rows.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
        .joined(separator: "  ").replacing(/\ +$/, with: "")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
