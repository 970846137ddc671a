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

  /// Rows in force that the copy has not, or has otherwise.
  private func goneOrReplaced() throws -> UInt64 {
    var (count, after, more) = (UInt64(0), StatementKey?.none, true)
    while more {
      let page = try writer.rows(of: coalition, after: after, bucket: nil, maximumBytes: 1 << 20)
      for row in page.rows where try writer.stagedRow(of: coalition, key: row.key) != row { count += 1 }
      (after, more) = (page.rows.last?.key, page.more)
    }
    return count
  }
}
