internal import Formats
public import Indicators

/// Entries, and which of them protects an identifier.
public struct NeverList: Sendable {
  /// In the order of their file.
  public let entries: [NeverListEntry]

  private let places: [Indicator: Int]
  /// Domains by name, and of master merchant ids by acquirer: where in `entries` they stand.
  private let domains: [Substring: Int]
  private let acquirers: [Substring: Int]

  public init(_ entries: [NeverListEntry]) {
    self.entries = entries
    var places: [Indicator: Int] = [:]
    var (domains, acquirers): ([Substring: Int], [Substring: Int]) = ([:], [:])
    for (place, entry) in entries.enumerated() {
      places[entry.indicator] = place
      switch (entry.indicator.type, entry.cover) {
      case (.domain, _): domains[Substring(entry.indicator.value)] = place
      case (.merchantID, .acquirer): acquirers[Self.beforeBar(entry.indicator.value)] = place
      default: break
      }
    }
    self.places = places
    self.domains = domains
    self.acquirers = acquirers
  }

  /// The entry that protects an identifier: its own, or the nearest that covers it; nil if none does.
  public func entry(protecting indicator: Indicator) -> NeverListEntry? {
    if let place = places[indicator] { return entries[place] }
    let value = indicator.value
    switch indicator.type {
    case .domain: return domain(above: value[...], covering: .subdomains)
    case .url: return Self.host(ofURL: value).flatMap { domain(at: $0, covering: .urls) }
    case .emailWallet:
      guard let sign = value.lastIndex(of: "@") else { return nil }
      return domain(at: value[value.index(after: sign)...], covering: .mail)
    case .merchantID: return acquirers[Self.beforeBar(value)].map { entries[$0] }
    default: return nil
    }
  }

  /// The entry whose identifier it is.
  public func entry(of indicator: Indicator) -> NeverListEntry? { places[indicator].map { entries[$0] } }

  private func domain(at name: Substring, covering least: NeverListEntry.Cover) -> NeverListEntry? {
    if let entry = domains[name].map({ entries[$0] }), entry.cover.order >= least.order { return entry }
    return domain(above: name, covering: least)
  }

  private func domain(above name: Substring, covering least: NeverListEntry.Cover) -> NeverListEntry? {
    var rest = name
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      if let entry = domains[rest].map({ entries[$0] }), entry.cover.order >= least.order { return entry }
    }
    return nil
  }

  /// Of a canonical URL, which has no user name and no address in brackets.
  private static func host(ofURL value: String) -> Substring? {
    guard let start = value.firstRange(of: "://")?.upperBound else { return nil }
    return value[start...].prefix { $0 != "/" && $0 != ":" && $0 != "?" }
  }

  private static func beforeBar(_ value: String) -> Substring { value.prefix { $0 != "|" } }
}

extension NeverList {
  /// The list that is shipped with the program; a test holds every row to the rules.
  public static let shipped: NeverList = {
    var reader = NeverListReader()
    reader.feed(PackageResources.NeverList_csv)
    reader.finish()
    return NeverList(reader.entries)
  }()

  /// As CSV that `NeverListReader` reads back to the same entries.
  public var bytes: [UInt8] {
    let writer = CSVWriter()
    return writer.bytes(NeverListReader.columns)
      + entries.flatMap { entry in
        writer.bytes([
          entry.indicator.type.name, entry.indicator.scheme, entry.indicator.value, entry.cover.rawValue,
          entry.category.rawValue, entry.source, entry.noted,
        ])
      }
  }
}
