internal import FoundationEssentials
internal import GRDB
public import Ledger
public import Replication
internal import Signing
public import Wire

/// Copies of positions under way.
extension LedgerView {
  public func staged(of coalition: CoalitionID) throws -> StagedPosition? {
    guard let row = try copy(of: coalition) else { return nil }
    var staged = StagedPosition(coalition: coalition)
    guard let phase = StagedPosition.Phase(rawValue: row["phase"]),
      let digest = LiveDigest(bytes: Array(row["lanes"] as Data)),
      let history = Self.history(row["history_size"], row["history_peaks"])
    else { throw damaged("the copy of \(coalition)") }
    staged.phase = phase
    staged.base = try head(row["base"])
    staged.target = try head(row["target"])
    staged.end = try head(row["end_head"])
    staged.after = (row["last_key"] as Data?).flatMap { StatementKey($0) }
    staged.pending = (row["pending"] as Data?).map { Array($0) }
    staged.nextEpoch = row["next_epoch"]
    staged.nextIndex = UInt64(bitPattern: row["next_index"])
    staged.digest = digest
    staged.statements = UInt64(bitPattern: row["statements"])
    staged.liveBytes = UInt64(bitPattern: row["live_bytes"])
    staged.takenBytes = UInt64(bitPattern: row["taken_bytes"])
    staged.repairs = row["repairs"]
    staged.history = history
    return staged
  }

  public func stagedRow(of coalition: CoalitionID, key: StatementKey) throws -> Ledger.Row? {
    try copiedRowset(of: coalition).flatMap { try row(in: $0, key: key) }
  }

  public func eachStagedRow(
    of coalition: CoalitionID, bucket: UInt8?, _ body: (Ledger.Row) throws -> Void
  ) throws {
    guard let rowset = try copiedRowset(of: coalition) else { return }
    try eachRow(in: rowset, after: nil, bucket: bucket) { row in
      try body(row)
      return true
    }
  }

  func copiedRowset(of coalition: CoalitionID) throws -> Int64? {
    if let known = copiedRowsets[coalition] { return known }
    let found: Int64? = try copy(of: coalition)?["rowset"]
    copiedRowsets[coalition] = found
    return found
  }

  private func copy(of coalition: CoalitionID) throws -> GRDB.Row? {
    try statement("SELECT p.* FROM copies p JOIN coalitions c ON c.id = p.coalition WHERE c.coalition = ?")
      .fetchRow([coalition.rawValue])
  }

  private func head(_ bytes: Data?) throws -> Head? {
    try bytes.map { try Head(try signed($0, .head)) }
  }
}
