internal import Foundation
internal import Indicators
internal import Ledger
internal import Protected
internal import Store
internal import SwiftProtobuf
internal import Verdicts
public import Wire

/// `vaka guard list`: what this node protects, what its operator allows, and which held listings meet a guard.
public struct ListGuards: Sendable, Codable {
  public struct Count: Sendable, Codable {
    public let category: String
    public let shipped: Int
    public let own: Int
  }

  /// An exception, without its value.
  public struct Allowed: Sendable, Codable {
    public let reference: String
    public let type: String
    /// Of the entry that protects it; nil if none does any more.
    public let category: String?
    public let source: String?
    public let reason: AllowReason
    public let caseReference: String
    public let day: String
    public let wholeEntry: Bool
  }

  /// A listing that somebody stated of what this node protects or holds.
  public struct Met: Sendable, Codable {
    public let reference: String
    public let coalitions: [CoalitionID]
    public let type: String
    public let guardedBy: GuardNote
  }

  /// An indicator that matched too much.
  public struct Held: Sendable, Codable {
    public let reference: String
    public let rows: UInt64
    public let screened: UInt64
    public let since: String
    /// The day on which the operator let it count again.
    public let released: String?
  }

  public let shipped: Int
  /// The day of the newest note in the shipped list.
  public let shippedNoted: String
  public let own: Int
  /// The day on which the own list was imported last.
  public let ownImported: String?
  public let categories: [Count]
  public let allowed: [Allowed]
  /// What the hit-rate guard holds or held.
  public let held: [Held]
  /// Only when asked for.
  public let met: [Met]?

  /// - Parameters:
  ///   - met: whether to look up which held listings meet a guard.
  ///   - today: UTC days since 1970.
  /// - Throws: `Problem` if the home lacks an alliance or a key, or what the store says.
  public static func run(_ home: NodeHome, met: Bool, today: UInt32) throws -> ListGuards {
    let shipped = NeverList.shipped.entries
    let own = try OwnNeverList.read(home.folder).entries
    func counts(_ entries: [NeverListEntry]) -> [NeverListEntry.Category: Int] {
      Dictionary(grouping: entries, by: \.category).mapValues(\.count)
    }
    let (ofShipped, ofOwn) = (counts(shipped), counts(own))
    return ListGuards(
      shipped: shipped.count, shippedNoted: shipped.map(\.noted).max() ?? "", own: own.count,
      ownImported: imported(home.folder.neverList),
      categories: NeverListEntry.Category.allCases.compactMap { category in
        let count = Count(
          category: category.rawValue, shipped: ofShipped[category] ?? 0, own: ofOwn[category] ?? 0)
        return count.shipped + count.own > 0 ? count : nil
      },
      allowed: try allowed(home, today), held: try HitRate.holds(in: home.folder).map(Held.init),
      met: met ? try self.met(Guards(home, today: today), home) : nil)
  }

  private static func imported(_ path: String) -> String? {
    guard let date = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date else {
      return nil
    }
    return Day.text(Day.of(milliseconds: UInt64(max(date.timeIntervalSince1970, 0) * 1_000)))
  }

  private static func allowed(_ home: NodeHome, _ today: UInt32) throws -> [Allowed] {
    guard let function = try home.openHashKeys(on: today).functions.first else { return [] }
    return try AllowedIdentifiers(home.folder).all.map { indicator, record in
      let entry = NeverList.shipped.entry(protecting: indicator)
      return Allowed(
        reference: Reference.of(function.digest(of: indicator)), type: indicator.type.name,
        category: entry?.category.rawValue, source: entry?.source, reason: record.reason,
        caseReference: record.caseReference, day: record.day, wholeEntry: entry?.indicator == indicator)
    }
  }

  private static func met(_ guards: Guards, _ home: NodeHome) throws -> [Met] {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    return try ledger.view { view in
      try guards.findings.compactMap { digest, finding in
        let listings = try view.statements(on: digest).filter { $0.row.key.facet == .listing }
        guard let first = listings.first else { return nil }
        let type = (try? WireListing(serializedBytes: first.row.statement)).map { CodeName.of($0.type) }
        return Met(
          reference: Reference.of(digest), coalitions: listings.map(\.coalition), type: type ?? "",
          guardedBy: GuardNote(finding))
      }
    }
  }
}

extension ListGuards.Held {
  init(_ held: HeldIndicator) {
    self.init(
      reference: Reference.of(held.digest), rows: held.rows, screened: held.screened,
      since: Day.text(Day.of(milliseconds: held.since)),
      released: held.releasedAt.map { Day.text(Day.of(milliseconds: $0)) })
  }
}
