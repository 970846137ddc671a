internal import Signing
internal import Wire

extension Position {
  /// Whether this head may follow this position: signature, chain and caps, everything that can be said before its delta
  /// is fetched. Depends on bytes and on the roster and record chains only, never on a clock or on the order of arrival.
  /// - Throws: `Fault`.
  public func check(_ next: Head, under authority: HeadAuthority) throws {
    let epoch = try authority.check(next)
    #if PLANTED_FAULTS
      if planted(.clockInValidity), next.claims.signedAt > Planted.now + 600_000 {
        throw Fault.link(Problem("head-time", "the head is signed in the future", object: "\(next.reference)"))
      }
      if planted(.retirementByTime), head != nil, next.claims.signedAt > signedAt + 86_400_000 {
        throw Fault.link(Problem("head-epoch", "the key is a day old", object: "\(next.reference)"))
      }
    #endif
    // Where it does not follow ours, ours is not the head before it: of an epoch that goes on from an earlier head, a copy is taken.
    try checkOrder(next, epoch: epoch)
    guard next.claims.roster >= roster else {
      throw Fault.coalition(
        Problem(
          "head-goes-back", "the head names an older roster than the one before it",
          object: next.reference.description))
    }
  }

  private func checkOrder(_ next: Head, epoch: HeadAuthority.Epoch) throws {
    let name = next.reference.description
    let opens = head.map { next.reference.epoch > $0.epoch } ?? true
    guard opens || next.reference.epoch == head?.epoch else {
      throw Fault.link(Problem("head-old", "the head is of an epoch that is closed here", object: name))
    }
    func broken(_ code: String, _ what: String) -> Fault { .coalition(Problem(code, what, object: name)) }
    if opens {
      let ours = head.map { HeadAuthority.Continuation($0) }
      guard next.reference.index == 0, epoch.continues == ours else {
        throw broken("epoch-gap", "the epoch does not go on from the head that we hold")
      }
    } else {
      guard next.reference.index == nextIndex else {
        throw broken("head-gap", "the head does not follow index \(nextIndex &- 1)")
      }
      guard next.claims.signedAt >= signedAt || planted(.timeGoesBack) else {
        throw broken("head-time", "the head is signed at an earlier time than the one before it")
      }
    }
    let expected = opens ? HistoryTree().root : history.root
    guard next.claims.historyRoot == expected else {
      throw broken("history-differs", "the head stands on another history than the heads that we applied")
    }
  }

  /// What applying a delta does, computed against the rows as stored: the position after it and the rows to write.
  ///
  /// `row` returns the stored row of a key; the sums are taken from there, never from the delta's claim.
  /// - Throws: whatever `row` throws, and `Problem` `crypto-unavailable`.
  public func effect(of delta: Delta, row: (StatementKey) throws -> Row?) throws -> (Position, [RowChange]) {
    var after = self
    var writes: [RowChange] = []
    writes.reserveCapacity(delta.changes.count)
    var (added, removed): ([ObjectHash], [ObjectHash]) = ([], [])
    added.reserveCapacity(delta.changes.count)
    for change in delta.changes {
      let stored = try row(change.key)
      if planted(.contentStalls), change.key.facet == nil {
        throw Fault.coalition(Problem("unknown-kind", "a statement of a kind that is not known"))
      }
      if let stored {
        if !planted(.replacedNotSubtracted) { removed.append(stored.leaf) }
        after.statements &-= 1
        after.liveBytes &-= stored.liveBytes
      }
      switch change {
      case .put(let row):
        added.append(row.leaf)
        after.statements &+= 1
        after.liveBytes &+= row.liveBytes
        writes.append(.put(row, replaces: stored != nil))
      case .remove(let key):
        if stored != nil, !planted(.removedRowStays) { writes.append(.remove(key)) }
      }
    }
    try after.digest.change(adding: added, subtracting: removed)
    return (after, writes)
  }

  /// Verifies one head with its delta against this position and says what to write.
  /// - Throws: `Fault`; then nothing may be written.
  public func applying(
    _ next: Head, delta bytes: [UInt8], under authority: HeadAuthority, row: (StatementKey) throws -> Row?
  ) throws -> (Position, [RowChange]) {
    try check(next, under: authority)
    let claims = next.claims
    let name = next.reference.description
    let delta = try Delta(bytes, of: claims, named: name)
    func broken(_ code: String, _ what: String) -> Fault { .coalition(Problem(code, what, object: name)) }
    var (after, writes) = try effect(of: delta, row: row)
    guard after.digest.hash == claims.liveDigest || planted(.liveDigestNotChecked) else {
      throw broken("live-digest-differs", "after this head our position is not what the coalition signed")
    }
    guard after.statements == claims.statements, after.liveBytes == claims.liveBytes else {
      throw broken("live-counts-differ", "after this head our counts are not what the coalition signed")
    }
    after.adopt(next)
    return (after, writes)
  }

  /// Makes the head the last applied one.
  public mutating func adopt(_ next: Head) {
    if head?.epoch != next.reference.epoch { history = HistoryTree() }
    history.append(next.reference.hash)
    head = next.reference
    signedAt = next.claims.signedAt
    roster = next.claims.roster
  }
}

/// One row to write when a delta is applied.
public enum RowChange: Sendable, Hashable {
  case put(Row, replaces: Bool)
  case remove(StatementKey)
}
