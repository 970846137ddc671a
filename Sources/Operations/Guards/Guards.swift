public import Indicators
internal import Protected
public import Verdicts
public import Wire

/// What keeps a listing from hitting those who do not sell: the never-list that is shipped, the operator's own, and what matched
/// too much.
///
/// At publishing the identifier is known, so an entry protects all that it covers. At receipt only a digest is, so only entries
/// themselves are found. Nothing here changes what is kept, hashed or relayed.
public struct Guards: Sendable {
  /// What the hit-rate guard holds; the never-list goes before it.
  public var held: [IndicatorDigest: GuardFinding]

  private let own: NeverList
  /// Without the entries that the operator set aside.
  private let shipped: NeverList
  private let allowed: Set<Indicator>
  private let protected: [IndicatorDigest: GuardFinding]

  /// - Parameters:
  ///   - today: UTC days since 1970: under which hash keys the lists are looked up.
  ///   - held: by the hit-rate guard, until the operator releases it; nil reads it from the screening log.
  /// - Throws: `Problem` `never-list-malformed`, or if the home lacks an alliance or a key.
  public init(_ home: NodeHome, today: UInt32, held: [IndicatorDigest: GuardFinding]? = nil) throws(Problem) {
    let allowed = Set(try AllowedIdentifiers(home.folder).all.map(\.indicator))
    self.allowed = allowed
    if let held { self.held = held } else { self.held = try HitRate.held(in: home.folder) }
    own = try OwnNeverList.read(home.folder)
    shipped = NeverList(NeverList.shipped.entries.filter { !allowed.contains($0.indicator) })
    let functions = try home.openHashKeys(on: today).functions
    var protected: [IndicatorDigest: GuardFinding] = [:]
    // The own list last, so that it has the word where both speak of one identifier.
    for entry in shipped.entries + own.entries {
      for function in functions {
        protected[function.digest(of: entry.indicator)] = .neverList(
          category: entry.category.rawValue, source: entry.source)
      }
    }
    self.protected = protected
  }

  /// What stands against acting on a digest; nil if nothing does.
  public func finding(on digest: IndicatorDigest) -> GuardFinding? { protected[digest] ?? held[digest] }

  /// The same of one indicator under several hash keys.
  func finding(on digests: [IndicatorDigest]) -> GuardFinding? {
    digests.lazy.compactMap { protected[$0] }.first ?? digests.lazy.compactMap { held[$0] }.first
  }

  /// Everything that there is a finding on, in the order of the digests.
  var findings: [(digest: IndicatorDigest, finding: GuardFinding)] {
    held.merging(protected) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Refuses what must not be published.
  /// - Throws: `Problem` `never-list`, with category and source of the entry, never the value; `public-suffix`.
  public func check(_ indicator: Indicator) throws(Problem) {
    guard indicator.type != .domain || !PublicSuffix.contains(indicator.value) else {
      throw Problem(
        "public-suffix", "below this ending anybody may register a name (Public Suffix List)", object: "identifier",
        next: "list the seller's own site, with the name before the ending")
    }
    if let entry = own.entry(protecting: indicator) {
      throw Problem(
        "never-list", "our own never-list protects it, as \(Self.text(entry))", object: "identifier",
        next: "if it must be listed, take it off that list and import the list again: vaka guard import FILE")
    }
    guard !allowed.contains(indicator), let entry = shipped.entry(protecting: indicator) else { return }
    throw Problem(
      "never-list", "the never-list protects it, as \(Self.text(entry))", object: "identifier",
      next: Self.advice(indicator, entry))
  }

  private static func text(_ entry: NeverListEntry) -> String { "\(entry.category.rawValue) (\(entry.source))" }

  private static func advice(_ indicator: Indicator, _ entry: NeverListEntry) -> String {
    let allow = "if the entry is wrong, or a court says so: vaka guard allow"
    let narrower: String? =
      switch (indicator.type, entry.cover) {
      case (.domain, .exact): "list the page, as a url, or the name below it"
      case (.domain, .subdomains): "list the page, as a url"
      case (.merchantDescriptor, _): "list it with the shop's own name, or the shop's merchant-id"
      case (.merchantID, _): "list what names the shop itself: its url, account or descriptor"
      case (.cryptoAddress, _): "list the address with its tag or memo, where the chain has one"
      case (.mpesaShortcode, _): "list the account behind it"
      default: nil
      }
    return narrower.map { "\($0); \(allow)" } ?? allow
  }
}
