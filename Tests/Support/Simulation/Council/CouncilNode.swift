internal import Alliance
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// One member's node and identity key in a simulation of how rosters are decided: the real puller, responder and signer, and what
/// `Node+Rosters` does, without heads.
final class CouncilNode {
  /// What lies on the node's disk.
  struct Disk {
    var chain: RosterChain
    var records: [MemberRecord]
    /// What is known of the next roster.
    var said: [UInt8] = []
  }

  struct Process {
    var puller: Puller
    var feed: HeadsFeed
    var membership: Membership
    var next: OpenRoster
  }

  let index: Int
  let coalition: CoalitionID
  let identity: SigningKey
  let record: MemberRecord
  var disk: Disk
  /// Beside the identity key; nil if it is lost.
  var pledge: [UInt8]? = []
  var process: Process?
  /// Counts starts, so that answers to a dead process are dropped.
  var life = 0
  var waiters: [(id: UInt64, exchange: Exchange)] = []
  var plannedDue: UInt64 = .max
  /// Nobody walks to the safe.
  var isAway = false
  /// Signs whatever suits it.
  var isLiar = false
  /// The change that it wants, made anew for every roster number.
  var wish: RosterChange?
  /// When somebody last signed here, or the roster changed.
  var movedAt: UInt64 = 0
  private let empty = SimulatedDisk()

  init(_ index: Int, record: MemberRecord, identity: SigningKey, disk: Disk) {
    self.index = index
    coalition = record.coalition
    self.record = record
    self.identity = identity
    self.disk = disk
  }

  var isUp: Bool { process != nil }
  var isMember: Bool { disk.chain.newest.member(coalition) != nil }
  var known: Deliberation? { process?.next.deliberation }

  func start(random: inout SeededRandom) {
    life += 1
    plannedDue = .max
    let membership = Membership.make(disk.chain, records: disk.records).membership
    let read = try? Deliberation.read(bytes: disk.said, after: disk.chain).deliberation
    let next = OpenRoster(read ?? Deliberation(after: disk.chain), records: disk.records)
    process = Process(
      puller: Puller(
        alliance: membership.alliance, ours: coalition, members: disk.chain.newest.coalitions, frontier: [], paused: [],
        records: next.recordNames(in: membership), roster: disk.chain.newest.number, deliberation: next.digest,
        seed: random.next()),
      feed: HeadsFeed(process: random.bytes(8)), membership: membership, next: next)
  }

  /// Asks again before it signs anything: its disk or its pledge is an older copy.
  func crash() {
    process = nil
    waiters = []
  }

  func answer(to resource: PeerResource, from peer: CoalitionID, mayWait: Bool) throws -> Served? {
    guard let process else { return nil }
    // The handshake: certificates of members of the roster in force are let in.
    guard disk.chain.newest.member(peer) != nil else {
      return .unreadable(Problem("tls-refused", "no member of the roster in force"))
    }
    let responder = Responder(
      coalition: coalition, membership: process.membership, instance: [UInt8](repeating: UInt8(index), count: 16),
      version: "0", feed: process.feed, sealedKeys: [], next: process.next)
    return try Served(
      empty.read { try responder.reply(to: resource, from: peer, reading: $0, mayWait: mayWait) }, to: resource)
  }

  // MARK: what a node does with what it hears

  /// Keeps what was said before anybody is told.
  /// - Returns: whether it is news here.
  func unite(_ read: Deliberation) throws -> Bool {
    guard let process, let merged = try? process.next.deliberation.merging(read) else { return false }
    let united = OpenRoster(merged, records: disk.records)
    guard united.digest != process.next.digest || united.candidates.count != process.next.candidates.count else {
      return false
    }
    disk.said = united.deliberation.bytes
    let newcomers = Set(united.candidates.keys).subtracting(process.next.candidates.keys)
    self.process?.next = united
    self.process?.feed.rostersCommitted()
    for coalition in newcomers.sorted() { self.process?.feed.recordCommitted(of: coalition) }
    return true
  }

  func putInForce(_ bundle: RosterBundle, random: inout SeededRandom) throws {
    guard let process else { return }
    disk.chain = try disk.chain.appending(bundle)
    disk.said = []
    let membership = Membership.make(disk.chain, records: disk.records).membership
    let next = OpenRoster(Deliberation(after: disk.chain), records: disk.records)
    self.process?.membership = membership
    self.process?.next = next
    self.process?.puller = process.puller.renewed(
      members: disk.chain.newest.coalitions, frontier: [], paused: [], records: next.recordNames(in: membership),
      forks: [:], missingHashKeys: [], roster: disk.chain.newest.number, deliberation: nil)
    self.process?.feed.rostersCommitted()
    wish = nil
  }

  /// - Returns: the number of the newest record that is here now; nil if none of them was wanted.
  func store(_ records: [MemberRecord], of coalition: CoalitionID) -> UInt32? {
    guard let process, process.membership.chains[coalition] == nil else { return nil }
    let isMember = disk.chain.newest.member(coalition) != nil
    let wanted =
      isMember ? records.filter { $0.coalition == coalition } : process.next.wanted(among: records)
    guard !wanted.isEmpty else { return nil }
    if isMember {
      guard let chain = try? RecordChain.pinned(by: disk.chain, of: coalition, records: disk.records + wanted).chain
      else { return nil }
      disk.records += chain.records
      self.process?.membership = Membership.make(disk.chain, records: disk.records).membership
    } else {
      disk.records += wanted
      self.process?.next = OpenRoster(process.next.deliberation, records: disk.records)
    }
    self.process?.feed.recordCommitted(of: coalition)
    return self.process?.membership.record(of: coalition)?.number
      ?? self.process?.next.candidates[coalition]?.last?.number
  }
}
