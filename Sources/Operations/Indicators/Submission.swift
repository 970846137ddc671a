internal import Audit
internal import FoundationEssentials
internal import Indicators
public import Ledger
internal import Replication
public import Store
internal import SwiftProtobuf
public import Wire

/// Changes of our own on their way to the node: digests and statements, and for each listing its sealed plaintext for the
/// vault. No identifier in the clear goes over the control socket.
public struct Submission: Sendable {
  public struct Item: Sendable {
    public let key: StatementKey
    /// Nil withdraws.
    public let statement: [UInt8]?
    public let vault: [UInt8]?

    public static func list(_ key: StatementKey, statement: [UInt8], vault: [UInt8]) -> Item {
      Item(key: key, statement: statement, vault: vault)
    }

    /// A statement that brings no plaintext: a dispute, or what is said anew of a listing whose plaintext the vault has.
    public static func state(_ key: StatementKey, statement: [UInt8]) -> Item {
      Item(key: key, statement: statement, vault: nil)
    }

    public static func withdraw(_ key: StatementKey) -> Item { Item(key: key, statement: nil, vault: nil) }
  }

  public var items: [Item]
  /// Whether the listings replace what we list already; nothing is listed that was not.
  public var renews = false
  /// Whether what is withdrawn goes with every delta that spoke of it.
  public var erases = false

  public init(items: [Item], renews: Bool = false, erases: Bool = false) {
    self.items = items
    self.renews = renews
    self.erases = erases
  }

  /// - Throws: `Problem` `submission-malformed`.
  public init(bytes: [UInt8]) throws(Problem) {
    guard let wire = try? WireSubmission(serializedBytes: bytes) else {
      throw Problem("submission-malformed", "the submitted changes cannot be read")
    }
    let statements = wire.statements.map { Array($0) }
    var vault = wire.vault.makeIterator()
    var keys = Array(wire.keys)[...]
    items = []
    (renews, erases) = (wire.renews, wire.erases)
    items.reserveCapacity(wire.says.count)
    for number in wire.says {
      guard let key = StatementKey(keys.prefix(StatementKey.byteCount)), let facet = key.facet,
        facet.lists || facet == .dispute
      else {
        throw Problem("submission-malformed", "a submitted change has no key of a listing or dispute")
      }
      keys = keys.dropFirst(StatementKey.byteCount)
      if number == 0 {
        items.append(.withdraw(key))
      } else if number <= statements.count, key.facet == .dispute || renews {
        items.append(.state(key, statement: statements[Int(number) - 1]))
      } else if number <= statements.count, let sealed = vault.next() {
        items.append(.list(key, statement: statements[Int(number) - 1], vault: Array(sealed)))
      } else {
        throw Problem("submission-malformed", "a submitted listing has no statement or no sealed plaintext")
      }
    }
    guard keys.isEmpty, vault.next() == nil else {
      throw Problem("submission-malformed", "the submission holds more keys or sealed plaintexts than changes")
    }
  }

