public import Alliance
public import Formats
public import Indicators
internal import Ledger
internal import Store
public import Wire

/// `vaka screen`: parse, bring to canonical form, digest, look up. What does not match is not kept anywhere, unless it is to be
/// remembered, and then as a part of its digest.
public struct Screen {
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
    /// What a guard found, which leaves no more than `monitor`.
    public let guardedBy: GuardNote?

    init(_ finding: ListFinding, row: Int, column: String, type: IndicatorType) {
      self.row = row
      self.column = column
      self.type = type.name
      verdict = finding.verdict
      ceiling = finding.ceiling
      corroboratedBy = finding.corroboratedBy
      reasons = finding.reasons
      reference = finding.reference
      guardedBy = finding.guardedBy
    }
  }

  public struct Answer: Sendable, Codable {
    public var rows = 0
    public var identifiers = 0
    /// Cells that are not valid identifiers of their type: they cannot match, and are counted so that a wrong column
    /// shows.
    public var invalid = 0
    public var hits = 0
    /// Of the table's text; absent if it is ASCII.
    public var encoding: String?
    /// Distinct indicators that were hit.
    public var indicators = 0
    /// Digests that are remembered of this screening.
    public var remembered: Int?
    /// Indicators that matched too much and are held from now on.
    public var held: Int?
    /// Hits on what was screened before, whose listing has come since.
    public var lateHits: Int?
    public var freshness: ListFreshness
  }

  private let source: any ScreeningSource
  private let log: ScreeningStore

  /// Against what a node holds.
  /// - Parameter now: milliseconds since 1970: by the hash keys that are open then.
  /// - Throws: `Problem` if the home lacks an alliance, every hash key or a store.
  public init(_ home: NodeHome, now: UInt64) throws {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    try self.init(NodeSource(home, ledger: ledger, now: now), log: home.folder.screening)
  }

  /// Against a member's copy.
  /// - Parameter confirm: asked before the first list is taken, with the fingerprint of its coalition.
  /// - Throws: `Problem` as `MemberSource.init`.
  public init(
    _ home: MemberHome, list: String,
    confirm: (_ coalition: CoalitionID, _ name: String, Fingerprint) throws -> Bool
  ) throws {
    try self.init(MemberSource(home, list: list, confirm: confirm), log: home.folder.screening)
  }

  private init(_ source: some ScreeningSource, log path: String) throws {
    self.source = source
    log = try ScreeningStore.open(path)
  }

  /// Closes the screening log, which is then ready for the next who opens it.
  public func close() { try? log.close() }

  /// One value.
  /// - Parameter now: milliseconds since 1970.
  /// - Throws: `Problem` with the code of the rule that refuses it.
  public func value(
    _ text: String, type: IndicatorType?, rememberDays: Int? = nil, now: UInt64
  ) throws -> (Answer, hit: Hit?) {
    let indicator = try IdentifierText.parse(text, type)
    let digests = source.functions.map { $0.digest(of: indicator) }
    let column = ScreeningRun.Column(type: indicator.type.name, name: "")
    let match = try Self.until(rememberDays, now).map {
      MatchLog(log, source: "", now: now, rememberUntil: $0)
    }
    if let match {
      match.begin(columns: [column])
      for digest in digests { try match.remember(digest, line: 1, column: 0) }
      // Before the look-up, so that a listing that comes between the two is noticed by the node.
      try match.save()
    }
    let reply = try source.ask(ListQuestion(digests), at: now)
    var answer = Answer(freshness: reply.freshness)
    (answer.rows, answer.identifiers) = (1, 1)
    answer.remembered = match?.remembered
    var hit: Hit?
    if let finding = reply.finding, let digest = reply.digest.flatMap({ IndicatorDigest(hex: $0) }) {
      if let match {
        try match.note(finding, on: digest, line: 1, column: 0)
      } else {
        try log.save(valueIn: column, on: digest, verdict: finding.verdict, ceiling: finding.ceiling, at: now)
      }
      (answer.hits, answer.indicators) = (1, 1)
      hit = Hit(finding, row: 1, column: "", type: indicator.type)
    }
    try match?.finish(identifiers: 1)
    return (answer, hit)
  }

  /// A table.
  /// - Parameters:
  ///   - encoding: of the table; nil to find it out.
  ///   - rememberDays: for how many days digests of all that is screened are kept; nil keeps none.
  ///   - now: milliseconds since 1970.
  ///   - read: told how much of the table has been read, of how much where that is known, in bytes.
  ///   - found: told of every hit, in the order of the rows.
  /// - Throws: `Problem` `no-columns`, `missing-column`, `bad-days`, or what the stores say.
  public func table(
    _ table: TableSource, maps: [ColumnMap], encoding: TextEncoding? = nil, rememberDays: Int? = nil, now: UInt64,
    read: (_ done: Int, _ of: Int?) throws -> Void = { _, _ in },
    found: (Hit) throws -> Void
  ) throws -> Answer {
    var answer = Answer(freshness: try source.freshness(at: now))
    let match = MatchLog(log, source: table.name, now: now, rememberUntil: try Self.until(rememberDays, now))
    let late = LateMatches(log, against: source, now: now)
    // A member has no node that would have noticed it before.
    let lateBefore = answer.freshness.madeBy == nil ? 0 : try late.catchUp()
    var times: [IndicatorDigest: UInt64] = [:]
    let size = table.size
    let before = try source.read(at: now) { list in
      // First of all, so that the index, which is read beside, is not of an earlier moment than the verdicts.
      let state = try list.state()
      list.prepare()
      let screener = TableScreener(functions: list.functions, index: list.indexAhead())
      let observe: ((IndicatorDigest, Int, Int) throws -> Void)? =
        match.remembers ? { try match.remember($0, line: $1, column: $2) } : nil
      let counts = try screener.screen(
        table, maps: maps, encoding: encoding, read: { try read($0, size) },
        began: { columns in
          match.begin(columns: columns.map { ScreeningRun.Column(type: $0.type.name, name: $0.name) })
        }, observe: observe
      ) { candidate in
        guard let (digest, finding) = try list.finding(on: candidate.digests) else { return }
        answer.hits += 1
        times[digest, default: 0] += 1
        try match.note(finding, on: digest, line: candidate.line, column: candidate.place)
        try found(Hit(finding, row: candidate.line, column: candidate.column, type: candidate.type))
      }
      (answer.rows, answer.identifiers, answer.invalid) = (counts.rows, counts.identifiers, counts.invalid)
      answer.encoding = counts.encoding?.rawValue
      return state
    }
    try match.finish(identifiers: answer.identifiers)
    answer.indicators = times.count
    let most = times.values.max() ?? 0
    let held = most == 0 ? 0 : try HitRate.update(log, by: source.hitRateGuard(), most: most, now: now)
    answer.held = held == 0 ? nil : held
    if match.remembers {
      answer.remembered = match.remembered
      // What was listed while the table was read is compared here; what comes from now on, a running node compares.
      let after = try source.read(at: now) { list in try list.state() }
      let lateNow = try before == after ? 0 : late.sweep(of: match.number())
      answer.lateHits = lateBefore + lateNow
    } else if lateBefore > 0 {
      answer.lateHits = lateBefore
    }
    return answer
  }

  private static func until(_ days: Int?, _ now: UInt64) throws(Problem) -> UInt64? {
    guard let days else { return nil }
    guard (1...mostRememberedDays).contains(days) else {
      throw Problem(
        "bad-days", "what is screened is remembered for 1 to \(mostRememberedDays) days", object: "--remember",
        next: "give as many days as your data-protection officer has agreed to")
    }
    return now + UInt64(days) * 86_400_000
  }

  public static let mostRememberedDays = 400
}
