internal import GRDB
internal import Ledger
internal import Signing
internal import Wire

/// Whether the ledger is what it says it is.
public struct LedgerIntegrity: Sendable {
  public var coalitions = 0
  public var statements = 0
  /// What is wrong, worst first; empty if nothing is.
  public var faults: [String] = []
}

extension LedgerStore {
  /// Looks at every page, and recomputes every coalition's live digest from its rows. Takes a second for a million of them.
  public func checkIntegrity() throws -> LedgerIntegrity {
    try view { view in
      var report = LedgerIntegrity()
      if let fault = try view.pageFault() { report.faults.append(fault) }
      for head in try view.frontier() {
        let position = try view.position(of: head.coalition)
        var digest = LiveDigest()
        var (statements, liveBytes): (UInt64, UInt64) = (0, 0)
        var leaves: [ObjectHash] = []
        try view.eachRow(of: head.coalition) { row in
          leaves.append(row.leaf)
          statements += 1
          liveBytes += row.liveBytes
          guard leaves.count >= 10_000 else { return }
          try digest.change(adding: leaves, subtracting: [])
          leaves.removeAll(keepingCapacity: true)
        }
        try digest.change(adding: leaves, subtracting: [])
        let claims = try view.signedHead(of: head.coalition)?.claims
        if digest.hash != claims?.liveDigest || digest != position.digest || statements != position.statements
          || statements != claims?.statements
          || liveBytes != claims?.liveBytes
        {
          report.faults.append("the rows of \(head.coalition) are not what its head \(head.epoch)/\(head.index) signed")
        }
        report.coalitions += 1
        report.statements += Int(clamping: statements)
      }
      return report
    }
  }
}

extension VaultStore {
  /// What SQLite finds wrong with a page; nil if nothing is.
  public func checkIntegrity() throws -> String? { try look { try $0.pageFault() } }
}

extension LedgerView {
  func pageFault() throws -> String? { try database.pageFault() }

  func eachRow(of coalition: CoalitionID, _ body: (Ledger.Row) throws -> Void) throws {
    guard let rowset = try rowset(of: coalition) else { return }
    try eachRow(in: rowset, after: nil, bucket: nil) { row in
      try body(row)
      return true
    }
  }
}

extension Database {
  func pageFault() throws -> String? {
    let answer = try String.fetchOne(self, sql: "PRAGMA integrity_check(1)")
    return answer == "ok" ? nil : answer.map { "SQLite finds: \($0)" } ?? "SQLite finds no pages"
  }
}
