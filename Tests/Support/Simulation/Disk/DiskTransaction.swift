internal import Alliance
internal import Ledger
internal import Replication
internal import Signing
internal import Wire

/// One transaction on a simulated disk: writes in place, and remembers what was there for the way back.
final class DiskTransaction: DiskView, LedgerWriting {
  private var undo: [(inout LedgerState) -> Void] = []
  var hasWritten: Bool { !undo.isEmpty }

  func rollBack() {
    for step in undo.reversed() { step(&disk.state) }
    undo = []
  }

  private func set<Value>(_ path: WritableKeyPath<LedgerState, Value>, _ value: Value) {
    let before = disk.state[keyPath: path]
    undo.append { $0[keyPath: path] = before }
    disk.state[keyPath: path] = value
  }

  func write(_ changes: [RowChange], of coalition: CoalitionID) {
    let before = disk.state.rows[coalition]
    undo.append { $0.rows[coalition] = before }
    Self.write(changes, to: &disk.state.rows[coalition, default: SortedRows()])
  }
  func stage(_ changes: [RowChange], of coalition: CoalitionID) {
    let before = disk.state.copiedRows[coalition]
    undo.append { $0.copiedRows[coalition] = before }
    Self.write(changes, to: &disk.state.copiedRows[coalition, default: SortedRows()])
  }
  private static func write(_ changes: [RowChange], to rows: inout SortedRows) {
    for change in changes {
      switch change {
      case .put(let row, _): rows[row.key] = row
      case .remove(let key): rows[key] = nil
      }
    }
  }
  func save(_ position: Position) {
    let (coalition, before, frontier) = (
      position.coalition, disk.state.positions[position.coalition], disk.state.frontier
    )
    undo.append { ($0.positions[coalition], $0.frontier) = (before, frontier) }
    disk.state.positions[coalition] = position
    guard let head = position.head else { return }
    if let place = frontier.firstIndex(where: { $0.coalition >= coalition }) {
      if frontier[place].coalition == coalition {
        disk.state.frontier[place] = head
      } else {
        disk.state.frontier.insert(head, at: place)
      }
    } else {
      disk.state.frontier.append(head)
    }
  }
  func forgetPosition(of coalition: CoalitionID) {
    let before = disk.state
    undo.append { $0 = before }
    disk.state.positions[coalition] = nil
    disk.state.frontier.removeAll { $0.coalition == coalition }
    disk.state.rows[coalition] = nil
    disk.state.heads[coalition] = nil
    disk.state.names[coalition] = nil
    disk.state.newest[coalition] = nil
    disk.state.receipts.removeAll { $0.receipt.coalition == coalition }
    disk.state.holds[coalition] = nil
    disk.state.copies[coalition] = nil
    disk.state.copiedRows[coalition] = nil
    disk.state.copiedNames[coalition] = nil
    disk.state.windows[coalition] = nil
    disk.state.heldRemovals[coalition] = nil
  }
  func append(_ entry: StoredEntry) {
    let coalition = entry.head.reference.coalition
    let newest = disk.state.newest[coalition]
    undo.append {
      $0.heads[coalition]?.removeLast()
      if $0.heads[coalition]?.isEmpty == true { $0.heads[coalition] = nil }
      $0.names[coalition]?.removeLast()
      $0.newest[coalition] = newest
    }
    disk.state.heads[coalition, default: []].append(entry)
    disk.state.names[coalition, default: []].append(entry.head.reference)
    disk.state.newest[coalition] = entry.head
  }
  func save(_ staged: StagedPosition?, of coalition: CoalitionID) {
    let (copy, rows, names) = (
      disk.state.copies[coalition], disk.state.copiedRows[coalition], disk.state.copiedNames[coalition]
    )
    undo.append {
      ($0.copies[coalition], $0.copiedRows[coalition], $0.copiedNames[coalition]) = (copy, rows, names)
    }
    disk.state.copies[coalition] = staged
    if staged == nil { (disk.state.copiedRows[coalition], disk.state.copiedNames[coalition]) = (nil, nil) }
  }
  func stageHistory(_ hashes: [ObjectHash], of coalition: CoalitionID, epoch: UInt32, from index: UInt64) {
    let before = disk.state.copiedNames[coalition]
    undo.append { $0.copiedNames[coalition] = before }
    for (offset, hash) in hashes.enumerated() {
      disk.state.copiedNames[coalition, default: []].append(
        HeadReference(coalition: coalition, epoch: epoch, index: index + UInt64(offset), hash: hash))
    }
  }
  func swapStaged(to position: Position, at head: Head) {
    let coalition = position.coalition
    let (rows, names, heads, newest) = (
      disk.state.rows[coalition], disk.state.names[coalition], disk.state.heads[coalition],
      disk.state.newest[coalition]
    )
    undo.append {
      ($0.rows[coalition], $0.names[coalition], $0.heads[coalition]) = (rows, names, heads)
      $0.newest[coalition] = newest
    }
    disk.state.rows[coalition] = disk.state.copiedRows[coalition] ?? SortedRows()
    // What the copy goes on from takes the place of whatever was known of those heads.
    let copied = (disk.state.copiedNames[coalition] ?? []) + [head.reference]
    let places = Set(copied.map { [UInt64($0.epoch), $0.index] })
    disk.state.names[coalition, default: []].removeAll {
      $0.isAfter(head.reference) || places.contains([UInt64($0.epoch), $0.index])
    }
    disk.state.names[coalition, default: []] += copied
    disk.state.heads[coalition] = []
    disk.state.newest[coalition] = head
    save(position)
    save(nil as StagedPosition?, of: coalition)
  }
  func dropDeltas(of coalition: CoalitionID, beforeEpoch epoch: UInt32, index: UInt64) {
    guard let before = disk.state.heads[coalition], let first = before.first?.head.reference,
      (first.epoch, first.index) < (epoch, index)
    else { return }
    undo.append { $0.heads[coalition] = before }
    disk.state.heads[coalition]?.removeAll { ($0.head.reference.epoch, $0.head.reference.index) < (epoch, index) }
  }
  func save(_ receipt: StoredReceipt) {
    let coalition = receipt.receipt.coalition
    let place = disk.state.receipts.firstIndex { $0.receipt.coalition >= coalition } ?? disk.state.receipts.count
    if place < disk.state.receipts.count, disk.state.receipts[place].receipt.coalition == coalition {
      let before = disk.state.receipts[place]
      undo.append { $0.receipts[place] = before }
      disk.state.receipts[place] = receipt
    } else {
      undo.append { $0.receipts.remove(at: place) }
      disk.state.receipts.insert(receipt, at: place)
    }
  }
  func save(_ records: [MemberRecord]) { set(\.records, disk.state.records + records) }
  func enqueue(_ changes: [QueuedChange.Content]) {
    let (queue, next) = (disk.state.queue, disk.state.nextSequence)
    undo.append { ($0.queue, $0.nextSequence) = (queue, next) }
    for content in changes {
      disk.state.queue.append(QueuedChange(sequence: disk.state.nextSequence, content: content))
      disk.state.nextSequence += 1
    }
  }
  func removeFromQueue(through sequence: Int64) { set(\.queue, disk.state.queue.filter { $0.sequence > sequence }) }
  func save(_ window: ChangeWindow?, of coalition: CoalitionID) {
    guard disk.state.windows[coalition] != window else { return }
    let before = disk.state.windows[coalition]
    undo.append { $0.windows[coalition] = before }
    disk.state.windows[coalition] = window
  }
  func saveHeldRemovals(_ keys: [StatementKey], of coalition: CoalitionID) {
    if keys.isEmpty, disk.state.heldRemovals[coalition] == nil { return }
    set(\.heldRemovals, disk.state.heldRemovals.merging([coalition: keys]) { $1 }.filter { !$0.value.isEmpty })
  }
  func save(_ proof: ForkProof) {
    set(\.proofs, disk.state.proofs.merging([proof.coalition: [proof.epoch: proof]]) { $0.merging($1) { $1 } })
  }
  func beginErasure(at now: UInt64) -> Int64 {
    let id = (disk.state.erasures.map(\.id).max() ?? 0) + 1
    let erasure = Erasure(id: id, step: .queued, through: disk.state.queue.last?.sequence ?? 0, at: now)
    set(\.erasures, disk.state.erasures + [erasure])
    return id
  }
  func save(_ erasures: [Erasure]) { if erasures != disk.state.erasures { set(\.erasures, erasures) } }
  func savePrepared(_ heads: PreparedHeads?) { set(\.prepared, heads) }
  func saveHold(_ problem: Problem?, of coalition: CoalitionID) {
    guard disk.state.holds[coalition] != problem else { return }
    let before = disk.state.holds[coalition]
    undo.append { $0.holds[coalition] = before }
    disk.state.holds[coalition] = problem
  }
}
