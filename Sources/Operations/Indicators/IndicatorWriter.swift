internal import FoundationEssentials
public import Indicators
internal import Keys
public import Ledger
internal import Store
public import Wire

/// Turns what a person gives into what a node takes: parsed, canonical, digested, its plaintext sealed for the vault.
public struct IndicatorWriter: Sendable {
  private let digest: DigestFunction
  private let vaultKey: VaultKey
  public let template: ListingTemplate
  private let today: UInt32

  /// - Parameter now: milliseconds since 1970.
  /// - Throws: `Problem` if the home lacks an alliance or a key, or the template cannot be published.
  public init(_ home: NodeHome, template: ListingTemplate, now: UInt64) throws(Problem) {
    today = Day.of(milliseconds: now)
    try template.check(today: today)
    guard let newest = try home.digestFunctions().last else {
      throw Problem("no-hash-key", "the alliance has no open hash key", object: home.folder.path)
    }
    digest = newest
    vaultKey = try VaultKey(file: home.folder.vaultKey)
    self.template = template
  }

  public func key(of indicator: Indicator) -> StatementKey {
    StatementKey(.listing, digest.digest(of: indicator))
  }

  public func item(for indicator: Indicator) throws -> Submission.Item {
    let key = key(of: indicator)
    let statement = try template.statement(for: indicator, keyEpoch: digest.keyEpoch, today: today)
    let plaintext = try AnswerFormat.encode(VaultItem(indicator))
    return .list(key, statement: statement, vault: try vaultKey.seal(plaintext, for: key.bytes))
  }
}

/// One of our own indicators as the vault keeps it.
public struct VaultItem: Sendable, Codable {
  public let type: String
  public let scheme: String
  public let value: String
  public let normaliser: UInt8

  init(_ indicator: Indicator) {
    type = indicator.type.name
    scheme = indicator.scheme
    value = indicator.value
    normaliser = indicator.normaliser
  }
}
