internal import Alliance
internal import Audit
internal import Formats
internal import Indicators
internal import Keys
internal import Ledger
internal import Signing
internal import Store
internal import SwiftProtobuf
internal import Verdicts
internal import Wire

/// `vaka indicator export`: our own listings, or the merged view of all coalitions', one after the other as they stand in the ledger.
///
/// What is not signed yet is not in it, nor what is past its last day. Plaintext is taken from the vault only when it is asked for, and is only ever ours.
public struct ExportIndicators: Sendable {
  public enum Form: String, CaseIterable, Sendable { case csv, stix, misp }

  public struct Answer: Sendable, Codable {
    public var form: String
    public var merged: Bool
    public var indicators = 0
    /// Of those, the ones with their plaintext.
    public var revealed = 0
    /// Changes of ours that no head has signed yet.
    public var queued = 0
  }

  private let home: NodeHome
  private let form: Form
  private let isMerged: Bool
  private let reveals: Bool

  public init(_ home: NodeHome, form: Form, merged: Bool, reveal: Bool) {
    self.home = home
    self.form = form
    isMerged = merged
    reveals = reveal
  }

  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - toFile: whether the file has its name only after this returns; else its bytes are out, and nobody knows their hash.
  ///   - write: given piece after piece of the file.
  ///   - wrote: told how many indicators are written, and of how many, where that is known.
  /// - Throws: `Problem` `no-alliance`, or what the store, the vault and `write` say.
  public func run(
    now: UInt64, toFile: Bool, write: ([UInt8]) throws -> Void,
    wrote: (_ done: Int, _ of: Int?) throws -> Void = { _, _ in }
  ) throws -> Answer {
    let membership = try home.requireMembership()
    let audit = AuditTrail(home.folder)
    let what = "\(form.rawValue), \(isMerged ? "merged" : "ours")\(reveals ? ", in the clear" : "")"
    if !toFile { try audit.write(AuditNote(.indicatorsExported, on: "\(what), to standard output")) }
    var hash = RunningHash()
    func put(_ bytes: [UInt8]) throws {
      hash.take(bytes)
      try write(bytes)
    }
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    let plaintext = reveals ? try VaultReader(home) : nil
    defer { plaintext?.close() }
    let policy = try PolicyFile.read(home.folder)
    let today = Day.of(milliseconds: now)
    let guards = try Guards(home, today: today)
    let openKeys = Set(membership.roster.openHashKeys(on: today))
    return try ledger.view { view in
      let heads = isMerged ? membership.roster.coalitions : [home.coalition]
      var updated = try heads.map { try view.position(of: $0).signedAt }.max() ?? 0
      // A verdict may be another one every day.
      if isMerged { updated = max(updated, UInt64(today) * 86_400_000) }
      let scope = ExportScope(
        isMerged: isMerged, alliance: Hexadecimal.encode(membership.alliance.bytes), coalition: home.coalition.rawValue,
        name: home.card.record.name, updated: updated)
      let count = isMerged ? nil : Int(clamping: try view.position(of: home.coalition).statements)
      var writer = Self.writer(form, scope, reveals)
      var answer = Answer(form: form.rawValue, merged: isMerged, queued: try view.queueCount())
      try put(writer.begin())
      try view.eachIndicator(of: isMerged ? nil : home.coalition, openKeys: openKeys) { digest, statements in
        let one =
          isMerged ? Self.merged(digest, statements, today, policy, guards) : Self.own(digest, statements, today)
        guard var one else { return }
        if let item = try plaintext?.item(of: statements, ours: home.coalition) {
          (one.value, one.scheme) = (item.value, item.scheme)
          answer.revealed += 1
        }
        try put(writer.write(one))
        answer.indicators += 1
        try wrote(answer.indicators, count)
      }
      try put(writer.end())
      if toFile {
        try audit.write(
          AuditNote(.indicatorsExported, on: what, after: "sha256:\(hash.hex)", count: answer.indicators))
      }
      return answer
    }
  }

  private static func writer(_ form: Form, _ scope: ExportScope, _ reveals: Bool) -> any ExchangeWriting {
    switch form {
    case .csv: TableExport(scope, hasValues: reveals)
    case .stix: STIXExport(scope)
    case .misp: MISPExport(scope)
    }
  }

