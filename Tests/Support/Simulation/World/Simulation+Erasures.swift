internal import Ledger
internal import Replication
internal import Seeded
internal import Wire

/// A listing that comes, and is then erased: when its node shows it as erased, no disk holds any of it.
extension Simulation {
  func list(toBeErasedBy node: SimulatedNode) throws -> Bool {
    guard isOrdinary(node), let key = StatementKey([Facet.listing.rawValue] + random.bytes(32)) else { return false }
    try enqueue(.put(key, random.bytes(40)), node)
    toErase[node.index, default: []].append(key)
    planDue(node)
    return true
  }

  /// - Returns: false if it must be tried again.
  func erase(_ node: SimulatedNode) throws -> Bool {
    guard let key = toErase[node.index]?.first else { return true }
    guard node.isUp, !node.disk.isFull, clone?.coalition != node.coalition, node.lastGood == nil else { return false }
    toErase[node.index]?.removeFirst()
    try erase(key, node)
    return true
  }

  func erase(_ key: StatementKey, _ node: SimulatedNode) throws {
    let row = node.disk.state.rows[node.coalition]?[key]
    let wall = node.clock.wall(at: now)
    let id = try node.disk.write { writer in
      try writer.enqueue([.remove(key)])
      return try writer.beginErasure(at: wall)
    }
    truth.acknowledge(.remove(key), of: node.coalition, at: now)
    truth.erasures[node.coalition, default: [:]][id] = .init(
      key: key, salt: row?.salt, statement: row?.statement, at: now)
    node.process?.erasuresDue = now
    trace.note("\(node.coalition) erases", at: now)
    planDue(node)
  }

  func settleErasures(_ node: SimulatedNode) throws {
    guard node.hasOpenErasures, let due = node.process?.erasuresDue, due <= now else { return }
    node.process?.erasuresDue = now + 2_000
    let before = node.disk.state.erasures
    do {
      let (needsHead, _) = try node.author.settleErasures(
        in: node.disk, membership: node.membership, now: node.clock.wall(at: now))
      node.process?.needsHead = needsHead
    } catch let problem as Problem where problem.code == "disk-full" {
      node.process?.erasuresDue = now + SimulatedNode.retryPause
    }
    for erasure in node.disk.state.erasures where erasure.step == .erased && !before.contains(erasure) {
      trace.note("\(node.coalition) shows erasure \(erasure.id) as erased", at: now)
      report.erasures += 1
      if let listing = truth.erasures[node.coalition]?[erasure.id] { try checkGone(listing, of: node.coalition) }
    }
  }

  private func checkGone(_ listing: Truth.ErasedListing, of coalition: CoalitionID) throws {
    // Of two machines one may have erased what the other still lists; a restored disk is behind until it has caught up.
    guard !truth.mayFork.contains(coalition) else { return }
    // A receipt of a coalition that has two machines speaks for one of them.
    for node in nodes where node.setBackAt < listing.at && (clone?.isUp != true || clone?.coalition != node.coalition) {
      guard let place = node.disk.state.remains(of: listing, coalition) else { continue }
      throw Report.Violation(
        check: .nothingRemains, what: "\(node.coalition) still has in its \(place) what \(coalition) erased")
    }
  }
}

extension LedgerState {
  /// Where something is that tells of the listing; nil: nowhere.
  fileprivate func remains(of listing: Truth.ErasedListing, _ coalition: CoalitionID) -> String? {
    let digest = Array(listing.key.bytes.dropFirst())
    func tells(_ row: Row) -> Bool {
      row.key == listing.key || row.salt == listing.salt || row.statement == listing.statement
    }
    func tells(_ bytes: [UInt8]) -> Bool {
      [digest, listing.salt, listing.statement].contains { $0.map { bytes.holds($0) } ?? false }
    }
    if rows[coalition]?.all.contains(where: tells) ?? false { return "rows" }
    if copiedRows[coalition]?.all.contains(where: tells) ?? false { return "copy" }
    if heads[coalition]?.contains(where: { tells($0.delta) }) ?? false { return "deltas" }
    if prepared?.heads.contains(where: { tells($0.delta) }) ?? false { return "prepared heads" }
    if heldRemovals[coalition]?.contains(listing.key) ?? false { return "held removals" }
    if queue.contains(where: { $0.content.key == listing.key }) { return "queue" }
    return nil
  }
}

extension [UInt8] {
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    guard let first = part.first, count >= part.count else { return false }
    return (0...(count - part.count)).contains { self[$0] == first && self[$0..<($0 + part.count)] == part[...] }
  }
}
