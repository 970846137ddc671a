public import Alliance
public import Ledger
public import Signing
public import Wire

/// Making our own heads, in the order that makes a fork impossible: prepared and durable, read back and hashed again, the
/// sign mark synced (the mark is the decision), signed, published.
///
/// In bulk several consecutive heads are decided together, by one mark that names the last of them: rows with random
/// digests touch nearly every page of the store's index, once for 65,536 rows as for 4,096.
///
/// - `Author+Changes`: what is queued, as the changes of deltas
public struct Author: Sendable {
  /// How many full heads are decided together.
  public static let mostHeadsTogether = 8

  public let coalition: CoalitionID
  public let epoch: UInt32
  private let key: SigningKey
  private let deltaChanges: Int

  /// - Parameter deltaChanges: changes that fill a delta; fewer than the limit only to try much with little.
  public init(coalition: CoalitionID, epoch: UInt32, key: SigningKey, deltaChanges: Int = Limits.deltaChanges) {
    self.coalition = coalition
    self.epoch = epoch
    self.key = key
    self.deltaChanges = min(deltaChanges, Limits.deltaChanges)
  }

  /// What was published together.
  public struct Published: Sendable, Hashable {
    /// Ascending, at least one.
    public internal(set) var heads: [HeadReference] = []
    public internal(set) var changes = 0
    public internal(set) var removed: [StatementKey] = []
    /// Whether a head raised the floor to itself, so that deltas went that something was erased from.
    public internal(set) var raisedFloor = false
  }

  /// Turns queued changes into prepared heads and makes them durable. Rows are not touched yet.
  ///
  /// - Parameters:
  ///   - now: milliseconds since 1970; never signed below the previous head's time.
  ///   - random: returns the given number of fresh random bytes.
  /// - Returns: nil if nothing is queued that changes anything.
  /// - Throws: `Problem` `quota-exceeded` or `not-in-roster`, or what the store throws.
  public func prepare(
    in database: some LedgerDatabase, membership: Membership, now: UInt64, random: (Int) -> [UInt8]
  ) throws -> PreparedHeads? {
    do {
      return try prepare(Self.mostHeadsTogether, in: database, membership: membership, now: now, random: random)
    } catch let problem as Problem where problem.code == "quota-exceeded" {
      // As many heads as the quota has room for, one by one.
      return try prepare(1, in: database, membership: membership, now: now, random: random)
    }
  }

  private func prepare(
    _ most: Int, in database: some LedgerDatabase, membership: Membership, now: UInt64, random: (Int) -> [UInt8]
  ) throws -> PreparedHeads? {
    try database.write { writer in
      var position = try writer.position(of: coalition)
      var stored: [StatementKey: Row] = [:]
      let taken = try Self.changes(
        try writer.queue(limit: most * deltaChanges), mostDeltas: most, random: random,
        row: { key in
          let row = try writer.row(of: coalition, key: key)
          stored[key] = row
          return row
        })
      let erasures = try writer.erasures()
      let through = taken?.through ?? erasures.map(\.through).max() ?? 0
      let changes = taken?.0 ?? []
      let raisesFloor = try Self.raisesFloor(
        erasures, through: through, reader: writer, coalition: coalition, members: membership.roster.coalitions,
        now: now)
      // A new epoch is known to everyone only by its first head, so it is signed even if nothing has changed.
      let opens = position.head.map { $0.epoch < epoch } ?? false
      // An empty delta is legal, and made when nothing but the floor or the epoch changes.
      guard !changes.isEmpty || raisesFloor || opens else {
        if taken != nil { try writer.removeFromQueue(through: through) }
        return nil
      }
      var floor =
        try writer.signedHead(of: coalition).map { ($0.claims.floorEpoch, $0.claims.floorIndex) } ?? (epoch, 0)
      var heads: [PreparedHeads.One] = []
      for changes in changes.isEmpty ? [[]] : Self.deltas(changes, of: deltaChanges) {
        let delta = try Delta(nonce: random(Delta.nonceBytes), changes: changes)
        let (body, after) = try next(
          after: position, with: delta, floor: &floor, raisesFloor: raisesFloor && heads.isEmpty,
          membership: membership,
          now: now, reader: writer
        ) { stored[$0] }
        heads.append(PreparedHeads.One(body: body, delta: delta.bytes))
        position = after
      }
      let prepared = PreparedHeads(heads: heads, throughSequence: through)
      try writer.savePrepared(prepared)
      if planted(.queueClearedEarly) { try writer.removeFromQueue(through: through) }
      return prepared
    }
  }

