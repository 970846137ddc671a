public import Foundation
public import Ledger
internal import Replication
public import Store
public import Wire

/// Changes of our own on their way to the node: digests and statements, and for each listing its sealed plaintext for the
/// vault. No identifier in the clear goes over the control socket.
public struct Submission: Sendable, Codable {
  public struct Item: Sendable, Codable {
    /// 33 bytes.
    public let key: Data
    /// Nil withdraws.
    public let statement: Data?
    public let vault: Data?

    public static func list(_ key: StatementKey, statement: [UInt8], vault: [UInt8]) -> Item {
      Item(key: Data(key.bytes), statement: Data(statement), vault: Data(vault))
    }

    public static func withdraw(_ key: StatementKey) -> Item {
      Item(key: Data(key.bytes), statement: nil, vault: nil)
    }
  }

  public var items: [Item]

  public init(items: [Item]) { self.items = items }

  /// What became of each item, counted.
  public struct Answer: Sendable, Codable {
    /// Durable now, and signed with the next head.
    public var accepted = 0
    /// Listed by us already, or not listed and so nothing to withdraw.
    public var unchanged = 0
  }

  /// Makes the changes durable: the vault first, so that nothing is ever published whose plaintext is not kept.
  /// - Throws: `Problem` `submission-malformed`, or what the store throws; nothing is queued then.
  public func accept(into ledger: LedgerStore, vault: VaultStore, coalition: CoalitionID) throws -> Answer {
    var answer = Answer()
    var changes: [QueuedChange.Content] = []
    var sealed: [(key: StatementKey, sealed: [UInt8])] = []
    var seen: Set<StatementKey> = []
    try ledger.view { view in
      for item in items {
        guard let key = StatementKey(item.key), key.facet == .listing else {
          throw Problem("submission-malformed", "a submitted change has no listing's key")
        }
        let isListed = try view.lists(key, coalition: coalition)
        guard seen.insert(key).inserted, isListed == (item.statement == nil) else {
          answer.unchanged += 1
          continue
        }
        if let statement = item.statement.map({ Array($0) }), let plaintext = item.vault {
          try check(statement, key)
          changes.append(.put(key, statement: statement))
          sealed.append((key, Array(plaintext)))
        } else {
          changes.append(.remove(key))
        }
      }
    }
    answer.accepted = changes.count
    guard !changes.isEmpty else { return answer }
    if !sealed.isEmpty { try vault.save(sealed) }
    try ledger.transaction { try $0.enqueue(changes) }
    return answer
  }

  private func check(_ statement: [UInt8], _ key: StatementKey) throws(Problem) {
    let row = Row(key: key, salt: [], statement: statement)
    guard statement.count <= Limits.statementBytes, ContentRule.reasonToQuarantine(row) == nil else {
      throw Problem("submission-malformed", "a submitted listing is not one that peers would count")
    }
  }
}

extension LedgerView {
  /// Whether we list a key once everything queued is signed.
  func lists(_ key: StatementKey, coalition: CoalitionID) throws -> Bool {
    if let queued = try isQueued(key) { return !queued.isRemove }
    return try row(of: coalition, key: key) != nil
  }
}
