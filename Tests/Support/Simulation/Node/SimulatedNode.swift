internal import Alliance
internal import AllianceBench
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// One node of a simulation: the real puller, responder, author and gate over a simulated disk.
///
/// - `SimulatedNode+Signing`: heads of its own, with a crash between any two steps
/// - `SimulatedNode+Serving`: what it answers
final class SimulatedNode {
  /// What is gone when the process ends.
  struct Process {
    var puller: Puller
    var gate: SignGate
    var feed: HeadsFeed
    let instance: [UInt8]
    /// What is said about the next roster.
    var next: OpenRoster
    var receiptDue: UInt64
    var signDue: UInt64 = 0
    var lastSignedAt: UInt64 = 0
    var erasuresDue: UInt64 = 0
    /// A head is needed although nothing may be queued: for an erasure.
    var needsHead = false
  }

  /// Where a crash may fall: between two effects.
  enum Boundary: UInt64, CaseIterable {
    case beforePrepare, prepared, readBack, marked, published, beforeApply, applied, copied
  }

  static let receiptPause: UInt64 = 400
  static let receiptEvery: UInt64 = 300_000
  static let signingPause: UInt64 = 200
  static let retryPause: UInt64 = 5_000
  /// Why a coalition that broke a rule signs nothing more.
  static let rogue = Problem("rule-broken", "a head that breaks a rule was signed")

  let index: Int
  let coalition: CoalitionID
  let disk: SimulatedDisk
  var author: Author
  /// For lies in another's name.
  let signingKey: SigningKey?
  /// Kept offline, for new epochs.
  let identity: SigningKey
  /// Key files, by epoch: no backup puts them back.
  var keys: [UInt32: SigningKey]
  /// What its alliance file says.
  var file: Membership
  private let deltaChanges: Int
  var membership: Membership
  var clock = SimulatedClock()
  /// The sign mark: a file beside the store, synced by itself.
  var mark: HeadReference?
  var process: Process?
  /// Counts starts, so that answers to a dead process are dropped.
  var life = 0
  /// The next boundary at which it crashes.
  var crashesAt: Boundary?
  /// Flips a bit of the next prepared head.
  var flipsPrepared = false
  /// Answers nothing, and ends no request either.
  var isStalling = false
  /// Some answers are not what is in the store.
  var isLying = false
  /// The store was set back behind what it has signed: it may stop signing, and never go on by itself.
  var isSetBack = false
  /// Its newest epoch goes on from a head that it has gone past.
  var hasEpochGap = false
  /// When its disk was last put back, so that it may hold again what was erased since.
  var setBackAt: UInt64 = 0
  /// Until when nobody can say from outside what its breaker lets pass: its store or its clock was put back or right.
  var passesUntil: UInt64 = 0
  /// Its own position before it signed what breaks a rule.
  var lastGood: LedgerState.Part?
  /// Takes requests for parts of positions and never ends them.
  var stallsBodies = false
  /// Its operator takes so long to sign again under a new key.
  var signsNotBefore: UInt64 = 0
  /// Shows what it signed with another's old key.
  var isTempting = false
  /// It is never started again.
  var isShut = false
  var waiters: [(id: UInt64, exchange: Exchange)] = []
  var plannedDue: UInt64 = .max
  /// Heads that it has shown as applied, since the disk was last set back.
  var shown: [CoalitionID: HeadReference] = [:]
  private var cache: [Question: Served] = [:]
  private var cachedAt: (UInt64, UInt64) = (0, 0)
  /// The last answer that a frontier got, which hangs on nothing else.
  private var cachedFrontier: (heads: [HeadReference], served: Served)?

  private struct Question: Hashable {
    let resource: PeerResource
    let mayWait: Bool
  }

  init(
    _ index: Int, of coalition: CoalitionID, file: Membership, identity: SigningKey, key: SigningKey, deltaChanges: Int,
    pageRows: Int
  ) {
    self.index = index
    self.coalition = coalition
    self.file = file
    membership = file
    disk = SimulatedDisk(pageRows: pageRows)
    signingKey = key
    self.identity = identity
    keys = [1: key]
    self.deltaChanges = deltaChanges
    author = Author(coalition: coalition, epoch: 1, key: key, deltaChanges: deltaChanges)
  }

