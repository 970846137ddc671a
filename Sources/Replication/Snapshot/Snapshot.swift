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
    /// No peer has what the copy goes on from.
    case gone
  }

  public enum Outcome: Sendable, Hashable {
    case goOn(SnapshotNeed)
    /// The copy is the position now.
    case finished(HeadReference)
    /// The copy is whole and proven, and lies beside the position until it is adopted.
    case ready(HeadReference)
    /// Nothing of this answer was kept. Without a need, the whole copy was thrown away.
    case failed(Fault, SnapshotNeed?)
    /// The whole copy was thrown away: it agrees with a head that has no effect any more, and so has whatever stands on that.
    case ended(Problem, HeadReference)
  }

  /// Takes one answer in one transaction.
  /// - Parameters:
  ///   - isBeside: leave the whole copy beside the position in force: our own, which nobody else may change.
  ///   - now: milliseconds since 1970, for the breaker alone.
  /// - Throws: what the store throws; nothing is then written.
  public static func take(
    _ input: Input, of coalition: CoalitionID, isBeside: Bool = false, membership: Membership,
    in database: some LedgerDatabase, now: UInt64, breaker: Breaker.Limits = .standard
  ) throws -> Outcome {
    guard let authority = membership.headAuthority(of: coalition) else {
      return .failed(.link(Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)), nil)
    }
    do {
      return try database.write { writer in
        var copy = Copy(
          coalition: coalition, authority: authority, writer: writer,
          staged: try begin(coalition, isBeside: isBeside, anew: input.begins, writer), isBeside: isBeside, now: now,
          breaker: breaker)
        let outcome = try copy.take(input)
        switch outcome {
        case .goOn, .ready: try writer.save(copy.staged, of: coalition)
        case .finished, .failed, .ended: break
        }
        return outcome
      }
    } catch let held as Held {
      try database.write { try $0.save(held.window, of: coalition) }
      return .failed(.held(held.problem), try database.read { try $0.staged(of: coalition)?.need })
    } catch let surrender as Surrender {
      try database.write { try $0.save(nil as StagedPosition?, of: coalition) }
      if case .void(let problem) = surrender.fault, let head = surrender.head { return .ended(problem, head) }
      return .failed(surrender.fault, nil)
    } catch let fault as Fault {
      return .failed(fault, try database.read { try $0.staged(of: coalition)?.need })
    }
  }

  /// What is there from before, unless the position has gone past it.
  private static func begin(
    _ coalition: CoalitionID, isBeside: Bool, anew: Bool, _ writer: any LedgerWriting
  ) throws -> StagedPosition {
    if let staged = try writer.staged(of: coalition), !(anew && staged.phase == .ready) {
      guard !isBeside, let target = staged.target, let head = try writer.position(of: coalition).head,
        !target.reference.isAfter(head)
      else { return staged }
    }
    let fresh = StagedPosition(coalition: coalition)
    try writer.save(nil as StagedPosition?, of: coalition)
    try writer.save(fresh, of: coalition)
    return fresh
  }

  /// The copy is good, and would take away too much to be put in force before a person has looked.
  struct Held: Error {
    let problem: Problem
    let window: ChangeWindow
  }

  /// The copy is of no use any more.
  struct Surrender: Error {
    let fault: Fault
    /// That the rows agree with, where that has no effect any more.
    var head: HeadReference?
  }

  /// One answer being taken.
  struct Copy {
    let coalition: CoalitionID
    let authority: HeadAuthority
    let writer: any LedgerWriting
    var staged: StagedPosition
    let isBeside: Bool
    let now: UInt64
    let breaker: Breaker.Limits

    mutating func take(_ input: Input) throws -> Outcome {
      switch (input, staged.phase) {
      case (.page(let page, let after, let bucket), .pages)
      where after == staged.after && bucket == staged.pending?.first:
        return try take(page)
      case (.deltas(let entries, let more), .deltas): return try take(entries, more: more)
      case (.deltasGone, .deltas): staged.phase = .buckets
      case (.buckets(let buckets), .buckets): return try take(buckets)
      case (.history(let hashes, let index), .history) where index == staged.history.size: return try take(hashes)
      case (.gone, .pages), (.gone, .deltas), (.gone, .buckets), (.gone, .history):
        throw Surrender(
          fault: .coalition(
            Problem("history-differs", "the copy was begun on a history that peers do not have", object: "\(coalition)")
          ))
      // An answer to what is not asked for any more.
      default: break
      }
      if staged.phase == .ready, let end = staged.end { return .ready(end.reference) }
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
      // Of a closed epoch only the last head is known to be the coalition's own.
      if let epoch = authority.epochs[head.reference.epoch], epoch.isClosed, !epoch.isCut(head.reference) {
        throw Surrender(
          fault: .void(
            Problem(
              "head-beyond-cut", "the epoch is closed, and this is not its last head", object: "\(head.reference)")),
          head: head.reference)
      }
      // A copy must not be a way past a proven fork.
      if !isBeside, !authority.isClosed(head.reference.epoch), !planted(.forkedHeadsApplied),
        let proof = try writer.forkProof(of: coalition, epoch: head.reference.epoch),
        head.reference.index >= proof.index
      {
        throw Surrender(fault: Forks.fault(proof), head: head.reference)
      }
      let position = try writer.position(of: coalition)
      if !isBeside, let current = position.head, !head.reference.isAfter(current) {
        // Deltas were faster.
        try writer.save(nil as StagedPosition?, of: coalition)
        return .finished(current)
      }
      staged.end = head
      staged.phase = .history
      // Our own history may be another one than that of the copy: it is then proven from its beginning.
      let ours = !isBeside && position.head?.epoch == head.reference.epoch ? position.history : HistoryTree()
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
      if isBeside {
        staged.phase = .ready
        return .ready(end.reference)
      }
      try passBreaker()
      try Snapshot.putInForce(staged, at: end, in: writer)
      return .finished(end.reference)
    }
  }
}

extension Snapshot {
  /// Makes the copy that lies beside our own position our own: only where the sign mark names its head, or where a new
  /// epoch goes on from it.
  /// - Returns: nil if there is no whole copy.
  /// - Throws: what the store throws.
  public static func adopt(
    of coalition: CoalitionID, membership: Membership, writer: any LedgerWriting
  ) throws -> HeadReference? {
    guard let staged = try writer.staged(of: coalition), staged.phase == .ready, let end = staged.end,
      membership.headAuthority(of: coalition) != nil
    else { return nil }
    try putInForce(staged, at: end, in: writer)
    try writer.savePrepared(nil)
    return end.reference
  }

  private static func putInForce(
    _ staged: StagedPosition, at end: Head, in writer: any LedgerWriting
  ) throws {
    var position = Position(coalition: staged.coalition)
    (position.digest, position.statements, position.liveBytes) = (
      staged.digest, staged.statements, staged.liveBytes
    )
    position.head = end.reference
    position.history = staged.history
    position.history.append(end.reference.hash)
    position.signedAt = planted(.copyForgetsTime) ? 0 : end.claims.signedAt
    position.roster = end.claims.roster
    try writer.swapStaged(to: position, at: end)
    try writer.saveHold(nil, of: staged.coalition)
  }
}

extension Snapshot.Input {
  fileprivate var begins: Bool { if case .begin = self { true } else { false } }
}
