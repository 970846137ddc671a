internal import Alliance
internal import Control
internal import Indicators
internal import Ledger
internal import Store
internal import SwiftProtobuf
public import Wire

/// One listing as `list` and `show` print it.
public struct ListedIndicator: Sendable, Codable {
  public let reference: String
  public let coalition: CoalitionID
  public let type: String
  public let reason: String
  public let role: String
  public let provenance: String
  public let handling: String
  public let validFrom: String
  public let validUntil: String
  public let confidence: UInt32?
  public let caseReference: String?
  public let permittedAction: String?
  public let route: String?
  public let country: String?
  /// On the Admiralty scale, such as B2.
  public let sourceGrade: String?
  public let observedFrom: String?
  public let observedUntil: String?
  public let group: String?
  /// The hash key that made its digest.
  public let hashKey: UInt32
  /// `held`, `queued`, `leaving`, or the reason why it is in quarantine.
  public let state: String

  init?(_ held: HeldStatement, state: String = "held") {
    guard let listing = held.row.listing else { return nil }
    reference = Reference.of(held.row)
    hashKey = listing.keyEpoch
    coalition = held.coalition
    type = CodeName.of(listing.type)
    reason = CodeName.of(listing.reason)
    role = CodeName.of(listing.role)
    provenance = CodeName.of(listing.provenance)
    handling = CodeName.of(listing.handling)
    validFrom = Day.text(listing.validFrom)
    validUntil = Day.text(listing.validUntil)
    confidence = listing.hasConfidence ? listing.confidence : nil
    caseReference = listing.caseReference.isEmpty ? nil : listing.caseReference
    func some(_ text: String) -> String? { text.isEmpty ? nil : text }
    permittedAction = listing.permittedAction == .unspecified ? nil : CodeName.of(listing.permittedAction)
    route = listing.route == .unspecified ? nil : CodeName.of(listing.route)
    country = some(listing.country)
    sourceGrade = some(SourceGrade.text(listing))
    observedFrom = listing.observedFrom == 0 ? nil : Day.text(listing.observedFrom)
    observedUntil = listing.observedUntil == 0 ? nil : Day.text(listing.observedUntil)
    group = some(OperationGroup.text(listing.group))
    self.state = held.quarantine.map { "quarantined: \($0.rawValue)" } ?? (held.isForked ? "forked" : state)
  }
}

/// `vaka indicator list`: what we, or another coalition, have said.
public struct ListIndicators: Sendable, Codable {
  public let listings: [ListedIndicator]
  /// More than are shown.
  public let more: Int
  /// Past their last day by the local clock, and so not shown.
  public let past: Int
  /// Our own changes that no head has signed yet.
  public let queued: Int
  /// Erasures under way, and those that ended in the last 30 days.
  public let erasures: [ErasureProgress]

  /// Which listings are asked for; UTC days since 1970, both inclusive.
  public struct Filter: Sendable {
    public var coalition: CoalitionID?
    /// Those whose last day is not after this one.
    public var expiringBy: UInt32?
    /// Those that began, or were last seen in use, on this day or later.
    public var since: UInt32?
    /// Only those that are past their last day.
    public var past = false
    /// Only ours that stand under another hash key than the newest.
    public var oldKey = false

    public init(coalition: CoalitionID?) { self.coalition = coalition }

    fileprivate func takes(_ listing: WireListing) -> Bool {
      if let expiringBy, listing.validUntil > expiringBy { return false }
      if let since, max(listing.validFrom, listing.observedUntil) < since { return false }
      return true
    }
  }

  /// - Parameter today: UTC days since 1970.
  public static func run(
    _ home: NodeHome, _ filter: Filter, limit: Int, today: UInt32
  ) throws -> ListIndicators {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    let vault = filter.oldKey ? try VaultStore.openReadOnly(home.folder.vault) : nil
    defer { try? vault?.close() }
    let newest = home.membership?.roster.hashKeys.last?.keyEpoch ?? 1
    return try ledger.view { view in
      var listings: [ListedIndicator] = []
      var (count, past) = (0, 0)
      try view.eachStatement(of: filter.coalition) { held in
        guard held.row.key.facet?.lists == true else { return true }
        if let listing = held.row.listing {
          guard filter.takes(listing), !filter.oldKey || listing.keyEpoch < newest else { return true }
          if (listing.validUntil < today) != filter.past {
            past += filter.past ? 0 : 1
            return true
          }
        }
        count += 1
        guard listings.count < limit else { return true }
        let isLost = try vault.map { try $0.sealed(held.row.key) == nil } ?? false
        if let listing = ListedIndicator(held, state: isLost ? "not in the vault" : "held") { listings.append(listing) }
        return true
      }
      return ListIndicators(
        listings: listings, more: count - listings.count, past: past, queued: try view.queueCount(),
        erasures: try ErasureProgress.all(view, home.coalition, home.membership?.roster.coalitions ?? []))
    }
  }
}
