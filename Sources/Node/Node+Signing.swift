internal import Alliance
internal import Keys
internal import Ledger
internal import Logging
internal import Operations
internal import Replication
internal import Store
internal import Wire

extension Node {
  /// Heads follow each other no faster than this, in milliseconds, unless a full delta waits.
  private static let signingPause: UInt64 = 200
  private static let retryPause: UInt64 = 5_000

  /// Signs what is queued: at once if nothing was signed just before, else at the next boundary or with a full delta.
  func signWhatIsDue() {
    guard hasQueue || erasures.needHead, gate.isOpen, let author else { return }
    let now = Self.pace()
    if let (_, retryAt) = signingProblem, now < retryAt { return }
    do {
      let queued = try ledger.read { try $0.queueCount() }
      hasQueue = queued > 0 || opensEpoch
      guard hasQueue || erasures.needHead, now >= lastSignedAt + Self.signingPause || queued >= Limits.deltaChanges
      else { return }
      lastSignedAt = now
      try sign(now: Self.milliseconds(), by: author)
      opensEpoch = false
      erasures.needHead = false
      signingProblem = nil
    } catch {
      let problem = error as? Problem ?? (error as? Fault)?.problem ?? Problem("signing-failed", "\(error)")
      signingProblem = (problem, now + Self.retryPause)
      logger.error(
        "our changes could not be signed", metadata: ["vaka.code": "\(problem.code)", "vaka.reason": "\(problem.what)"])
    }
  }

  private func sign(now: UInt64, by author: Author) throws {
    let current = try mark ?? remakeMark()
    guard
      let prepared = try author.prepare(
        in: ledger, membership: membership, now: now, random: { FreshKeys.bytes($0) })
    else { return }
    let decided = try author.readBack(prepared, from: ledger)
    mark = try current.advance(to: decided, at: home.folder.signMark, alliance: membership.alliance)
    let published = try author.publish(prepared, in: ledger, membership: membership)
    try forget(published.removed)
    if published.raisedFloor { noteErased() }
    traffic.applied(published.heads.count, changes: published.changes, of: author.coalition)
    for head in published.heads {
      noteApplied(head)
      logger.info("signed a head", metadata: ["vaka.head": "\(head)"])
    }
  }

  /// A mark for the head that we hold, after all peers have shown that they know no later one.
  private func remakeMark() throws -> SignMark {
    let head = try ledger.read { try $0.position(of: home.coalition).head }
    return try SignMark.replacing(
      decision: head.map(SignMark.Decision.init), at: home.folder.signMark, alliance: membership.alliance)
  }

  /// The vault forgets what is withdrawn, once the head that says so is signed, unless it was listed again meanwhile.
  private func forget(_ removed: [StatementKey]) throws {
    guard !removed.isEmpty else { return }
    let gone = try ledger.view { view in try removed.filter { try view.queuedRemove($0) == nil } }
    try vault.remove(gone)
  }

  /// Tells everyone who waits, and the puller, that a head is applied and durable.
  /// - Parameter isWholePosition: it came as a copy, and not as the changes since the head before.
  func noteApplied(_ head: HeadReference, isWholePosition: Bool = false) {
    let now = Self.milliseconds()
    if isWholePosition {
      desk.noteGap()
      late.catchUp(at: now)
    } else {
      late.noteListed(desk.follow(head), at: now)
    }
    let paced = Self.pace()
    var recent = appliedAt[head.coalition, default: []]
    recent.append((head, paced))
    // Older heads than the last settled one are never asked for again.
    if let settled = recent.lastIndex(where: { $0.at + Agreement.settling <= paced }) { recent.removeFirst(settled) }
    appliedAt[head.coalition] = recent
    announcements.headCommitted(of: head.coalition)
    counter.noteChange()
    receiptDue = min(receiptDue, paced + Self.receiptPause)
    feed(.applied(head))
  }
}
