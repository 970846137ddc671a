public import Alliance
public import Ledger
public import Signing
public import Wire

/// Taking a whole position from peers: pages into a staged copy, then the changes since, then one comparison with a signed
/// head, then one swap. Screening sees the old position until then.
///
/// - `Snapshot+Pages.swift`: rows, the changes after them, and what to do when they agree with no head
public enum Snapshot {
  /// So often rows are fetched again before the copy is given up.
  public static let mostRepairs = 2

  /// What a peer gave, with what was asked for where the answer does not say it.
  public enum Input: Sendable {
    /// Begin, or go on with what a restart interrupted.
    case begin
    case page(SnapshotPage, after: StatementKey?, bucket: UInt8?)
    case deltas([StoredEntry], more: Bool)
    /// The peer does not keep the changes that are needed any more.
    case deltasGone
    case buckets(PositionBuckets)
    case history([ObjectHash], from: UInt64)
  }

  public enum Outcome: Sendable, Hashable {
    case goOn(SnapshotNeed)
    /// The copy is the position now.
    case finished(HeadReference)
    /// Nothing of this answer was kept. Without a need, the whole copy was thrown away.
    case failed(Fault, SnapshotNeed?)
  }

  /// Takes one answer in one transaction.
  /// - Throws: what the store throws; nothing is then written.
  public static func take(
    _ input: Input, of coalition: CoalitionID, membership: Membership, in database: some LedgerDatabase
  ) throws -> Outcome {
    guard let authority = membership.headAuthority(of: coalition) else {
      return .failed(.link(Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)), nil)
    }
    do {
      return try database.write { writer in
        var copy = Copy(
          coalition: coalition, authority: authority, writer: writer, staged: try begin(coalition, writer))
        let outcome = try copy.take(input)
        if case .goOn = outcome { try writer.save(copy.staged, of: coalition) }
        return outcome
      }
    } catch let surrender as Surrender {
      try database.write { try $0.save(nil as StagedPosition?, of: coalition) }
      return .failed(surrender.fault, nil)
    } catch let fault as Fault {
      return .failed(fault, try database.read { try $0.staged(of: coalition)?.need })
    }
  }

  /// What is there from before, unless the position has gone past it.
  private static func begin(_ coalition: CoalitionID, _ writer: any LedgerWriting) throws -> StagedPosition {
    if let staged = try writer.staged(of: coalition) {
      guard let target = staged.target, let head = try writer.position(of: coalition).head,
        !target.reference.isAfter(head)
      else { return staged }
    }
    let fresh = StagedPosition(coalition: coalition)
    try writer.save(nil as StagedPosition?, of: coalition)
    try writer.save(fresh, of: coalition)
    return fresh
  }

  /// The copy is of no use any more.
  struct Surrender: Error {
    let fault: Fault
  }

  /// One answer being taken.
  struct Copy {
    let coalition: CoalitionID
    let authority: HeadAuthority
    let writer: any LedgerWriting
    var staged: StagedPosition

    mutating func take(_ input: Input) throws -> Outcome {
      switch (input, staged.phase) {
      case (.page(let page, let after, let bucket), .pages)
      where after == staged.after && bucket == staged.pending?.first:
        return try take(page)
      case (.deltas(let entries, let more), .deltas): return try take(entries, more: more)
      case (.deltasGone, .deltas): staged.phase = .buckets
      case (.buckets(let buckets), .buckets): return try take(buckets)
      case (.history(let hashes, let index), .history) where index == staged.history.size: return try take(hashes)
      // An answer to what is not asked for any more.
      default: break
      }
      return .goOn(staged.need)
    }

    /// Compares with a head that the rows should agree with now.
    mutating func compare(with head: Head) throws -> Outcome {
      let agrees =
        staged.digest.hash == head.claims.liveDigest && staged.statements == head.claims.statements
        && staged.liveBytes == head.claims.liveBytes
      guard agrees || planted(.snapshotNotChecked) else {
        staged.phase = .buckets
        return .goOn(staged.need)
      }
      let position = try writer.position(of: coalition)
      if let current = position.head, !head.reference.isAfter(current) {
        // Deltas were faster.
        try writer.save(nil as StagedPosition?, of: coalition)
        return .finished(current)
      }
      staged.end = head
      staged.phase = .history
      let ours = position.head?.epoch == head.reference.epoch ? position.history : HistoryTree()
      staged.history = ours.size <= head.reference.index ? ours : HistoryTree()
      return try take([] as [ObjectHash])
    }

    /// Hashes of heads before the end, in order; the root that the end names proves them.
    private mutating func take(_ hashes: [ObjectHash]) throws -> Outcome {
      guard let end = staged.end else { return .goOn(staged.need) }
      let fitting = hashes.prefix(Int(clamping: end.reference.index - staged.history.size))
      try writer.stageHistory(
        Array(fitting), of: coalition, epoch: end.reference.epoch, from: staged.history.size)
      for hash in fitting { staged.history.append(hash) }
      guard staged.history.size == end.reference.index else { return .goOn(staged.need) }
      guard staged.history.root == end.claims.historyRoot || planted(.snapshotHistoryNotChecked) else {
        throw Surrender(
          fault: .coalition(
            Problem(
              "history-differs", "the head stands on another history than its peers show",
              object: end.reference.description)))
      }
      var position = Position(coalition: coalition)
      (position.digest, position.statements, position.liveBytes) = (
        staged.digest, staged.statements, staged.liveBytes
      )
      position.head = HeadReference(
        coalition: coalition, epoch: end.reference.epoch, index: end.reference.index, hash: end.reference.hash)
      position.history = staged.history
      position.history.append(end.reference.hash)
      position.signedAt = end.claims.signedAt
      position.roster = end.claims.roster
      position.record = authority.records[end.claims.recordHash] ?? 0
      try writer.swapStaged(to: position, at: end)
      try writer.saveHold(nil, of: coalition)
      return .finished(end.reference)
    }
  }
}
