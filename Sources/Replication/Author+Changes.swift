internal import Ledger

extension Author {
  /// The last queued change of each key, sorted by key, of as much of the queue as surely fits in so many deltas; and the
  /// sequence that they end at. Changes that change nothing are left out. Nil if nothing is queued.
  static func changes(
    _ queued: [QueuedChange], mostDeltas: Int, random: (Int) -> [UInt8], row: (StatementKey) throws -> Row?
  ) throws -> ([Change], through: Int64)? {
    var last: [StatementKey: QueuedChange.Content] = [:]
    last.reserveCapacity(queued.count)
    // A delta may end before its limit by one change.
    let most = mostDeltas * (Limits.deltaBytes - Limits.sealedStatementBytes - deltaOverheadBytes)
    var (bytes, through): (Int, Int64?) = (0, nil)
    for change in queued {
      let size = encodedBytes(change.content)
      if bytes + size > most { break }
      bytes += size
      last[change.content.key] = change.content
      through = change.sequence
    }
    guard let through else { return nil }
    let salts = random(last.count * Row.saltBytes)
    var changes: [Change] = []
    changes.reserveCapacity(last.count)
    for (number, (key, content)) in last.sorted(by: { $0.key < $1.key }).enumerated() {
      let stored = try row(key)
      switch content {
      case .put(_, let statement):
        if stored?.statement == statement { continue }
        let salt = Array(salts[(number * Row.saltBytes)..<((number + 1) * Row.saltBytes)])
        changes.append(.put(Row(key: key, salt: salt, statement: statement)))
      case .remove:
        if stored != nil { changes.append(.remove(key)) }
      }
    }
    return (changes, through)
  }

  /// Changes cut into deltas, each within its limits.
  static func deltas(_ changes: [Change], of most: Int) -> [[Change]] {
    var deltas: [[Change]] = []
    var (start, bytes) = (0, deltaOverheadBytes)
    for (number, change) in changes.enumerated() {
      let size = change.encodedBytes
      if number - start == most || bytes + size > Limits.deltaBytes {
        deltas.append(Array(changes[start..<number]))
        (start, bytes) = (number, deltaOverheadBytes)
      }
      bytes += size
    }
    if start < changes.count { deltas.append(Array(changes[start...])) }
    return deltas
  }

  private static let deltaOverheadBytes = Delta.nonceBytes + 2
  private static let noSalt = [UInt8](repeating: 0, count: Row.saltBytes)

  private static func encodedBytes(_ content: QueuedChange.Content) -> Int {
    switch content {
    case .put(let key, let statement):
      Change.put(Row(key: key, salt: noSalt, statement: statement)).encodedBytes
    case .remove(let key): Change.remove(key).encodedBytes
    }
  }
}
