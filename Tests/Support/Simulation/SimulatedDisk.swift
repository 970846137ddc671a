internal import Alliance
internal import Ledger
public import Replication
internal import Signing
public import Wire

/// A store in memory: what a transaction wrote is there after a crash, what it did not end is not.
public final class SimulatedDisk: LedgerDatabase, @unchecked Sendable {
  struct State {
    var positions: [CoalitionID: Position] = [:]
    var rows: [CoalitionID: [StatementKey: Row]] = [:]
    var heads: [CoalitionID: [StoredEntry]] = [:]
    var receipts: [CoalitionID: StoredReceipt] = [:]
    var queue: [QueuedChange] = []
    var nextSequence: Int64 = 1
    var prepared: PreparedHeads?
    var holds: [CoalitionID: Problem] = [:]
    var newest: [CoalitionID: Head] = [:]
    var names: [CoalitionID: [HeadReference]] = [:]
    var copies: [CoalitionID: StagedPosition] = [:]
    var copiedRows: [CoalitionID: [StatementKey: Row]] = [:]
    var copiedNames: [CoalitionID: [HeadReference]] = [:]
    var proofs: [CoalitionID: [UInt32: ForkProof]] = [:]
  }

  private var state = State()

  public init() {}

  public func read<Result>(_ body: (any LedgerReading) throws -> Result) throws -> Result {
    try body(Transaction(state))
  }

  public func write<Result>(_ body: (any LedgerWriting) throws -> Result) throws -> Result {
    let transaction = Transaction(state)
    let result = try body(transaction)
    state = transaction.state
    return result
  }

  /// As a node does that no longer serves what is old.
  public func forgetDeltas(of coalition: CoalitionID, before index: UInt64) {
    state.heads[coalition]?.removeAll { $0.head.reference.index < index }
  }

  private final class Transaction: LedgerWriting {
    var state: State

    init(_ state: State) { self.state = state }

    func position(of coalition: CoalitionID) -> Position {
      state.positions[coalition] ?? Position(coalition: coalition)
    }
    func frontier() -> [HeadReference] {
      state.positions.values.compactMap(\.head).sorted { $0.coalition < $1.coalition }
    }
    func row(of coalition: CoalitionID, key: StatementKey) -> Row? { state.rows[coalition]?[key] }
    func entry(of coalition: CoalitionID, epoch: UInt32, index: UInt64) -> StoredEntry? {
      state.heads[coalition]?.first { $0.head.reference.epoch == epoch && $0.head.reference.index == index }
    }
    func entries(of coalition: CoalitionID, epoch: UInt32, from index: UInt64, maximumBytes: Int) -> [StoredEntry] {
      // Small pages, so that a catch-up takes several.
      Array(
        (state.heads[coalition] ?? []).filter { $0.head.reference.epoch == epoch && $0.head.reference.index >= index }
          .enumerated().prefix { $0.element.head.reference.index == index + UInt64($0.offset) }.prefix(3).map(\.element)
      )
    }
    func history(of coalition: CoalitionID, epoch: UInt32, from index: UInt64, limit: Int) -> [ObjectHash] {
      (state.names[coalition] ?? []).filter { $0.epoch == epoch && $0.index >= index }.prefix(limit).map(\.hash)
    }
    func keptDeltas(of coalition: CoalitionID) -> [KeptDelta] {
      (state.heads[coalition] ?? []).map {
        KeptDelta(
          epoch: $0.head.reference.epoch, index: $0.head.reference.index, bytes: UInt64($0.delta.count),
          signedAt: $0.head.claims.signedAt)
      }
    }
    func signedHead(of coalition: CoalitionID) -> Head? { state.newest[coalition] }
    func holds(_ hash: ObjectHash, of coalition: CoalitionID) -> Bool {
      (state.names[coalition] ?? []).contains { $0.hash == hash }
    }
    func rows(
      of coalition: CoalitionID, after key: StatementKey?, bucket: UInt8?, maximumBytes: Int
    ) -> (rows: [Row], more: Bool) {
      let rows = (state.rows[coalition] ?? [:]).values.sorted { $0.key < $1.key }.filter { row in
        (key.map { $0 < row.key } ?? true) && (bucket.map { $0 == row.key.bucket } ?? true)
      }
      // Small pages, so that a copy takes several.
      return (Array(rows.prefix(3)), rows.count > 3)
    }
    func staged(of coalition: CoalitionID) -> StagedPosition? { state.copies[coalition] }
    func stagedRow(of coalition: CoalitionID, key: StatementKey) -> Row? { state.copiedRows[coalition]?[key] }
    func eachStagedRow(of coalition: CoalitionID, bucket: UInt8?, _ body: (Row) throws -> Void) rethrows {
      for row in (state.copiedRows[coalition] ?? [:]).values.sorted(by: { $0.key < $1.key })
      where bucket.map({ $0 == row.key.bucket }) ?? true { try body(row) }
    }
    func receipts() -> [StoredReceipt] {
      state.receipts.values.sorted { $0.receipt.coalition < $1.receipt.coalition }
    }
    func queue(limit: Int) -> [QueuedChange] { Array(state.queue.prefix(limit)) }
    func queueCount() -> Int { state.queue.count }
    func preparedHeads() -> PreparedHeads? { state.prepared }
    func hold(of coalition: CoalitionID) -> Problem? { state.holds[coalition] }

