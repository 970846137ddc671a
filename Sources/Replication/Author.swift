public import Alliance
public import Ledger
public import Signing
public import Wire

/// Making our own heads, in the order that makes a fork impossible: prepared and durable, read back and hashed again, the
/// sign mark synced (the mark is the decision), signed, published.
public struct Author: Sendable {
  public let coalition: CoalitionID
  public let epoch: UInt32
  private let key: SigningKey

  public init(coalition: CoalitionID, epoch: UInt32, key: SigningKey) {
    self.coalition = coalition
    self.epoch = epoch
    self.key = key
  }

  /// Turns queued changes into a prepared head and makes it durable. Rows are not touched yet.
  ///
  /// - Parameters:
  ///   - now: milliseconds since 1970; never signed below the previous head's time.
  ///   - random: returns the given number of fresh random bytes.
  /// - Returns: nil if nothing is queued that changes anything.
  /// - Throws: `Problem` `quota-exceeded` or `not-in-roster`, or what the store throws.
  public func prepare(
    in database: some LedgerDatabase, membership: Membership, now: UInt64, random: (Int) -> [UInt8]
  ) throws -> PreparedHead? {
    guard let authority = membership.headAuthority(of: coalition), let record = membership.record(of: coalition),
      let grant = authority.grants[membership.roster.number]
    else { throw Problem("not-in-roster", "this node's coalition is not in the roster", object: "\(coalition)") }
    return try database.write { writer in
      let queued = try writer.queue(limit: Limits.deltaChanges)
      let position = try writer.position(of: coalition)
      var stored: [StatementKey: Row] = [:]
      guard
        let (changes, through) = try Self.changes(
          queued, salts: random,
          row: { key in
            let row = try writer.row(of: coalition, key: key)
            stored[key] = row
            return row
          })
      else { return nil }
      guard !changes.isEmpty else {
        try writer.removeFromQueue(through: through)
        return nil
      }
      let delta = try Delta(nonce: random(Delta.nonceBytes), changes: changes)
      let (after, _) = try position.effect(of: delta) { stored[$0] }
      guard after.statements <= grant.statements, after.liveBytes <= grant.liveBytes else {
        throw Problem(
          "quota-exceeded", "the roster allows \(grant.statements) statements and \(grant.liveBytes) bytes",
          object: "\(coalition)", next: "withdraw listings, or propose a larger quota")
      }
      let opens = position.head?.epoch != epoch
      let index = opens ? 0 : position.nextIndex
      let floor = try floor(for: index, after.liveBytes, now: now, writer)
      let claims = HeadClaims(
        historyRoot: opens ? HistoryTree().root : position.history.root, deltaHash: delta.hash,
        deltaChanges: UInt32(delta.changes.count), deltaBytes: UInt32(delta.bytes.count),
        liveDigest: after.digest.hash, statements: after.statements, liveBytes: after.liveBytes,
        floorEpoch: floor.epoch,
        floorIndex: floor.index, roster: membership.roster.number, rosterHash: membership.roster.hash,
        recordHash: record.hash,
        signedAt: opens ? now : max(now, position.signedAt))
      let body = try Head.body(
        alliance: membership.alliance, coalition: coalition, epoch: epoch, index: index, claims: claims)
      let prepared = PreparedHead(body: body, delta: delta.bytes, throughSequence: through)
      try writer.savePrepared(prepared)
      return prepared
    }
  }

  /// The oldest delta that this head says is still served: never older than the head before it said.
  private func floor(
    for index: UInt64, _ liveBytes: UInt64, now: UInt64, _ reader: any LedgerReading
  ) throws -> (epoch: UInt32, index: UInt64) {
    guard let last = try reader.signedHead(of: coalition)?.claims else { return (epoch, 0) }
    let before = (epoch: last.floorEpoch, index: last.floorIndex)
    guard index.isMultiple(of: DeltaWindow.headsBetween) else { return before }
    let floor = DeltaWindow.floor(try reader.keptDeltas(of: coalition), liveBytes: liveBytes, now: now)
    guard let floor, floor > before else { return before }
    return floor
  }

