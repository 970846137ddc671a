internal import Audit
internal import Control
internal import Indicators
internal import Ledger
internal import Signing
public import Store
internal import SwiftProtobuf
public import Wire

/// `vaka quarantine list`: what is kept, hashed and relayed but counts in no verdict, and why.
public struct ListQuarantine: Sendable, Codable {
  public struct Count: Sendable, Codable {
    public let coalition: CoalitionID
    public let reason: String
    public var statements: Int
  }

  public struct One: Sendable, Codable {
    public let reference: String
    public let coalition: CoalitionID
    public let facet: String
    public let reason: String
  }

  /// By coalition and reason, the most first.
  public let counts: [Count]
  /// Newest first.
  public let statements: [One]
  public let more: Int

  public static func run(_ home: NodeHome, limit: Int) throws -> ListQuarantine {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    return try ledger.view { view in
      var counts: [[String]: Count] = [:]
      var (statements, all): ([One], Int) = ([], 0)
      try view.eachSetAside { held in
        let reason = held.quarantine?.rawValue ?? ""
        let place = [held.coalition.rawValue, reason]
        counts[place, default: Count(coalition: held.coalition, reason: reason, statements: 0)].statements += 1
        all += 1
        if statements.count < limit {
          statements.append(
            One(
              reference: Reference.of(held.row.key), coalition: held.coalition, facet: FacetName.of(held.row.key),
              reason: reason))
        }
        return true
      }
      return ListQuarantine(
        counts: counts.values.sorted {
          ($1.statements, $0.coalition, $0.reason) < ($0.statements, $1.coalition, $1.reason)
        },
        statements: statements, more: all - statements.count)
    }
  }
}

/// `vaka quarantine show`: what is set aside on one indicator, as far as this version can read it.
public struct ShowQuarantine: Sendable, Codable {
  public struct One: Sendable, Codable {
    public let coalition: CoalitionID
    public let facet: String
    public let reason: String
    /// What that means, for people.
    public let meaning: String
    public let bytes: Int
    /// The statement's own bytes, hexadecimal: it holds no identifier, only what is said.
    public let statement: String
  }

  public let reference: String
  public let digest: String
  public let statements: [One]

  /// - Throws: `Problem` `not-set-aside`, or as `Reference.resolve`.
  public static func run(_ home: NodeHome, reference: String) throws -> ShowQuarantine {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    return try ledger.view { view in
      let digest = try Reference.resolve(reference, in: view)
      let aside = try view.statements(on: digest).compactMap { held in
        held.quarantine.map { reason in
          One(
            coalition: held.coalition, facet: FacetName.of(held.row.key), reason: reason.rawValue,
            meaning: meaning(of: reason), bytes: held.row.statement.count,
            statement: Hexadecimal.encode(held.row.statement))
        }
      }
      guard !aside.isEmpty else {
        throw Problem(
          "not-set-aside", "nothing that is said of this is set aside", object: reference,
          next: "vaka indicator show \(reference)")
      }
      return ShowQuarantine(reference: Reference.of(digest), digest: digest.hex, statements: aside)
    }
  }

  static func meaning(of reason: QuarantineReason) -> String {
    switch reason {
    case .unknownKind: "a kind of statement that this version does not know; upgrade, and it is judged again"
    case .unknownValue: "a value that this version does not know; upgrade, and it is judged again"
    case .undecodable: "its bytes are no statement of its kind; tell its coalition"
    case .missingField: "something that must be said is not; tell its coalition"
    case .unsealedHandling: "it is for fewer than the whole alliance and not sealed; tell its coalition"
    case .badValidity: "its days are in the wrong order or too far apart; tell its coalition"
    case .badField: "a field has no value that it may have; tell its coalition"
    }
  }
}

/// `vaka quarantine replay`: everything that is set aside is judged again by this version's rules.
public struct ReplayQuarantine: Sendable, Codable {
  public let count: ReplayCount
  public let remaining: Int
  public let nodeRunning: Bool

  /// By the running node, or, with none running, here under the instance lease.
  public static func run(_ home: NodeHome) throws -> ReplayQuarantine {
    let lease: InstanceLease
    switch try HomeHolder.find(home) {
    case .node(let client): return try NodeCall.replay.ask(client, for: ReplayQuarantine.self, seconds: 600)
    case .us(let ours): lease = ours
    }
    let ledger = try LedgerStore.open(home.folder.ledger)
    defer {
      try? ledger.close()
      withExtendedLifetime(lease) {}
    }
    return try run(in: ledger, nodeRunning: false, audit: AuditTrail(home.folder))
  }

  public static func run(
    in ledger: LedgerStore, nodeRunning: Bool, audit: AuditTrail
  ) throws -> ReplayQuarantine {
    let aside = try ledger.view { try $0.indicatorCounts().quarantined }
    let count = try audit.during(AuditNote(.quarantineReplayed, count: aside)) { try ledger.replay() }
    return ReplayQuarantine(
      count: count, remaining: try ledger.view { try $0.indicatorCounts().quarantined }, nodeRunning: nodeRunning)
  }
}

enum FacetName {
  /// The number, where this version knows no name.
  static func of(_ key: StatementKey) -> String { key.facet.map { "\($0)" } ?? "\(key.bytes[0])" }
}
