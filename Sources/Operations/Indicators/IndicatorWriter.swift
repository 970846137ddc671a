public import Indicators
internal import Keys
public import Ledger
internal import Store
internal import SwiftProtobuf
internal import Wire

/// Turns what a person gives into what a node takes: parsed, canonical, digested, its plaintext sealed for the vault.
public struct IndicatorWriter: Sendable {
  /// One for each hash key that is open and here; the last, the newest, makes what is listed.
  private let functions: [DigestFunction]
  private let newest: DigestFunction
  private let vaultKey: VaultKey
  private let guards: PublishingGuard
  public let template: ListingTemplate
  private let today: UInt32
  /// What is said is the same of all indicators of a type.
  private let statements: [IndicatorType: [UInt8]]

  /// - Parameter now: milliseconds since 1970.
  /// - Throws: `Problem` if the home lacks an alliance or a key, or the template cannot be published.
  public init(_ home: NodeHome, template: ListingTemplate, now: UInt64) throws {
    today = Day.of(milliseconds: now)
    try template.check(today: today)
    functions = try home.openHashKeys(on: today).functions
    guard let newest = functions.last else {
      throw Problem("no-hash-key", "the alliance has no open hash key", object: home.folder.path)
    }
    self.newest = newest
    vaultKey = try VaultKey(file: home.folder.vaultKey)
    guards = try PublishingGuard(home, now: now)
    self.template = template
    var statements: [IndicatorType: [UInt8]] = [:]
    for type in IndicatorType.supported {
      statements[type] = try? template.statement(
        of: type, normaliser: Indicator.normaliser(of: type), keyEpoch: newest.keyEpoch, today: today)
    }
    self.statements = statements
  }

  /// - Parameter saying: what is said of this one; nil for what is said of all.
  private func statement(on indicator: Indicator, saying template: ListingTemplate?) throws(Problem) -> [UInt8] {
    let previous = previous(of: indicator)
    let isUsual =
      template == nil && previous == nil && indicator.normaliser == Indicator.normaliser(of: indicator.type)
    if isUsual, let statement = statements[indicator.type] { return statement }
    return try (template ?? self.template).statement(
      of: indicator.type, normaliser: indicator.normaliser, keyEpoch: newest.keyEpoch, today: today,
      previous: previous)
  }

  /// Whether all that is said of an indicator fits its type, and it may be published.
  /// - Throws: `Problem` `bad-validity`, or as the other.
  func check(_ indicator: Indicator, saying template: ListingTemplate) throws {
    try template.checkValidity(of: indicator.type, today: today)
    try check(indicator)
  }

  public func key(of indicator: Indicator) -> StatementKey {
    #if NEWER_KIND
      if template.trialRound != nil { return StatementKey(.trial, newest.digest(of: indicator)) }
    #endif
    return StatementKey(.listing, newest.digest(of: indicator))
  }

  /// The digest under the key before, while that is open too: by it a listing is found where the newest key has not arrived, and it is
  /// known as one with what others listed before.
  private func previous(of indicator: Indicator) -> (digest: IndicatorDigest, keyEpoch: UInt32)? {
    guard let older = functions.first, older.keyEpoch < newest.keyEpoch else { return nil }
    return (older.digest(of: indicator), older.keyEpoch)
  }

  /// Under the oldest open key, by which the indicator is known until that closes.
  func reference(of indicator: Indicator) -> String {
    functions.first.map { Reference.of($0.digest(of: indicator)) } ?? ""
  }

  /// Whether it may be published.
  /// - Throws: `Problem` `never-list` or `matches-too-much`.
  public func check(_ indicator: Indicator) throws {
    try guards.check(indicator, digests: functions.map { $0.digest(of: indicator) })
  }

  /// - Parameter saying: what is said of this one; nil for what is said of all.
  public func item(for indicator: Indicator, saying template: ListingTemplate? = nil) throws -> Submission.Item {
    let key = key(of: indicator)
    return .list(
      key, statement: try statement(on: indicator, saying: template),
      vault: try vaultKey.seal(WireVaultItem(indicator).serializedBytes(), for: key.bytes))
  }
}

extension WireVaultItem {
  init(_ indicator: Indicator) {
    self.init()
    type = indicator.type.name
    scheme = indicator.scheme
    value = indicator.value
    normaliser = UInt32(indicator.normaliser)
  }
}
