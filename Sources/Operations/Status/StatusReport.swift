public import Alliance
public import Audit
internal import Control
internal import Foundation
internal import Keys
internal import Ledger
public import Replication
internal import Signing
public import Store
public import Wire

/// Puts `status` together from the store and, if a node runs, from what only the node knows.
public struct StatusReport: Sendable {
  /// What only the running node knows.
  public struct Runtime: Sendable {
    public var upSeconds: UInt64
    public var gate: SignGate.State
    public var links: [PeerLink]
    public var roundTrips: [CoalitionID: Double]
    public var certificateDays: [CoalitionID: Int]
    public var expectations: [Agreement.Expectation]
    /// Newest heads that each peer has shown and we lack.
    public var lacking: [CoalitionID: Int]
    /// Why a peer refuses us, and what we found when we checked our own certificate.
    public var notes: [CoalitionID: String]
    public var refusals: [NodeStatus.Refusal]
    public var ownCertificateDays: Int?
    /// Counted some seconds ago, so that `status` need not wait for it.
    public var counts: IndicatorCounts
    /// Late hits that nobody has looked at.
    public var unseenLateMatches: Int
    /// Listings of ours past their last day by our clock, and by nobody else's.
    public var unconfirmedPast = 0
    /// Listings of ours that cannot be re-hashed, because the vault does not have their plaintext.
    public var withoutPlaintext = 0
    public var auditHead: AuditHead?
    /// Of copies under way, and the time by the same clock.
    public var copyPaces: [CoalitionID: CopyStatus.Pace] = [:]
    public var paceNow: UInt64 = 0
    /// Whether the key of our certificate's authority is elsewhere.
    public var certificateMustBeBrought = false
    /// Peers that are asked over the connections that they make to us.
    public var callers: [CoalitionID] = []
    /// Peers of which two instances run.
    public var doubledPeers: [CoalitionID] = []
    /// Peers that say that a second node runs with our keys.
    public var doubledBy: [CoalitionID] = []
    /// The roster that comes next, if anything was said about it.
    public var deciding: NodeStatus.Deciding?

    public init(
      upSeconds: UInt64, gate: SignGate.State, links: [PeerLink], roundTrips: [CoalitionID: Double],
      certificateDays: [CoalitionID: Int], expectations: [Agreement.Expectation], lacking: [CoalitionID: Int],
      notes: [CoalitionID: String], refusals: [NodeStatus.Refusal], ownCertificateDays: Int?, counts: IndicatorCounts,
      unseenLateMatches: Int
    ) {
      self.counts = counts
      self.unseenLateMatches = unseenLateMatches
      self.upSeconds = upSeconds
      self.gate = gate
      self.links = links
      self.roundTrips = roundTrips
      self.certificateDays = certificateDays
      self.expectations = expectations
      self.lacking = lacking
      self.notes = notes
      self.refusals = refusals
      self.ownCertificateDays = ownCertificateDays
    }
  }

  /// A certificate that ends within so many days is mentioned.
  public static let soonDays = 14

  private let home: NodeHome
  private let version: String

  public init(_ home: NodeHome, version: String) {
    self.home = home
    self.version = version
  }

  /// From the running node if there is one, else from the store.
  public func ask(now: UInt64) throws -> NodeStatus {
    let client = ControlClient(path: home.folder.controlSocket)
    do throws(Problem) {
      return try NodeCall.status.ask(client, for: NodeStatus.self, seconds: 10)
    } catch  where error.code == "node-not-running" {
      let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
      defer { try? ledger.close() }
      return try make(ledger, membership: try home.requireMembership(), runtime: nil, now: now)
    }
  }