  /// The body of the head that follows a position with a delta, and the position that it makes.
  private func next(
    after position: Position, with delta: Delta, floor: inout (UInt32, UInt64), raisesFloor: Bool,
    membership: Membership, now: UInt64, reader: any LedgerReading, row: (StatementKey) throws -> Row?
  ) throws -> ([UInt8], Position) {
    guard let authority = membership.headAuthority(of: coalition), let record = membership.record(of: coalition),
      let grant = authority.grants[membership.roster.number]
    else { throw Problem("not-in-roster", "this node's coalition is not in the roster", object: "\(coalition)") }
    var (after, _) = try position.effect(of: delta, row: row)
    guard after.statements <= grant.statements, after.liveBytes <= grant.liveBytes else {
      throw Problem(
        "quota-exceeded", "the roster allows \(grant.statements) statements and \(grant.liveBytes) bytes",
        object: "\(coalition)", next: "withdraw listings, or propose a larger quota")
    }
    let opens = position.head?.epoch != epoch
    if opens, let head = position.head {
      guard authority.epochs[epoch]?.continues == HeadAuthority.Continuation(head) else {
        throw Problem(
          "epoch-gap", "our newest epoch goes on from another head than the one that this store holds",
          object: "\(head)", next: "wait until our position is fetched from the peers, or vaka key rotate")
      }
    }
    let index = opens ? 0 : position.nextIndex
    // The oldest delta that is still served: never older than the head before it said.
    if raisesFloor {
      floor = (epoch, index)
    } else if index.isMultiple(of: DeltaWindow.headsBetween),
      let newest = DeltaWindow.floor(try reader.keptDeltas(of: coalition), liveBytes: after.liveBytes, now: now),
      newest > floor
    {
      floor = newest
    }
    let claims = HeadClaims(
      lowestReader: Head.lowestReader(for: delta),
      historyRoot: opens ? HistoryTree().root : position.history.root, deltaHash: delta.hash,
      deltaChanges: UInt32(delta.changes.count), deltaBytes: UInt32(delta.bytes.count),
      liveDigest: after.digest.hash, statements: after.statements, liveBytes: after.liveBytes,
      floorEpoch: floor.0, floorIndex: floor.1, roster: membership.roster.number, rosterHash: membership.roster.hash,
      recordHash: record.hash, signedAt: opens || planted(.signedAtFollowsClock) ? now : max(now, position.signedAt))
    let body = try Head.body(
      alliance: membership.alliance, coalition: coalition, epoch: epoch, index: index, claims: claims)
    after.adopt(try Head(SignedObject(type: .head, body: body, signatures: [])))
    return (body, after)
  }

  /// Reads the prepared heads back from the store and hashes them again, so that what is signed is what is on disk.
  /// - Returns: the last one's reference, for the sign mark.
  /// - Throws: `Problem` `prepared-differs` if the store gives back anything else.
  public func readBack(_ prepared: PreparedHeads, from database: some LedgerDatabase) throws -> HeadReference {
    guard let stored = try database.read({ try $0.preparedHeads() }), stored == prepared else {
      throw Problem(
        "prepared-differs", "the store gave back another head than was prepared; nothing was signed",
        object: "\(coalition)", next: "check the disk and the store (vaka doctor), then start again")
    }
    return try Self.reference(of: stored)
  }

  /// The name that the last of prepared heads will have.
  public static func reference(of prepared: PreparedHeads) throws -> HeadReference {
    var last: HeadReference?
    for one in prepared.heads {
      let head = try Head(SignedObject(type: .head, body: one.body, signatures: []))
      guard SignedType.delta.hash(of: one.delta) == head.claims.deltaHash else {
        throw Problem("prepared-differs", "a prepared delta is not the one that its prepared head names")
      }
      last = head.reference
    }
    guard let last else { throw Problem("prepared-differs", "the store holds a decision of no head") }
    return last
  }

  /// Signs prepared heads and publishes them: rows, heads, history and queue in one transaction. Call it only when the
  /// sign mark names the last of them.
  public func publish(
    _ prepared: PreparedHeads, in database: some LedgerDatabase, membership: Membership
  ) throws -> Published {
    guard let authority = membership.headAuthority(of: coalition) else {
      throw Problem("not-in-roster", "this node's coalition is not in the roster", object: "\(coalition)")
    }
    return try database.write { writer in
      var position = try writer.position(of: coalition)
      var published = Published()
      var floor: (epoch: UInt32, index: UInt64) = (0, 0)
      for one in prepared.heads {
        let head = try Head(SignedObject(type: .head, body: one.body, key: key))
        let (after, changes) = try position.applying(head, delta: one.delta, under: authority) { key in
          try writer.row(of: coalition, key: key)
        }
        try writer.write(changes, of: coalition)
        try writer.append(StoredEntry(head: head, delta: one.delta))
        floor = (head.claims.floorEpoch, head.claims.floorIndex)
        if head.raisesFloor { published.raisedFloor = true }
        position = after
        published.heads.append(head.reference)
        published.changes += Int(head.claims.deltaChanges)
        published.removed += changes.compactMap { if case .remove(let key) = $0 { key } else { nil } }
      }
      // No head's floor is below that of the head before it.
      try writer.dropDeltas(of: coalition, beforeEpoch: floor.epoch, index: floor.index)
      try writer.save(position)
      // What stopped a copy of our own position that was to lie beside it.
      if try writer.hold(of: coalition) != nil { try writer.saveHold(nil, of: coalition) }
      try writer.removeFromQueue(through: prepared.throughSequence)
      let erasures = try writer.erasures()
      if !erasures.isEmpty, let last = published.heads.last {
        try writer.save(
          Self.advance(
            erasures, through: prepared.throughSequence, floor: (floor.epoch, floor.index), last: last,
            at: position.signedAt))
      }
      try writer.savePrepared(nil)
      return published
    }
  }

  /// Signs a receipt for what this node has applied.
  public func receipt(
    alliance: ObjectHash, number: UInt64, signedAt: UInt64, entries: [Receipt.Entry]
  ) throws(Problem) -> Receipt {
    try Receipt.make(
      alliance: alliance, coalition: coalition, epoch: epoch, number: number, signedAt: signedAt, entries: entries,
      key: key)
  }

  /// Discards prepared heads that the sign mark does not name: their changes are still queued.
  public func discardPrepared(in database: some LedgerDatabase) throws {
    try database.write { writer in
      if planted(.requeueForgotten), let prepared = try writer.preparedHeads() {
        try writer.removeFromQueue(through: prepared.throughSequence)
      }
      try writer.savePrepared(nil)
    }
  }
}