  /// - Parameter original: of which node this is a copy, with its disk, mark, keys and clock.
  convenience init(
    _ index: Int, in alliance: FoundedAlliance, deltaChanges: Int, pageRows: Int, of original: SimulatedNode? = nil
  ) throws {
    let coalition = original?.coalition ?? alliance.coalitions[index]
    guard let key = alliance.signingKeys[coalition] else { throw Problem("no-key", "no signing key") }
    guard let identity = alliance.identities[coalition] else { throw Problem("no-key", "no identity key") }
    self.init(
      index, of: coalition, file: alliance.membership, identity: identity, key: key, deltaChanges: deltaChanges,
      pageRows: pageRows)
    guard let original else { return }
    disk.restore(original.disk.image)
    (mark, keys, clock) = (original.mark, original.keys, original.clock)
  }

  var isUp: Bool { process != nil }

  /// All that are here.
  var records: [MemberRecord] { file.chains.sorted { $0.key < $1.key }.flatMap(\.value.records) + disk.state.records }

  /// Starts as a node does: settles what was decided before, then asks before signing.
  /// - Parameter said: what was kept of what is said about the next roster.
  func start(
    at now: UInt64, random: inout SeededRandom, said: [UInt8] = [], missingHashKeys: Set<UInt32> = []
  ) throws -> [HeadReference] {
    membership = Membership.make(file.rosters, records: records).membership
    let known = try? Deliberation.read(bytes: said, after: membership.rosters).deliberation
    let next = OpenRoster(known ?? Deliberation(after: membership.rosters), records: records)
    useNewestEpoch()
    let settled = try settle()
    let head = try disk.read { try $0.position(of: coalition).head }
    let peers = membership.roster.coalitions.filter { $0 != coalition }
    life += 1
    plannedDue = .max
    process = Process(
      puller: Puller(
        alliance: membership.alliance, ours: coalition, members: membership.roster.coalitions,
        frontier: try disk.read { try $0.frontier() }.filter { $0.coalition == coalition || membership.counts($0) },
        paused: [], records: next.recordNames(in: membership),
        forks: try disk.read { reader in
          Dictionary(
            try Forks.open(in: membership, reader).map {
              ($0.coalition, ProvenFork(epoch: $0.epoch, index: $0.index))
            }, uniquingKeysWith: { first, _ in first })
        }, missingHashKeys: missingHashKeys, roster: membership.roster.number, deliberation: next.digest,
        seed: random.next()),
      gate: SignGate(
        coalition: coalition, peers: peers,
        mark: SignGate.matches(
          decided: mark, store: head, newest: membership.record(of: coalition)?.epochs.last)
          ? .matches
          : mark.map { $0.isAfter(head) } ?? false
            ? .ahead(Problem("sign-mark-ahead", "the mark names a later head"))
            : .differs(Problem("sign-mark-differs", "the mark names another head")),
        stop: try lastGood.map { _ in Self.rogue } ?? authorProblem ?? membership.conflicts[coalition]?.problem
          ?? disk.read { try Forks.stopping(coalition, membership: membership, $0) }.map(Forks.problem)),
      feed: HeadsFeed(process: random.bytes(8)), instance: random.bytes(16),
      next: next, receiptDue: now + 1_000, signDue: now)
    return settled
  }

  /// As a node does: the key of the newest epoch that its records name, if the file is there.
  func useNewestEpoch() {
    guard let epoch = membership.record(of: coalition)?.epochs.last, let key = keys[epoch.number] else { return }
    if author.epoch != epoch.number {
      author = Author(coalition: coalition, epoch: epoch.number, key: key, deltaChanges: deltaChanges)
    }
  }