  private static func own(_ digest: IndicatorDigest, _ statements: [HeldStatement], _ today: UInt32)
    -> ExportedIndicator?
  {
    guard let held = statements.first(where: { $0.row.key.facet == .listing && $0.quarantine == nil }),
      let listing = try? WireListing(serializedBytes: held.row.statement), listing.validUntil >= today
    else { return nil }
    var one = exported(digest, listing)
    one.fields = listing.fields
    return one
  }

  private static func merged(
    _ digest: IndicatorDigest, _ statements: [HeldStatement], _ today: UInt32, _ policy: Policy,
    _ guards: Guards
  ) -> ExportedIndicator? {
    let sources = statements.compactMap(Verdict.Source.init)
    let verdict = Verdict.fold(
      sources, today: today, policy: policy, guardedBy: guards.finding(on: statements.digests(besides: digest)))
    guard let verdict, verdict.status != .expired, let first = verdict.listings.first else {
      return nil
    }
    var one = exported(digest, first.listing)
    let counted = verdict.listings.filter { $0.standing == .counts }
    one.fields = [
      .handling: CodeName.of(verdict.handling),
      .validFrom: Day.text(counted.map(\.listing.validFrom).min() ?? first.listing.validFrom),
      .validUntil: Day.text(verdict.validUntil),
    ]
    one.fields[.confidence] = verdict.confidence.map { String($0) }
    one.fields[.observedFrom] = verdict.observedFrom.map(Day.text)
    one.fields[.observedUntil] = verdict.observedUntil.map(Day.text)
    one.verdict = ExportedIndicator.Verdict(
      status: verdict.status.description, ceiling: verdict.ceiling.rawValue, policy: policy.name,
      coalitions: verdict.coalitions.map(\.rawValue), reasons: verdict.reasons.map { CodeName.of($0) },
      disputedBy: verdict.disputedBy.map(\.rawValue))
    return one
  }

  private static func exported(_ digest: IndicatorDigest, _ listing: WireListing) -> ExportedIndicator {
    // While a hash key is replaced, a listing is known by its digest under the older one.
    let isBefore = listing.previousDigest.elementsEqual(digest.bytes)
    return ExportedIndicator(
      typeName: CodeName.of(listing.type), digest: digest.hex,
      keyEpoch: isBefore ? listing.previousKeyEpoch : listing.keyEpoch, normaliser: listing.normaliser, fields: [:])
  }
}

extension WireListing {
  /// What it says, as files carry it.
  fileprivate var fields: [ListingField: String] {
    var fields: [ListingField: String] = [
      .reason: CodeName.of(reason), .provenance: CodeName.of(provenance), .role: CodeName.of(role),
      .handling: CodeName.of(handling), .validFrom: Day.text(validFrom), .validUntil: Day.text(validUntil),
    ]
    func say(_ field: ListingField, _ text: String, unless isSilent: Bool) {
      if !isSilent { fields[field] = text }
    }
    say(.permittedAction, CodeName.of(permittedAction), unless: permittedAction == .unspecified)
    say(.confidence, String(confidence), unless: !hasConfidence)
    say(.country, country, unless: country.isEmpty)
    say(.caseReference, caseReference, unless: caseReference.isEmpty)
    say(.observedFrom, Day.text(observedFrom), unless: observedFrom == 0)
    say(.observedUntil, Day.text(observedUntil), unless: observedUntil == 0)
    say(.route, CodeName.of(route), unless: route == .unspecified)
    let grade = SourceGrade.text(self)
    say(.sourceGrade, grade, unless: grade.count != 2)
    say(.group, OperationGroup.text(group), unless: group.isEmpty)
    return fields
  }
}

/// Opens our own plaintext, item by item.
private struct VaultReader {
  private let store: VaultStore
  private let key: VaultKey

  init(_ home: NodeHome) throws {
    store = try VaultStore.openReadOnly(home.folder.vault)
    key = try VaultKey(file: home.folder.vaultKey)
  }

  func close() { try? store.close() }

  /// Nil for what we have not listed ourselves.
  func item(of statements: [HeldStatement], ours: CoalitionID) throws -> WireVaultItem? {
    guard let statement = statements.first(where: { $0.coalition == ours && $0.row.key.facet == .listing })?.row.key,
      let sealed = try store.sealed(statement)
    else { return nil }
    return try WireVaultItem(serializedBytes: try key.open(sealed, for: statement.bytes))
  }
}