    func forkProof(of coalition: CoalitionID, epoch: UInt32) -> ForkProof? { state.proofs[coalition]?[epoch] }
    func forkProofs() -> [ForkProof] {
      state.proofs.sorted { $0.key < $1.key }.flatMap { $0.value.sorted { $0.key < $1.key }.map(\.value) }
    }
    func save(_ proof: ForkProof) { state.proofs[proof.coalition, default: [:]][proof.epoch] = proof }

    func write(_ changes: [RowChange], of coalition: CoalitionID) {
      for change in changes {
        switch change {
        case .put(let row, _): state.rows[coalition, default: [:]][row.key] = row
        case .remove(let key): state.rows[coalition]?[key] = nil
        }
      }
    }
    func save(_ position: Position) { state.positions[position.coalition] = position }
    func append(_ entry: StoredEntry) {
      let coalition = entry.head.reference.coalition
      state.heads[coalition, default: []].append(entry)
      state.names[coalition, default: []].append(entry.head.reference)
      state.newest[coalition] = entry.head
    }
    func stage(_ changes: [RowChange], of coalition: CoalitionID) {
      for change in changes {
        switch change {
        case .put(let row, _): state.copiedRows[coalition, default: [:]][row.key] = row
        case .remove(let key): state.copiedRows[coalition]?[key] = nil
        }
      }
    }
    func save(_ staged: StagedPosition?, of coalition: CoalitionID) {
      state.copies[coalition] = staged
      if staged == nil { (state.copiedRows[coalition], state.copiedNames[coalition]) = (nil, nil) }
    }
    func stageHistory(_ hashes: [ObjectHash], of coalition: CoalitionID, epoch: UInt32, from index: UInt64) {
      for (offset, hash) in hashes.enumerated() {
        state.copiedNames[coalition, default: []].append(
          HeadReference(coalition: coalition, epoch: epoch, index: index + UInt64(offset), hash: hash))
      }
    }
    func swapStaged(to position: Position, at head: Head) {
      let coalition = position.coalition
      state.rows[coalition] = state.copiedRows[coalition] ?? [:]
      // What the copy goes on from takes the place of whatever was known of those heads.
      let copied = (state.copiedNames[coalition] ?? []) + [head.reference]
      let places = Set(copied.map { [UInt64($0.epoch), $0.index] })
      state.names[coalition, default: []].removeAll {
        $0.isAfter(head.reference) || places.contains([UInt64($0.epoch), $0.index])
      }
      state.names[coalition, default: []] += copied
      state.heads[coalition] = []
      state.newest[coalition] = head
      state.positions[coalition] = position
      save(nil as StagedPosition?, of: coalition)
    }
    func dropDeltas(of coalition: CoalitionID, beforeEpoch epoch: UInt32, index: UInt64) {
      state.heads[coalition]?.removeAll {
        ($0.head.reference.epoch, $0.head.reference.index) < (epoch, index)
      }
    }
    func save(_ receipt: StoredReceipt) { state.receipts[receipt.receipt.coalition] = receipt }
    func save(_ records: [MemberRecord]) {}
    func enqueue(_ changes: [QueuedChange.Content]) {
      for content in changes {
        state.queue.append(QueuedChange(sequence: state.nextSequence, content: content))
        state.nextSequence += 1
      }
    }
    func removeFromQueue(through sequence: Int64) { state.queue.removeAll { $0.sequence <= sequence } }
    func savePrepared(_ heads: PreparedHeads?) { state.prepared = heads }
    func saveHold(_ problem: Problem?, of coalition: CoalitionID) { state.holds[coalition] = problem }
  }
}
