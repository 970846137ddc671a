internal import Alliance
internal import Control
internal import Indicators
internal import Ledger
internal import Signing
public import Store
internal import Verdicts
internal import Wire

/// Screening against all that a node holds.
public struct NodeSource: ScreeningSource, Sendable {
  private let ledger: LedgerStore
  private let home: NodeHome
  let functions: [DigestFunction]
  /// Epochs of the hash keys that are open, whether they are here or not.
  let openKeys: Set<UInt32>
  private let others: [CoalitionID]
  private let guards: CurrentGuards

  private var folder: NodeFolder { home.folder }

  /// - Parameters:
  ///   - now: milliseconds since 1970: by the hash keys that are open then.
  ///   - needsKeys: false for a source that is only asked for digests: a restored node has no hash key until a peer has given it one.
  /// - Throws: `Problem` if the home lacks an alliance or every key.
  public init(_ home: NodeHome, ledger: LedgerStore, now: UInt64, needsKeys: Bool = true) throws {
    let membership = try home.requireMembership()
    let today = Day.of(milliseconds: now)
    self.ledger = ledger
    self.home = home
    guards = CurrentGuards(home)
    functions = needsKeys ? try home.openHashKeys(on: today).functions : []
    openKeys = Set(membership.roster.openHashKeys(on: today))
    others = membership.roster.coalitions.filter { $0 != home.coalition }
  }

  func read<Result>(at now: UInt64, _ body: (any ScreeningList) throws -> Result) throws -> Result {
    try look(at: now) { try body($0) }
  }

  func look<Result>(at now: UInt64, _ body: (NodeList) throws -> Result) throws -> Result {
    // The policy of this moment, because it may be changed while a node runs.
    let policy = try PolicyFile.read(folder)
    return try ledger.view { view in
      try body(
        NodeList(
          view: view, functions: functions, policy: policy, today: Day.of(milliseconds: now),
          guards: { try guards.value(at: now) }, ledger: folder.ledger))
    }
  }

  public func freshness(at now: UInt64) throws -> ListFreshness {
    try ledger.view { view in
      let heard = Dictionary(
        try view.peers().map { ($0.coalition, $0.heardAt ?? 0) }, uniquingKeysWith: { first, _ in first })
      let times = others.map { heard[$0] ?? 0 }
      let newest = times.max() ?? 0
      let missing = try home.missingHashKeys(
        on: Day.of(milliseconds: now), roster: home.requireMembership().roster)
      return ListFreshness(
        asOfSeconds: newest == 0 ? nil : (now - min(now, newest)) / 1_000,
        stalePeers: times.filter { $0 + 360_000 < now }.count, peers: others.count,
        held: try others.filter { try view.hold(of: $0) != nil },
        missingHashKeys: missing.isEmpty ? nil : missing)
    }
  }

  func hitRateGuard() throws -> HitRateGuard { try PolicyFile.read(folder).hitRate }

  /// Of the running node, which has its index in memory; with none running, of the store.
  func ask(_ question: ListQuestion, at now: UInt64) throws -> ListAnswer {
    do throws(Problem) {
      return try NodeCall.screen.ask(
        ControlClient(path: folder.controlSocket), question, for: ListAnswer.self, seconds: 10)
    } catch  where ["node-not-running", "node-gone", "unknown-operation"].contains(error.code) {
      return try inStore(question, at: now)
    }
  }

  /// Of the store.
  public func inStore(_ question: ListQuestion, at now: UInt64) throws -> ListAnswer {
    try lookUp(question.digests, at: now)
  }
}

/// One consistent view of a node's ledger, judged by its policy.
struct NodeList: ScreeningList {
  let view: LedgerView
  let functions: [DigestFunction]
  let policy: Policy
  /// UTC days since 1970.
  let today: UInt32
  /// Asked only when something is found.
  let guards: @Sendable () throws -> Guards
  /// Where the ledger lies, to be read by another connection.
  let ledger: String
  private let kept = KeptFindings<ListFinding>()

  init(
    view: LedgerView, functions: [DigestFunction], policy: Policy, today: UInt32,
    guards: @escaping @Sendable () throws -> Guards, ledger: String
  ) {
    self.view = view
    self.functions = functions
    self.policy = policy
    self.today = today
    self.guards = guards
    self.ledger = ledger
  }

  func index() throws -> PrefixIndex { try view.prefixIndex() }

  func indexAhead() -> Ahead<PrefixIndex> {
    Ahead { [ledger] in
      let store = try LedgerStore.openReadOnly(ledger)
      defer { try? store.close() }
      return try store.view { try $0.prefixIndex() }
    }
  }

  func prepare() {
    let guards = guards
    Ahead.start { _ = try guards() }
  }

  func finding(on digests: [IndicatorDigest]) throws -> (digest: IndicatorDigest, finding: ListFinding)? {
    let statements = try view.statements(on: digests)
    guard let digest = Self.known(statements, among: digests) else { return nil }
    let guarded = try guards().finding(on: digests)
    let finding = kept.finding(statements, guarded) {
      verdict(on: statements, guarded).map { verdict in
        ListFinding(
          verdict: verdict.status.description, ceiling: verdict.ceiling.rawValue, corroboratedBy: verdict.coalitions,
          reasons: verdict.reasons.map { CodeName.of($0) }, reference: "",
          guardedBy: verdict.finding.map { GuardNote($0) })
      }
    }
    return finding.map { (digest, $0.of(digest)) }
  }

  /// By which of its digests an indicator is known: the oldest under which anything is said of it, which stays the same while listings
  /// move to the newer key.
  private static func known(_ statements: [HeldStatement], among digests: [IndicatorDigest]) -> IndicatorDigest? {
    if digests.count == 1 || statements.isEmpty { return statements.isEmpty ? nil : digests.first }
    return digests.first { digest in
      statements.contains { $0.row.key.digest == digest || $0.previous?.digest == digest }
    }
  }

  /// Nil unless a listing holds today.
  func verdict(on statements: [HeldStatement], _ guarded: GuardFinding?) -> Verdict? {
    let sources = statements.compactMap(Verdict.Source.init)
    let verdict = Verdict.fold(sources, today: today, policy: policy, guardedBy: guarded)
    return verdict?.status == .expired ? nil : verdict
  }

  func state() throws -> [UInt8] {
    try Array("\(today)".utf8)
      + view.frontier().flatMap { head in Array(head.coalition.rawValue.utf8) + head.hash.bytes }
  }

  func digests(beginning leading: LeadingBytes) throws -> [IndicatorDigest] {
    guard let first = IndicatorDigest(leading, filling: 0), let last = IndicatorDigest(leading, filling: 0xFF) else {
      return []
    }
    return try view.digests(from: first, through: last)
  }
}