  /// Reads the prepared head back from the store and hashes it again, so that what is signed is what is on disk.
  /// - Returns: its reference, for the sign mark.
  /// - Throws: `Problem` `prepared-differs` if the store gives back anything else.
  public func readBack(_ prepared: PreparedHead, from database: some LedgerDatabase) throws -> HeadReference {
    guard let stored = try database.read({ try $0.preparedHead() }), stored == prepared else {
      throw Problem(
        "prepared-differs", "the store gave back another head than was prepared; nothing was signed",
        object: "\(coalition)", next: "check the disk and the store (vaka doctor), then start again")
    }
    return try Self.reference(of: stored)
  }

  /// The name that a prepared head will have.
  public static func reference(of prepared: PreparedHead) throws -> HeadReference {
    let head = try Head(SignedObject(type: .head, body: prepared.body, signatures: []))
    guard SignedType.delta.hash(of: prepared.delta) == head.claims.deltaHash else {
      throw Problem("prepared-differs", "the prepared delta is not the one that the prepared head names")
    }
    return head.reference
  }

  /// Signs a prepared head and publishes it: rows, head, history and queue in one transaction. Call it only when the
  /// sign mark names this head.
  public func publish(
    _ prepared: PreparedHead, in database: some LedgerDatabase, membership: Membership
  ) throws -> HeadReference {
    guard let authority = membership.headAuthority(of: coalition) else {
      throw Problem("not-in-roster", "this node's coalition is not in the roster", object: "\(coalition)")
    }
    let head = try Head(SignedObject(type: .head, body: prepared.body, key: key))
    return try database.write { writer in
      let position = try writer.position(of: coalition)
      let (after, changes) = try position.applying(head, delta: prepared.delta, under: authority) { key in
        try writer.row(of: coalition, key: key)
      }
      try writer.write(changes, of: coalition)
      try writer.append(StoredEntry(head: head, delta: prepared.delta))
      try writer.dropDeltas(of: coalition, beforeEpoch: head.claims.floorEpoch, index: head.claims.floorIndex)
      try writer.save(after)
      try writer.removeFromQueue(through: prepared.throughSequence)
      try writer.savePrepared(nil)
      return head.reference
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

  /// Discards a prepared head that the sign mark does not name: its changes are still queued.
  public func discardPrepared(in database: some LedgerDatabase) throws {
    try database.write { try $0.savePrepared(nil) }
  }

  /// As many queued changes as fit in one delta, the last one of each key, sorted by key; and the sequence they end at.
  /// Changes that change nothing are left out. Nil if nothing is queued.
  private static func changes(
    _ queued: [QueuedChange], salts: (Int) -> [UInt8], row: (StatementKey) throws -> Row?
  ) throws -> ([Change], through: Int64)? {
    var last: [StatementKey: QueuedChange.Content] = [:]
    var bytes = Delta.nonceBytes + 2
    var through: Int64?
    for change in queued {
      let size =
        switch change.content {
        case .put(let key, let statement):
          Change.put(Row(key: key, salt: salts(0), statement: statement)).encodedBytes + 18
        case .remove(let key): Change.remove(key).encodedBytes
        }
      guard bytes + size <= Limits.deltaBytes else { break }
      bytes += size
      last[change.content.key] = change.content
      through = change.sequence
    }
    guard let through else { return nil }
    let random = salts(last.count * Row.saltBytes)
    var changes: [Change] = []
    for (number, (key, content)) in last.sorted(by: { $0.key < $1.key }).enumerated() {
      let stored = try row(key)
      switch content {
      case .put(_, let statement):
        if stored?.statement == statement { continue }
        let salt = Array(random[(number * Row.saltBytes)..<((number + 1) * Row.saltBytes)])
        changes.append(.put(Row(key: key, salt: salt, statement: statement)))
      case .remove:
        if stored != nil { changes.append(.remove(key)) }
      }
    }
    return (changes, through)
  }
}
