internal import Alliance
public import Formats
public import Indicators
internal import Ledger
internal import Store
internal import Verdicts
public import Wire

/// `vaka screen`: parse, bring to canonical form, digest, look up. What does not match is not kept anywhere.
public struct Screen {
  /// How fresh the list is, and who could not be heard.
  public struct Freshness: Sendable, Codable {
    /// Seconds since any peer last answered; nil if none ever did.
    public let asOfSeconds: UInt64?
    /// Peers that did not answer in the last six minutes.
    public let stalePeers: Int
    public let peers: Int
    /// Coalitions that are kept at an older head, whose listings may be out of date.
    public let held: [CoalitionID]
  }

  /// A match.
  public struct Hit: Sendable, Codable {
    /// The line of the row; 1 for a single value.
    public let row: Int
    public let column: String
    public let type: String
    public let verdict: String
    public let ceiling: String
    public let corroboratedBy: [CoalitionID]
    public let reasons: [String]
    public let reference: String
  }

  public struct Answer: Sendable, Codable {
    public var rows = 0
    public var identifiers = 0
    /// Cells that are not valid identifiers of their type: they cannot match, and are counted so that a wrong column
    /// shows.
    public var invalid = 0
    public var hits = 0
    /// Distinct indicators that were hit.
    public var indicators = 0
    public var freshness: Freshness
  }

  private let ledger: LedgerStore
  private let digests: [DigestFunction]
  private let now: UInt64
  private let freshness: Freshness
  private let policy: Policy

  /// - Parameter now: milliseconds since 1970.
  /// - Throws: `Problem` if the home lacks an alliance, a key or a store.
  public init(_ home: NodeHome, now: UInt64) throws {
    let membership = try home.requireMembership()
    digests = try home.digestFunctions()
    ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    policy = try PolicyFile.read(home.folder)
    self.now = now
    let others = membership.roster.coalitions.filter { $0 != home.coalition }
    freshness = try ledger.view { view in
      let heard = Dictionary(
        try view.peers().map { ($0.coalition, $0.heardAt ?? 0) }, uniquingKeysWith: { first, _ in first })
      let times = others.map { heard[$0] ?? 0 }
      let newest = times.max() ?? 0
      return Freshness(
        asOfSeconds: newest == 0 ? nil : (now - min(now, newest)) / 1_000,
        stalePeers: times.filter { $0 + 360_000 < now }.count, peers: others.count,
        held: try others.filter { try view.hold(of: $0) != nil })
    }
  }

  /// One value.
  /// - Throws: `Problem` with the code of the rule that refuses it.
  public func value(_ text: String, type: IndicatorType?) throws -> (Answer, hit: Hit?) {
    let indicator: Indicator
    do {
      indicator = try Indicator.parse(text, as: type)
    } catch {
      let readings = error.readings.map(\.name).joined(separator: ", ")
      throw Problem(
        error.code, error.reason, object: "identifier",
        next: readings.isEmpty ? nil : "say which it is with --type: \(readings)")
    }
    let hit = try ledger.view { try look(up: indicator, row: 1, column: "", in: $0) }
    var answer = Answer(freshness: freshness)
    (answer.rows, answer.identifiers) = (1, 1)
    (answer.hits, answer.indicators) = hit == nil ? (0, 0) : (1, 1)
    return (answer, hit)
  }

  /// A table.
  /// - Parameter found: told of every hit, in the order of the rows.
  /// - Throws: `Problem` `no-columns`, `missing-column`, or what the store says.
  public func table(_ source: TableSource, maps: [ColumnMap], found: (Hit) throws -> Void) throws -> Answer {
    var answer = Answer(freshness: freshness)
    var indicators: Set<IndicatorDigest> = []
    try ledger.view { view in
      // In the same view as the verdicts, so that both speak of the same moment.
      let screener = TableScreener(functions: digests, index: try view.prefixIndex())
      let counts = try screener.screen(source, maps: maps) { candidate in
        let hit = try hit(
          on: candidate.digest, type: candidate.type, row: candidate.line, column: candidate.column, in: view)
        guard let hit else { return false }
        answer.hits += 1
        indicators.insert(candidate.digest)
        try found(hit)
        return true
      }
      (answer.rows, answer.identifiers, answer.invalid) = (counts.rows, counts.identifiers, counts.invalid)
    }
    answer.indicators = indicators.count
    return answer
  }

  private func look(up indicator: Indicator, row: Int, column: String, in view: LedgerView) throws -> Hit? {
    for function in digests {
      let digest = function.digest(of: indicator)
      if let hit = try hit(on: digest, type: indicator.type, row: row, column: column, in: view) { return hit }
    }
    return nil
  }

  private func hit(
    on digest: IndicatorDigest, type: IndicatorType, row: Int, column: String, in view: LedgerView
  ) throws -> Hit? {
    let sources = try view.statements(on: digest).compactMap(Verdict.Source.init)
    guard let verdict = Verdict.fold(sources, today: Day.of(milliseconds: now), policy: policy) else { return nil }
    return Hit(
      row: row, column: column, type: type.name, verdict: verdict.status.description, ceiling: verdict.ceiling.rawValue,
      corroboratedBy: verdict.coalitions,
      reasons: verdict.reasons.map { CodeName.of($0) },
      reference: Reference.of(digest))
  }
}