  public func bytes() throws(Problem) -> [UInt8] {
    var wire = WireSubmission()
    (wire.renews, wire.erases) = (renews, erases)
    var numbers: [[UInt8]: UInt32] = [:]
    wire.keys.reserveCapacity(items.count * StatementKey.byteCount)
    for item in items {
      wire.keys.append(contentsOf: item.key.bytes)
      guard let statement = item.statement else {
        wire.says.append(0)
        continue
      }
      if numbers[statement] == nil {
        wire.statements.append(Data(statement))
        numbers[statement] = UInt32(wire.statements.count)
      }
      wire.says.append(numbers[statement] ?? 0)
      if let vault = item.vault { wire.vault.append(Data(vault)) }
    }
    guard let bytes: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("submission-malformed", "the changes cannot be encoded")
    }
    return bytes
  }

  /// What became of each item, counted.
  public struct Answer: Sendable, Codable {
    /// Durable now, and signed with the next head.
    public var accepted = 0
    /// Listed by us already, or not listed and so nothing to withdraw.
    public var unchanged = 0
    /// The erasure that was begun, if one was asked for.
    public var erasure: Int64?
  }

  /// Writes down what is asked for, then makes the changes durable: the vault first, so that nothing is ever published whose
  /// plaintext is not kept.
  /// - Parameter now: milliseconds since 1970.
  /// - Throws: `Problem` `submission-malformed`, `audit-unwritable`, or what the store throws; nothing is queued then.
  public func accept(
    into ledger: LedgerStore, vault: VaultStore, coalition: CoalitionID, now: UInt64, audit: AuditTrail
  ) throws -> Answer {
    var answer = Answer()
    var changes: [QueuedChange.Content] = []
    var sealed: [(key: StatementKey, sealed: [UInt8])] = []
    var seen: Set<StatementKey> = []
    var accepted = 0
    var reader = PreviousKeyReader()
    try ledger.view { view in
      // In the order of the keys, so that neighbours share a page of the index.
      for item in items.sorted(by: { $0.key < $1.key }) {
        var key = item.key
        var isListed = try view.lists(key, coalition: coalition)
        if !isListed, let moved = try view.moved(key, coalition: coalition, isWithdrawn: item.statement == nil) {
          // It has gone to the newer hash key meanwhile, and is named by its digest under the older.
          guard item.statement == nil else {
            answer.unchanged += 1
            continue
          }
          (key, isListed) = (moved, true)
        }
        if !isListed, let statement = item.statement, let plaintext = item.vault,
          let before = reader.previousKey(of: key, statement),
          let standing = try view.standing(before, coalition: coalition)
        {
          // Listed under an older key. What the vault can re-hash moves by itself; what it has lost moves with this.
          guard try vault.sealed(standing) == nil, seen.insert(key).inserted else {
            answer.unchanged += 1
            continue
          }
          try check(statement, key)
          changes += [.put(key, statement: statement), .remove(standing)]
          sealed.append((key, plaintext))
          accepted += 1
          continue
        }
        // A dispute changes as it goes on; a listing stays what it was when it was made.
        let mayChange = (key.facet == .dispute || renews && isListed) && item.statement != nil
        let isFresh = key.facet == .dispute || !renews || item.statement == nil
        guard seen.insert(key).inserted, mayChange || isFresh && isListed == (item.statement == nil) else {
          answer.unchanged += 1
          continue
        }
        accepted += 1
        if let statement = item.statement {
          try check(statement, key)
          changes.append(.put(key, statement: statement))
          if let plaintext = item.vault { sealed.append((key, plaintext)) }
        } else {
          changes.append(.remove(key))
        }
      }
    }
    answer.accepted = accepted
    guard !changes.isEmpty || erases else { return answer }
    // An erasure leaves no name behind, of this entry or an earlier one.
    let references = erases ? try ledger.view { try names(of: items.map(\.key), in: $0, coalition) } : []
    let written = try audit.write(note(of: changes), forgetting: references)
    do {
      if !sealed.isEmpty { try vault.save(sealed) }
      answer.erasure = try ledger.transaction { transaction in
        try transaction.enqueue(changes)
        return erases ? try transaction.beginErasure(at: now) : nil
      }
    } catch {
      try audit.notDone(written, error)
      throw error
    }
    if erases { try forgetUnsigned(ledger, vault: vault, coalition: coalition) }
    return answer
  }

  /// All references that our listings have or had while a hash key was replaced.
  private func names(of keys: [StatementKey], in view: LedgerView, _ coalition: CoalitionID) throws -> [String] {
    try keys.flatMap { key in
      let moved = try view.moved(key, coalition: coalition, isWithdrawn: true)
      let before = try view.row(of: coalition, key: key)?.previous.map { Reference.of($0.digest) }
      return [Reference.of(key), moved.map { Reference.of($0) }, before].compactMap { $0 }
    }
  }

  /// What is written down of a batch.
  private func note(of changes: [QueuedChange.Content]) -> AuditNote {
    let keys = changes.map { change in
      switch change {
      case .put(let key, _), .remove(let key): key
      }
    }
    let act: AuditAct =
      if erases {
        .indicatorsErased
      } else if keys.contains(where: { $0.facet == .dispute }) {
        .indicatorsDisputed
      } else if items.allSatisfy({ $0.statement == nil }) {
        .indicatorsWithdrawn
      } else if renews {
        .indicatorsRenewed
      } else {
        keys.count == 1 ? .indicatorAdded : .indicatorsImported
      }
    let isFew = !erases && keys.count <= AuditName.most
    return AuditNote(act, count: keys.count, references: isFew ? keys.map { Reference.of($0) } : [])
  }

  /// What was queued and never signed is in no head that would tell the vault to forget it.
  private func forgetUnsigned(_ ledger: LedgerStore, vault: VaultStore, coalition: CoalitionID) throws {
    let keys = try ledger.view { view in
      try items.map(\.key).filter { try view.row(of: coalition, key: $0) == nil }
    }
    try vault.remove(keys)
  }

  private func check(_ statement: [UInt8], _ key: StatementKey) throws(Problem) {
    let row = Row(key: key, salt: [], statement: statement)
    guard statement.count <= Limits.statementBytes, ContentRule.reasonToQuarantine(row) == nil else {
      throw Problem("submission-malformed", "a submitted listing is not one that peers would count")
    }
  }
}

/// The keys that statements name before their own. Those of one import say the same, so the last answer is kept.
private struct PreviousKeyReader {
  private var last: (statement: [UInt8], previous: PreviousDigest?)?

  mutating func previousKey(of key: StatementKey, _ statement: [UInt8]) -> StatementKey? {
    guard let facet = key.facet else { return nil }
    let previous =
      if let last, last.statement == statement { last.previous } else {
        Row(key: key, salt: [], statement: statement).previous
      }
    last = (statement, previous)
    return previous.map { StatementKey(facet, $0.digest) }
  }
}

extension LedgerView {
  /// Where our statement went that stood under an older hash key, in the position or, if asked for, on its way there.
  fileprivate func moved(
    _ key: StatementKey, coalition: CoalitionID, isWithdrawn: Bool
  ) throws -> StatementKey? {
    if let moved = try successor(of: key, coalition: coalition) { return moved }
    return isWithdrawn ? try queuedSuccessor(of: key) : nil
  }

  /// Where we list what an older key names: under it, or under one between it and the newest, which names it as the digest before.
  fileprivate func standing(_ before: StatementKey, coalition: CoalitionID) throws -> StatementKey? {
    try lists(before, coalition: coalition) ? before : successor(of: before, coalition: coalition)
  }

  /// The key under which we make a statement that speaks of a digest, under whichever hash key; nil if we make none.
  func ownKey(_ facet: Facet, on digest: IndicatorDigest, coalition: CoalitionID) throws -> StatementKey? {
    let key = StatementKey(facet, digest)
    if try row(of: coalition, key: key) != nil || lists(key, coalition: coalition) {
      return try queuedSuccessor(of: key) ?? key
    }
    return try successor(of: key, coalition: coalition)
  }

  /// Whether we list a key once everything queued is signed.
  func lists(_ key: StatementKey, coalition: CoalitionID) throws -> Bool {
    if let queued = try queuedRemove(key) { return !queued }
    return try row(of: coalition, key: key) != nil
  }
}
