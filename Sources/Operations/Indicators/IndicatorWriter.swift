public import Indicators
internal import Keys
public import Ledger
internal import Store
internal import SwiftProtobuf
internal import Wire

/// Turns what a person gives into what a node takes: parsed, canonical, digested, its plaintext sealed for the vault.
public struct IndicatorWriter: Sendable {
  private let digest: DigestFunction
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
    guard let newest = try home.digestFunctions().last else {
      throw Problem("no-hash-key", "the alliance has no open hash key", object: home.folder.path)
    }
    digest = newest
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
    let isUsual = template == nil && indicator.normaliser == Indicator.normaliser(of: indicator.type)
    if isUsual, let statement = statements[indicator.type] { return statement }
    return try (template ?? self.template).statement(
      of: indicator.type, normaliser: indicator.normaliser, keyEpoch: digest.keyEpoch, today: today)
  }

  /// Whether all that is said of an indicator fits its type, and it may be published.
  /// - Throws: `Problem` `bad-validity`, or as the other.
  func check(_ indicator: Indicator, saying template: ListingTemplate) throws {
    try template.checkValidity(of: indicator.type, today: today)
    try check(indicator)
  }

  public func key(of indicator: Indicator) -> StatementKey {
    #if NEWER_KIND
      if template.trialRound != nil { return StatementKey(.trial, digest.digest(of: indicator)) }
    #endif
    return StatementKey(.listing, digest.digest(of: indicator))
  }

  /// Whether it may be published.
  /// - Throws: `Problem` `never-list` or `matches-too-much`.
  public func check(_ indicator: Indicator) throws {
    try guards.check(indicator, digest: digest.digest(of: indicator))
  }

  /// - Parameter saying: what is said of this one; nil for what is said of all.
  public func item(for indicator: Indicator, saying template: ListingTemplate? = nil) throws -> Submission.Item {
    let key = key(of: indicator)
    var item = WireVaultItem()
    item.type = indicator.type.name
    item.scheme = indicator.scheme
    item.value = indicator.value
    item.normaliser = UInt32(indicator.normaliser)
    return .list(
      key, statement: try statement(on: indicator, saying: template),
      vault: try vaultKey.seal(item.serializedBytes(), for: key.bytes))
  }
}