  /// - Parameter now: milliseconds since 1970.
  public func make(_ ledger: LedgerStore, membership: Membership, runtime: Runtime?, now: UInt64) throws -> NodeStatus {
    try ledger.view { view in
      let receipts = Dictionary(
        try view.receipts().map { ($0.receipt.coalition, $0) }, uniquingKeysWith: { first, _ in first })
      let frontier = try view.frontier()
      let heldRecords = try HeldRecords.all(membership, view)
      let peers = try membership.roster.coalitions.filter { $0 != home.coalition }.map { coalition in
        try peer(coalition, membership, receipts[coalition], frontier, heldRecords, view, runtime, now)
      }.sorted { Self.rank($0) < Self.rank($1) }
      let counts = try runtime?.counts ?? view.indicatorCounts()
      let listings = try view.listingsByHashKey()
      let heard = try view.peers().compactMap(\.heardAt).max()
      let asOf =
        runtime == nil ? heard.map { (now - min(now, $0)) / 1_000 } : peers.compactMap(\.lastHeardSeconds).min()
      return NodeStatus(
        alliance: .init(
          name: membership.roster.name, fingerprint: Fingerprint(membership.alliance).description,
          coalitions: membership.roster.members.count, roster: membership.roster.number),
        node: .init(
          coalition: home.coalition, name: membership.name(of: home.coalition), running: runtime != nil,
          upSeconds: runtime?.upSeconds ?? 0, version: version,
          identityKeyHere: DurableFile.exists(home.folder.identityKey),
          certificateDays: runtime?.ownCertificateDays,
          certificateWarning: CertificateWarning.text(
            for: home, in: membership, days: runtime?.ownCertificateDays,
            mustBeBrought: runtime?.certificateMustBeBrought ?? false, now: Moment.date(now)),
          doubledBy: runtime?.doubledBy ?? []),
        holding: .init(
          statements: try view.statementCount(), indicators: counts.indicators, quarantined: counts.quarantined,
          asOfSeconds: asOf, unconfirmedPast: runtime?.unconfirmedPast, withoutPlaintext: runtime?.withoutPlaintext),
        signing: try signing(view, membership, receipts, runtime),
        hashKeys: hashKeys(of: membership.roster, now: now),
        positions: try frontier.map { head in
          let position = try view.position(of: head.coalition)
          return .init(
            coalition: head.coalition, epoch: head.epoch, index: head.index, headHash: head.hash.hex,
            liveDigest: position.digest.hash.hex, statements: position.statements, liveBytes: position.liveBytes,
            hold: try view.hold(of: head.coalition),
            forked: try view.forkedCoalitions().contains(head.coalition),
            listingsByKey: (listings[head.coalition] ?? [:]).sorted { $0.key < $1.key }
              .map { .init(keyEpoch: $0.key, listings: $0.value) })
        },
        copies: try membership.roster.coalitions.compactMap { coalition in
          guard let staged = try view.staged(of: coalition), staged.phase != .ready, staged.base != nil
          else { return nil }
          return CopyStatus(staged, pace: runtime?.copyPaces[coalition], now: runtime?.paceNow ?? 0)
        },
        heldRecords: heldRecords, peers: peers, refusals: runtime?.refusals ?? [], unseenLateMatches: try late(runtime),
        audit: audit(runtime),
        aging: membership.aging(on: Day.of(milliseconds: now)).map { coalition, last, age in
          .init(coalition: coalition, lastDay: Day.text(last), age: age)
        },
        deciding: runtime?.deciding, next: Self.next(peers, runtime))
    }
  }

  private func hashKeys(of roster: Roster, now: UInt64) -> [NodeStatus.HashKey] {
    let today = Day.of(milliseconds: now)
    let missing = home.missingHashKeys(on: today, roster: roster)
    return roster.hashKeys.map { key in
      .init(
        keyEpoch: key.keyEpoch, open: key.isOpen(on: today), closes: key.closes == 0 ? nil : Day.text(key.closes),
        here: key.isOpen(on: today) ? !missing.contains(key.keyEpoch) : nil)
    }
  }

  /// The log's own damage is for `audit verify` and `doctor` to tell.
  private func audit(_ runtime: Runtime?) -> NodeStatus.AuditStatus? {
    guard let head = runtime?.auditHead ?? (try? AuditTrail(home.folder).head()) else { return nil }
    return .init(entries: head.number, head: head.hash.hex)
  }

  private func late(_ runtime: Runtime?) throws -> Int {
    if let runtime { return runtime.unseenLateMatches }
    let log = try ScreeningStore.openReadOnly(home.folder.screening)
    defer { try? log?.close() }
    return try log?.unseenLateMatches() ?? 0
  }

