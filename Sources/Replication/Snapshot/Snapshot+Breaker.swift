internal import Indicators
internal import Ledger
internal import Wire

extension Snapshot.Copy {
  /// A raised floor must not be a way past the breaker: a whole position is held for the same reasons as a head.
  /// - Throws: `Snapshot.Held`.
  func passBreaker() throws {
    let position = try writer.position(of: coalition)
    guard position.head != nil, position.statements >= breaker.leastStatements else { return }
    let (window, problem) = Breaker.judge(
      try writer.changeWindow(of: coalition), before: position, after: staged.statements,
      changed: try goneOrReplaced(), now: now, limits: breaker)
    if let problem { throw Snapshot.Held(problem: problem, window: window) }
    try writer.save(window, of: coalition)
    try writer.saveHeldRemovals([], of: coalition)
  }

  /// Rows in force that the copy has not, or has otherwise; without those that only moved to a new hash key.
  private func goneOrReplaced() throws -> UInt64 {
    let count = try countGone(besides: [])
    guard count > 0 else { return 0 }
    // Their first bytes are enough to count by, and a million of them fit in memory.
    var moved: Set<UInt64> = []
    try writer.eachStagedRow(of: coalition, bucket: nil) { row in
      if let previous = row.previous { moved.insert(previous.digest.prefix) }
    }
    return moved.isEmpty ? count : try countGone(besides: moved)
  }

  private func countGone(besides moved: Set<UInt64>) throws -> UInt64 {
    var (count, after, more) = (UInt64(0), StatementKey?.none, true)
    while more {
      let page = try writer.rows(of: coalition, after: after, bucket: nil, maximumBytes: 1 << 20)
      for row in page.rows {
        let staged = try writer.stagedRow(of: coalition, key: row.key)
        if staged == row { continue }
        if staged == nil, !moved.isEmpty, let digest = row.key.digest, moved.contains(digest.prefix) { continue }
        count += 1
      }
      (after, more) = (page.rows.last?.key, page.more)
    }
    return count
  }
}
