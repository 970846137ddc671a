internal import Indicators
internal import Keys
internal import Ledger
internal import Store
internal import SwiftProtobuf
internal import Wire

/// `vaka indicator renew`: our own listings were seen in use again, so they hold anew, by the rules under which one is
/// added.
public struct RenewIndicators: Sendable, Codable {
  public struct Renewed: Sendable, Codable {
    public let reference: String
    public let validUntil: String
  }

  public struct Refused: Sendable, Codable {
    public let reference: String
    public let code: String
    public let reason: String
  }

  /// Listings that hold longer now.
  public private(set) var renewed: [Renewed] = []
  /// Left as they are, and why; the others are renewed all the same.
  public private(set) var refused: [Refused] = []
  /// Said so already, or withdrawn meanwhile.
  public private(set) var unchanged = 0
  public private(set) var nodeRunning = false

  /// Which listings of ours.
  public enum Selection: Sendable {
    case references([String])
    /// Those whose last day is within so many days from today; not those past it.
    case expiring(days: UInt32)
  }

  /// As many as one submission carries.
  private static let batch = 10_000

  /// - Parameters:
  ///   - validUntil: nil for what is usual for the type.
  ///   - observedUntil: the last day on which it was seen in use; nil for today.
  ///   - now: milliseconds since 1970.
  /// - Throws: `Problem` as `Reference.resolve`, `not-ours`, or a rule's, if one reference alone was given; what the
  /// node says.
  public static func run(
    _ home: NodeHome, _ selection: Selection, validUntil: UInt32?, observedUntil: UInt32?, now: UInt64
  ) throws -> RenewIndicators {
    let renewal = try Renewal(home, validUntil: validUntil, observedUntil: observedUntil, now: now)
    var answer = RenewIndicators()
    var items: [(item: Submission.Item, until: String)] = []
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    try ledger.view { view in
      func renew(_ name: String, _ find: () throws -> (StatementKey, [UInt8])) throws {
        do {
          let (key, statement) = try find()
          items.append(try renewal.item(key, statement))
        } catch let problem as Problem {
          if case .references(let names) = selection, names.count == 1 { throw problem }
          answer.refused.append(Refused(reference: name, code: problem.code, reason: problem.what))
        }
      }
      switch selection {
      case .references(let names):
        for name in names { try renew(name) { try renewal.listing(name, in: view) } }
      case .expiring(let days):
        let last = renewal.today &+ days
        try view.eachStatement(of: home.coalition) { held in
          guard held.row.key.facet == .listing, let listing = try? WireListing(serializedBytes: held.row.statement),
            (renewal.today...max(renewal.today, last)).contains(listing.validUntil)
          else { return true }
          try renew(Reference.of(held.row)) { (held.row.key, held.row.statement) }
          return true
        }
      }
    }
    try ledger.close()
    guard !items.isEmpty else { return answer }
    let door = try NodeDoor(home)
    answer.nodeRunning = door.isRunning
    for start in stride(from: 0, to: items.count, by: batch) {
      let some = items[start..<min(start + batch, items.count)]
      answer.unchanged += try door.submit(Submission(items: some.map(\.item), renews: true)).unchanged
    }
    answer.renewed = items.map { item, until in
      let row = Row(key: item.key, salt: [], statement: item.statement ?? [])
      return Renewed(reference: Reference.of(row), validUntil: until)
    }
    return answer
  }
}

/// What a renewal says of one listing.
private struct Renewal {
  let today: UInt32
  private let home: NodeHome
  private let validUntil: UInt32?
  private let observedUntil: UInt32
  private let guards: PublishingGuard
  private let vault: VaultStore
  private let vaultKey: VaultKey

  init(_ home: NodeHome, validUntil: UInt32?, observedUntil: UInt32?, now: UInt64) throws {
    self.home = home
    today = Day.of(milliseconds: now)
    self.validUntil = validUntil
    self.observedUntil = observedUntil ?? today
    guards = try PublishingGuard(home, now: now)
    vault = try VaultStore.openReadOnly(home.folder.vault)
    vaultKey = try VaultKey(file: home.folder.vaultKey)
  }

  /// Our own listing that a reference names.
  func listing(_ reference: String, in view: LedgerView) throws -> (StatementKey, [UInt8]) {
    let digest = try Reference.resolve(reference, in: view)
    guard let key = try view.ownKey(.listing, on: digest, coalition: home.coalition),
      let row = try view.row(of: home.coalition, key: key), try view.lists(key, coalition: home.coalition)
    else {
      throw Problem(
        "not-ours", "\(home.coalition) does not list this; only its own coalition can renew a listing",
        object: reference, next: "see vaka indicator list")
    }
    return (key, row.statement)
  }

  func item(_ key: StatementKey, _ statement: [UInt8]) throws -> (Submission.Item, until: String) {
    guard var listing = try? WireListing(serializedBytes: statement),
      let type = IndicatorType(rawValue: UInt16(clamping: listing.type.rawValue))
    else {
      throw Problem("submission-malformed", "this version cannot read the listing", object: Reference.of(key))
    }
    try check(key, type)
    var template = ListingTemplate(listing)
    template.observedUntil = max(observedUntil, listing.observedUntil)
    template.validUntil = validUntil
    let hasGap = listing.validUntil < today
    let last = validUntil ?? today + Validity.standardDays(of: type)
    // It goes on from its first day while the type allows that; else, and after a gap, it begins anew as if it were
    // added.
    let goesOn = !hasGap && last - min(last, listing.validFrom) <= Validity.mostDays(of: type)
    template.validFrom = goesOn ? listing.validFrom : today
    template.validUntil = last
    try template.check(today: today)
    try template.checkValidity(of: type, today: today)
    (listing.validFrom, listing.validUntil) = (template.validFrom ?? today, last)
    listing.observedUntil = template.observedUntil ?? today
    return (.state(key, statement: try listing.serializedBytes()), Day.text(last))
  }

  /// The guards see the identifier where the vault has it.
  private func check(_ key: StatementKey, _ type: IndicatorType) throws {
    guard let digest = key.digest else { return }
    guard let sealed = try vault.sealed(key),
      let item = try? WireVaultItem(serializedBytes: vaultKey.open(sealed, for: key.bytes)),
      let indicator = try? Indicator.parse(item.value, as: type)
    else { return try guards.check(digest) }
    try guards.check(indicator, digests: [digest])
  }
}

extension ListingTemplate {
  /// What a listing says.
  init(_ listing: WireListing) {
    self.init(
      reason: listing.reason, provenance: listing.provenance, role: listing.role, handling: listing.handling,
      permittedAction: listing.permittedAction, confidence: listing.hasConfidence ? listing.confidence : nil,
      country: listing.country, caseReference: listing.caseReference, validFrom: listing.validFrom,
      validUntil: listing.validUntil)
    route = listing.route
    (sourceReliability, informationCredibility) = (listing.sourceReliability, listing.informationCredibility)
    observedFrom = listing.observedFrom == 0 ? nil : listing.observedFrom
    observedUntil = listing.observedUntil == 0 ? nil : listing.observedUntil
    group = Array(listing.group)
  }
}