  private func signing(
    _ view: LedgerView, _ membership: Membership, _ receipts: [CoalitionID: StoredReceipt], _ runtime: Runtime?
  ) throws -> NodeStatus.Signing {
    let head = try view.position(of: home.coalition).head
    let others = membership.roster.coalitions.filter { $0 != home.coalition }
    let held = others.filter { coalition in
      guard let head, let entry = receipts[coalition]?.receipt.entry(of: home.coalition) else { return false }
      return entry.epoch == head.epoch && entry.index == head.index && entry.headHash == head.hash
    }
    var state = "no-node"
    var (waitingFor, needed, mayWaive) = (0, 0, false)
    var problem: Problem?
    switch runtime?.gate {
    case .open: state = "ready"
    case .waiting(let answered, let all, let waive):
      (state, waitingFor, needed, mayWaive) = ("waiting", all - answered, all, waive)
    case .stopped(let reason): (state, problem) = ("stopped", reason)
    case nil: break
    }
    return .init(
      state: state, epoch: head?.epoch, index: head?.index, heldBy: held.count, of: others.count,
      queued: try view.queueCount(), waitingFor: waitingFor, needed: needed, mayWaive: mayWaive, problem: problem)
  }

  private func peer(
    _ coalition: CoalitionID, _ membership: Membership, _ receipt: StoredReceipt?, _ frontier: [HeadReference],
    _ heldRecords: [HeldRecords], _ view: LedgerView, _ runtime: Runtime?, _ now: UInt64
  ) throws -> NodeStatus.Peer {
    let link = runtime?.links.first { $0.peer == coalition }
    // Seen when the clock was ahead: how long ago is not known.
    let age = receipt.map { $0.firstSeen > now + 60_000 ? UInt64.max : now - min(now, $0.firstSeen) }
    let agrees =
      if let runtime {
        try Agreement.judge(receipt.map { ($0.receipt, age ?? 0) }, expecting: runtime.expectations) {
          try view.history(of: $0, epoch: $1, from: $2, limit: 1).first
        }
      } else {
        Agreement.unknown
      }
    var theyLack: Int?
    if let receipt {
      theyLack = try frontier.reduce(0) { sum, head in
        let entry = receipt.receipt.entry(of: head.coalition)
        return try sum + view.changes(of: head.coalition, after: entry.map { ($0.epoch, $0.index) })
      }
    }
    let hold = try view.hold(of: coalition)
    let heard = link?.heardAt
    return NodeStatus.Peer(
      coalition: coalition, name: membership.name(of: coalition), link: link?.state.rawValue ?? "unknown",
      agrees: agrees, lastHeardSeconds: heard.map { (now - min(now, $0)) / 1_000 },
      weLack: runtime?.lacking[coalition], theyLack: theyLack, roundTripMilliseconds: runtime?.roundTrips[coalition],
      certificateDays: runtime?.certificateDays[coalition],
      note: try Forks.acting(on: coalition, view).map { "forked: \(Forks.problem($0).what)" }
        ?? hold.map { "held: \($0.what)" }
        ?? heldRecords.first { $0.coalition == coalition }.map { "records: \($0.problem.what)" } ?? Self.doubled(
          coalition, runtime) ?? runtime?.notes[coalition]
        ?? Self.ending(runtime?.certificateDays[coalition]) ?? Self.calling(coalition, runtime, link))
  }

  private static func doubled(_ coalition: CoalitionID, _ runtime: Runtime?) -> String? {
    runtime?.doubledPeers.contains(coalition) == true ? "two nodes run with its keys: it has been told" : nil
  }

  private static func calling(_ coalition: CoalitionID, _ runtime: Runtime?, _ link: PeerLink?) -> String? {
    link?.state == .open && runtime?.callers.contains(coalition) == true ? "calls us: we cannot dial it" : nil
  }

  private static func ending(_ days: Int?) -> String? {
    guard let days, days < soonDays else { return nil }
    return days < 0 ? "certificate has ended" : "certificate ends soon"
  }

  /// Worst first, then by name.
  private static func rank(_ peer: NodeStatus.Peer) -> String {
    let agreement = [.no: "0", .unknown: "1", .catchingUp: "2", .yes: "3"][peer.agrees] ?? "4"
    return agreement + (peer.link == "open" ? "1" : "0") + peer.coalition.rawValue
  }

  private static func next(_ peers: [NodeStatus.Peer], _ runtime: Runtime?) -> String? {
    guard let runtime else { return "vaka serve" }
    if case .stopped(let problem) = runtime.gate, let next = problem.next { return next }
    if let days = runtime.ownCertificateDays, days < 0 { return "vaka cert show" }
    if let paused = peers.first(where: { $0.link == "paused" }) { return "vaka peer resume \(paused.coalition)" }
    return peers.first { $0.link == "down" }.map { "vaka peer probe \($0.coalition)" }
  }
}