  /// Why nothing can be signed under the roster in force, as a node finds it.
  var authorProblem: Problem? {
    guard membership.roster.member(coalition) != nil else { return Problem("removed", "the roster has removed us") }
    let epoch = membership.record(of: coalition)?.epochs.last?.number ?? 1
    guard epoch > membership.roster.retiredEpoch(of: coalition) || planted(.retiredEpochSigns) else {
      return Problem("epoch-retired", "our epoch ended when we were removed")
    }
    return nil
  }

  /// Whether our newest epoch has no head yet.
  var opensEpoch: Bool {
    author.epoch > 1 && disk.state.positions[coalition]?.head.map { $0.epoch < author.epoch } ?? false
  }

  func crash() {
    process = nil
    waiters = []
    disk.losePower()
  }

  var hasOpenErasures: Bool { disk.state.erasures.contains { $0.step != .erased } }

  /// Whether a head is to be signed: for changes, for a new epoch or for an erasure.
  var wantsHead: Bool { !disk.state.queue.isEmpty || opensEpoch || process?.needsHead ?? false }

  /// When it has something to do by itself.
  var nextDue: UInt64 {
    guard let due = process?.puller.nextDue, let receiptDue = process?.receiptDue else { return .max }
    let erasuresDue = hasOpenErasures ? process?.erasuresDue ?? .max : .max
    guard wantsHead, process?.gate.isOpen ?? false else { return min(due, receiptDue, erasuresDue) }
    return min(due, receiptDue, erasuresDue, max(process?.signDue ?? .max, signsNotBefore))
  }

  /// What the real responder says, asked once for each state of the store and the feed.
  func answer(to resource: PeerResource, from peer: CoalitionID, mayWait: Bool) throws -> Served? {
    guard let sequence = process?.feed.sequence else { return nil }
    let version = (disk.version, sequence &+ UInt64(life) << 40)
    if cachedAt != version { (cache, cachedAt) = ([:], version) }
    // Without a cursor the answer is for this asker alone.
    let isForAll = if case .heads(nil, _, _) = resource { false } else { true }
    let question = Question(resource: resource, mayWait: mayWait)
    if isForAll, let served = cache[question] { return served }
    if resource == .frontier, let cachedFrontier, cachedFrontier.heads == disk.state.frontier {
      return cachedFrontier.served
    }
    guard let process else { return nil }
    let responder = Responder(
      coalition: coalition, membership: membership, instance: process.instance, version: "0", feed: process.feed,
      sealedKeys: [], next: process.next)
    let reply = try disk.read { try responder.reply(to: resource, from: peer, reading: $0, mayWait: mayWait) }
    let served = try Served(reply, to: resource)
    if isForAll { cache[question] = served }
    if resource == .frontier { cachedFrontier = (disk.state.frontier, served) }
    return served
  }

  func raw(
    _ resource: PeerResource, from peer: CoalitionID, mayWait: Bool, sealedKeys: [SealedHashKey] = []
  ) throws -> Responder.Reply? {
    guard let process else { return nil }
    let responder = Responder(
      coalition: coalition, membership: membership, instance: process.instance, version: "0", feed: process.feed,
      sealedKeys: sealedKeys, next: process.next)
    return try disk.read { try responder.reply(to: resource, from: peer, reading: $0, mayWait: mayWait) }
  }
}

/// A request on its way, and who is to have the answer.
final class Exchange {
  let ticket: Puller.Ticket
  let asker: Int
  let life: Int
  let peer: Int
  let sentAt: UInt64
  /// How often an answer has come.
  var answers = 0

  init(ticket: Puller.Ticket, asker: Int, life: Int, peer: Int, sentAt: UInt64) {
    (self.ticket, self.asker, self.life, self.peer, self.sentAt) = (ticket, asker, life, peer, sentAt)
  }

  /// As a node's client waits: the time of a poll and ten seconds, or thirty.
  var limit: UInt64 {
    if case .heads(_, let wait, _) = ticket.resource { sentAt + UInt64(wait + 10) * 1_000 } else { sentAt + 30_000 }
  }
}
