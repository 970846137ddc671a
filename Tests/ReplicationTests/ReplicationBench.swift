import Alliance
import AllianceBench
import Indicators
import Ledger
import Replication
import Seeded
import Signing
import Simulation
import SwiftProtobuf
import Testing
import Wire

/// An alliance of three from one seed, with a store for each, that signs heads as a node does.
struct ReplicationBench {
  let alliance: FoundedAlliance
  let disks: [CoalitionID: SimulatedDisk]

  init() throws {
    var random = SeededRandom(seed: 11)
    alliance = try FoundedAlliance(["se", "no", "us"], random: &random)
    disks = Dictionary(uniqueKeysWithValues: alliance.coalitions.map { ($0, SimulatedDisk()) })
  }

  static func id(_ text: String) throws -> CoalitionID { try #require(CoalitionID(text)) }

  func disk(_ coalition: String) throws -> SimulatedDisk { try #require(disks[Self.id(coalition)]) }

  func author(_ coalition: String) throws -> Author {
    let id = try Self.id(coalition)
    return Author(coalition: id, epoch: 1, key: try #require(alliance.signingKeys[id]))
  }

  static func key(_ number: UInt8) throws -> StatementKey {
    try #require(StatementKey([Facet.listing.rawValue] + [UInt8](repeating: number, count: 32)))
  }

  /// Signs one head of a coalition into its own store, with one put of so many bytes.
  @discardableResult
  func sign(_ coalition: String, number: UInt8 = 1, bytes: Int = 20) throws -> StoredEntry {
    let (disk, author) = (try disk(coalition), try author(coalition))
    let key = try Self.key(number)
    try disk.write { try $0.enqueue([.put(key, statement: [UInt8](repeating: number, count: bytes))]) }
    return try signQueued(disk, author)
  }

  func signQueued(_ disk: SimulatedDisk, _ author: Author) throws -> StoredEntry {
    var random = SeededRandom(seed: UInt64(try disk.read { try $0.frontier().count }) + 1)
    let made = try author.prepare(in: disk, membership: alliance.membership, now: 9) { random.bytes($0) }
    let prepared = try #require(made)
    let published = try author.publish(prepared, in: disk, membership: alliance.membership)
    let head = try #require(published.heads.last)
    return try #require(
      try disk.read { try $0.entry(of: author.coalition, epoch: head.epoch, index: head.index) })
  }

  func signMany(_ coalition: String, _ count: Int) throws -> [StoredEntry] {
    try (0..<count).map { try sign(coalition, number: UInt8($0 + 1)) }
  }

  func responder(
    _ coalition: String, feed: HeadsFeed = HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8]), keys: [SealedHashKey] = []
  ) throws -> Responder {
    Responder(
      coalition: try Self.id(coalition), membership: alliance.membership,
      instance: [UInt8](repeating: 7, count: 16), version: "1", feed: feed, sealedKeys: keys)
  }

  /// A puller at `se` with no and us as its peers.
  ///
  /// It fetches at once what others tell of, unless a pause is named.
  func puller(
    frontier: [HeadReference] = [], paused: Set<CoalitionID> = [], missingHashKeys: Set<UInt32> = [], seed: UInt64 = 3,
    relayPause: UInt64 = 0
  ) throws -> PullerBench {
    var settings = Puller.Settings()
    settings.relayPause = relayPause
    return PullerBench(
      puller: Puller(
        alliance: alliance.membership.alliance, ours: try Self.id("se"), members: alliance.coalitions,
        frontier: frontier, paused: paused, missingHashKeys: missingHashKeys, settings: settings, seed: seed))
  }

  func hello(_ coalition: String, alliance other: ObjectHash? = nil, protocols: ClosedRange<UInt32> = 1...1) throws
    -> PeerAnswer
  {
    var hello = WireHello()
    hello.alliance = .init((other ?? alliance.membership.alliance).bytes)
    hello.coalition = coalition
    hello.roster = 1
    hello.rosterHash = .init(alliance.membership.roster.hash.bytes)
    hello.protocolLowest = protocols.lowerBound
    hello.protocolHighest = protocols.upperBound
    hello.instance = .init(repeating: 1, count: 16)
    return try PeerAnswer(to: .hello, body: try hello.serializedBytes())
  }

  /// What a peer's page of heads says, newest head with its delta if that is small, read as it would come in.
  func page(
    _ entries: [StoredEntry], delta: Bool = true, receipts: [Receipt] = [], cursor: [UInt8] = [1, 2, 3]
  ) throws -> PeerAnswer {
    var page = WireHeadsPage()
    page.cursor = .init(cursor)
    page.heads = entries.map { entry in
      var wire = WireHeadEntry()
      wire.head = entry.head.signed.wire
      if delta { wire.delta = .init(entry.delta) }
      return wire
    }
    page.receipts = receipts.map(\.signed.wire)
    return try PeerAnswer(to: .heads(after: nil, wait: 30), body: try page.serializedBytes())
  }
}

/// A puller with a clock, that remembers what it last asked for.
struct PullerBench {
  var puller: Puller
  var now: UInt64 = 1_000
  /// Effects of the last event.
  var effects: [Puller.Effect] = []

  init(puller: Puller) { self.puller = puller }

  mutating func handle(_ event: Puller.Event) { effects = puller.handle(event, at: now) }

  mutating func tick(after milliseconds: UInt64) {
    now += milliseconds
    handle(.tick)
  }

  var tickets: [Puller.Ticket] {
    effects.compactMap { effect in if case .request(let ticket) = effect { ticket } else { nil } }
  }

  var asked: [String] { tickets.map { "\($0.peer)\($0.resource)" } }

  var disconnected: [String] {
    effects.compactMap { effect in if case .disconnect(let peer) = effect { peer.rawValue } else { nil } }
  }

  /// Coalition, number of heads and sender of each apply.
  var applies: [String] {
    effects.compactMap { effect in
      if case .apply(let coalition, let entries, let peer) = effect {
        "\(coalition) \(entries.count) from \(peer)"
      } else {
        nil
      }
    }
  }

  /// Coalition, kind of answer and sender of each answer taken into a copy.
  var stages: [String] {
    effects.compactMap { effect in
      guard case .stage(let coalition, let input, let peer) = effect else { return nil }
      let kind =
        switch input {
        case .begin: "begin"
        case .page(let page, _, _): "page of \(page.rows.count)"
        case .deltas(let entries, _): "deltas of \(entries.count)"
        case .deltasGone: "deltas gone"
        case .buckets: "buckets"
        case .history(let hashes, _): "history of \(hashes.count)"
        case .gone: "gone"
        }
      return "\(coalition) \(kind) from \(peer)"
    }
  }

  var held: [String] {
    effects.compactMap { effect in
      if case .hold(let coalition, let problem) = effect { "\(coalition) \(problem.code)" } else { nil }
    }
  }

  func ticket(_ start: String) throws -> Puller.Ticket {
    try #require(tickets.first { "\($0.peer)\($0.resource)".hasPrefix(start) }, "asked \(asked)")
  }
}
