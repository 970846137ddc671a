internal import Alliance
internal import Ledger
internal import Replication
internal import Signing
internal import Wire

/// What replication reads of a simulated disk.
class DiskView: LedgerReading {
  unowned let disk: SimulatedDisk

  init(_ disk: SimulatedDisk) { self.disk = disk }

  func position(of coalition: CoalitionID) -> Position {
    disk.state.positions[coalition] ?? Position(coalition: coalition)
  }
  func frontier() -> [HeadReference] { disk.state.frontier }
  func coalitions() -> [CoalitionID] {
    let state = disk.state
    var all = Set(state.positions.keys).union(state.copies.keys).union(state.holds.keys).union(state.rows.keys)
    all.formUnion(state.receipts.map(\.receipt.coalition))
    return all.sorted()
  }
  func row(of coalition: CoalitionID, key: StatementKey) -> Row? { disk.state.rows[coalition]?[key] }
  func entry(of coalition: CoalitionID, epoch: UInt32, index: UInt64) -> StoredEntry? {
    guard let heads = disk.state.heads[coalition] else { return nil }
    // Asked for the newest one nearly always.
    return heads.last { $0.head.reference.epoch == epoch && $0.head.reference.index == index }
  }
  func entries(of coalition: CoalitionID, epoch: UInt32, from index: UInt64, maximumBytes: Int) -> [StoredEntry] {
    Array(
      (disk.state.heads[coalition] ?? [])
        .filter { $0.head.reference.epoch == epoch && $0.head.reference.index >= index }
        .enumerated().prefix { $0.element.head.reference.index == index + UInt64($0.offset) }
        .prefix(disk.pageHeads).map(\.element))
  }
  func history(of coalition: CoalitionID, epoch: UInt32, from index: UInt64, limit: Int) -> [ObjectHash] {
    (disk.state.names[coalition] ?? []).filter { $0.epoch == epoch && $0.index >= index }.prefix(limit).map(\.hash)
  }
  func keptDeltas(of coalition: CoalitionID) -> [KeptDelta] {
    (disk.state.heads[coalition] ?? []).map {
      KeptDelta(
        epoch: $0.head.reference.epoch, index: $0.head.reference.index, bytes: UInt64($0.delta.count),
        signedAt: $0.head.claims.signedAt)
    }
  }
  func signedHead(of coalition: CoalitionID) -> Head? { disk.state.newest[coalition] }
  func holds(_ hash: ObjectHash, of coalition: CoalitionID) -> Bool {
    (disk.state.names[coalition] ?? []).contains { $0.hash == hash }
  }
  func rows(
    of coalition: CoalitionID, after key: StatementKey?, bucket: UInt8?, maximumBytes: Int
  ) -> (rows: [Row], more: Bool) {
    guard let sorted = disk.state.rows[coalition] else { return ([], false) }
    var start = 0
    if let key {
      let (index, isThere) = sorted.place(of: key)
      start = isThere ? index + 1 : index
    }
    let rows = sorted.all[start...].lazy.filter { row in bucket.map { $0 == row.key.bucket } ?? true }
      .prefix(disk.pageRows + 1)
    let found = Array(rows)
    return (Array(found.prefix(disk.pageRows)), found.count > disk.pageRows)
  }
  func staged(of coalition: CoalitionID) -> StagedPosition? { disk.state.copies[coalition] }
  func stagedRow(of coalition: CoalitionID, key: StatementKey) -> Row? { disk.state.copiedRows[coalition]?[key] }
  func eachStagedRow(of coalition: CoalitionID, bucket: UInt8?, _ body: (Row) throws -> Void) rethrows {
    for row in disk.state.copiedRows[coalition]?.all ?? []
    where bucket.map({ $0 == row.key.bucket }) ?? true { try body(row) }
  }
  func receipts() -> [StoredReceipt] { disk.state.receipts }
  func queue(limit: Int) -> [QueuedChange] { Array(disk.state.queue.prefix(limit)) }
  func queueCount() -> Int { disk.state.queue.count }
  func preparedHeads() -> PreparedHeads? { disk.state.prepared }
  func hold(of coalition: CoalitionID) -> Problem? { disk.state.holds[coalition] }
  func changeWindow(of coalition: CoalitionID) -> ChangeWindow? { disk.state.windows[coalition] }
  func erasures() -> [Erasure] { disk.state.erasures }
  func forkProof(of coalition: CoalitionID, epoch: UInt32) -> ForkProof? { disk.state.proofs[coalition]?[epoch] }
  func forkProofs() -> [ForkProof] {
    disk.state.proofs.sorted { $0.key < $1.key }.flatMap { $0.value.sorted { $0.key < $1.key }.map(\.value) }
  }
}
