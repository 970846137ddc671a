internal import Alliance
internal import AllianceBench
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
public import Wire

/// One node of a simulation: the real puller, responder, author and gate over a simulated disk.
public final class SimulatedNode {
  public let coalition: CoalitionID
  public let disk: SimulatedDisk
  public private(set) var isUp = false
  private let alliance: FoundedAlliance
  private let author: Author
  private var mark: HeadReference?
  private(set) var feed = HeadsFeed(process: [])
  private(set) var gate: SignGate
  private var puller: Puller?
  /// Counts restarts, so that answers to a dead process are dropped.
  private(set) var life = 0
  private var receiptDue: UInt64 = 0

  init(_ coalition: CoalitionID, in alliance: FoundedAlliance) throws {
    self.coalition = coalition
    self.alliance = alliance
    disk = SimulatedDisk()
    guard let key = alliance.signingKeys[coalition] else { throw Problem("no-key", "no signing key") }
    author = Author(coalition: coalition, epoch: 1, key: key, deltaChanges: 2)
    gate = SignGate(coalition: coalition, peers: [], mark: .matches)
  }

  func crash() {
    isUp = false
    life += 1
    puller = nil
  }

  /// Starts as a node does: settles what was decided before, then asks before signing.
  func start(random: inout SeededRandom) throws {
    if let prepared = try disk.read({ try $0.preparedHeads() }) {
      if try Author.reference(of: prepared) == mark {
        _ = try author.publish(prepared, in: disk, membership: alliance.membership)
      } else {
        try author.discardPrepared(in: disk)
      }
    }
    let head = try disk.read { try $0.position(of: coalition).head }
    let peers = alliance.coalitions.filter { $0 != coalition }
    gate = SignGate(
      coalition: coalition, peers: peers,
      mark: mark == head ? .matches : .differs(Problem("sign-mark-differs", "the mark names another head")))
    feed = HeadsFeed(process: random.bytes(8))
    puller = Puller(
      alliance: alliance.membership.alliance, ours: coalition, members: alliance.coalitions,
      frontier: try disk.read { try $0.frontier() }, paused: [], seed: random.next())
    receiptDue = 0
    isUp = true
  }

  /// One step of signing; a crash may fall between any two.
  enum SigningStep {
    case nothing, prepared, marked
    case published([HeadReference])
    case crashed
  }

  func sign(now: UInt64, random: inout SeededRandom, crashOdds: UInt64?) throws -> SigningStep {
    guard isUp, gate.isOpen else { return .nothing }
    var generator = random
    let prepared = try author.prepare(in: disk, membership: alliance.membership, now: now) { generator.bytes($0) }
    random = generator
    guard let prepared else { return .nothing }
    if let crashOdds, random.happens(oneIn: crashOdds) { return .crashed }
    mark = try author.readBack(prepared, from: disk)
    if let crashOdds, random.happens(oneIn: crashOdds) { return .crashed }
    let heads = try author.publish(prepared, in: disk, membership: alliance.membership).heads
    if let crashOdds, random.happens(oneIn: crashOdds) { return .crashed }
    feed.headCommitted(of: coalition)
    return .published(heads)
  }

  func handle(_ event: Puller.Event, at now: UInt64) -> [Puller.Effect] { puller?.handle(event, at: now) ?? [] }

  func apply(_ entries: [StoredEntry], of other: CoalitionID) throws -> Replica.Outcome {
    let outcome = try Replica.apply(entries, of: other, membership: alliance.membership, in: disk, now: 0)
    for head in outcome.applied { feed.headCommitted(of: head.coalition) }
    return outcome
  }

  func stage(_ input: Snapshot.Input, of other: CoalitionID) throws -> Snapshot.Outcome {
    let outcome = try Snapshot.take(input, of: other, membership: alliance.membership, in: disk)
    if case .finished(let head) = outcome { feed.headCommitted(of: head.coalition) }
    return outcome
  }

  /// As a node does whose window is short: all but the newest deltas go, also while a peer is reading them.
  func forgetDeltas() throws {
    for head in try disk.read({ try $0.frontier() }) where head.index > 0 {
      try disk.write {
        try $0.dropDeltas(of: head.coalition, beforeEpoch: head.epoch, index: head.index - 1)
      }
    }
  }

  /// A node says what it has applied some time after a change; a crash forgets that one is due, the next start makes one.
  func noteChange(at now: UInt64) { receiptDue = min(receiptDue, now + 400) }

  func makeReceiptIfDue(at now: UInt64) throws {
    guard isUp, now >= receiptDue else { return }
    receiptDue = now + 300_000
    let receipt = try Receipts.make(by: author, alliance: alliance.membership, in: disk, now: now)
    feed.receiptCommitted(of: receipt.coalition)
  }

  func keep(_ receipts: [Receipt], at now: UInt64) throws -> [CoalitionID] {
    let changed = try Receipts.keep(
      receipts, besides: coalition, membership: alliance.membership, in: disk, now: now)
    for coalition in changed { feed.receiptCommitted(of: coalition) }
    return changed
  }

  func ownHeadShown(by peer: CoalitionID, _ head: HeadReference?) throws {
    let known = try disk.read { reader in
      guard let head else { return true }
      return try reader.history(of: coalition, epoch: head.epoch, from: head.index, limit: 1).first == head.hash
    }
    gate.answered(by: peer, showing: head, known: known)
  }

  func reply(to resource: PeerResource, from peer: CoalitionID, mayWait: Bool) throws -> Responder.Reply {
    let responder = Responder(
      coalition: coalition, membership: alliance.membership, instance: Array(repeating: 7, count: 16), version: "0",
      feed: feed, sealedKeys: [])
    return try disk.read { try responder.reply(to: resource, from: peer, reading: $0, mayWait: mayWait) }
  }
}
