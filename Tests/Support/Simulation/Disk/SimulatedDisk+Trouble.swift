internal import Ledger
internal import Replication
internal import Signing
public import Wire

extension SimulatedDisk {
  /// A disk as it was at one moment.
  struct Image {
    let state: LedgerState
  }

  var image: Image { Image(state: state) }

  func restore(_ image: Image) {
    state = image.state
    if synced != nil { synced = image.state }
    touch()
  }

  /// Commits are durable from now on only when `sync` is called.
  func stopSyncing() { if synced == nil { synced = state } }

  func sync(goesOn: Bool = false) { synced = goesOn ? state : nil }

  /// What was not synced is lost.
  func losePower() {
    guard let synced else { return }
    state = synced
    touch()
  }

  /// As a node does that no longer serves what is old.
  public func forgetDeltas(of coalition: CoalitionID, before index: UInt64) {
    state.heads[coalition]?.removeAll { $0.head.reference.index < index }
    touch()
  }

  /// One bit of a statement flips, in a row that will be read again.
  func flipRow(of coalition: CoalitionID, number: Int) -> StatementKey? {
    guard let rows = state.rows[coalition], !rows.all.isEmpty else { return nil }
    let row = rows.all[number % rows.all.count]
    guard !row.statement.isEmpty else { return nil }
    var statement = row.statement
    statement[0] ^= 1
    state.rows[coalition]?[row.key] = Row(key: row.key, salt: row.salt, statement: statement)
    touch()
    return row.key
  }

  /// One bit of a kept delta flips, which peers will be served.
  func flipDelta(of coalition: CoalitionID) -> Bool {
    guard let entry = state.heads[coalition]?.last, !entry.delta.isEmpty else { return false }
    var delta = entry.delta
    delta[delta.count / 2] ^= 4
    let count = state.heads[coalition]?.count ?? 0
    state.heads[coalition]?[count - 1] = StoredEntry(head: entry.head, delta: delta)
    touch()
    return true
  }

  /// One bit of a prepared head flips between hashing and storing.
  func flipPrepared() {
    guard let prepared = state.prepared, let first = prepared.heads.first, !first.body.isEmpty else { return }
    var body = first.body
    body[body.count - 1] ^= 1
    state.prepared = PreparedHeads(
      heads: [.init(body: body, delta: first.delta)] + prepared.heads.dropFirst(),
      throughSequence: prepared.throughSequence)
    touch()
  }
}
