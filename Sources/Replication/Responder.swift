public import Alliance
internal import FoundationEssentials
internal import Ledger
internal import Signing
public import SwiftProtobuf
public import Wire

/// Answers peers: a pure function of the request and the store.
public struct Responder: Sendable {
  /// What it returns: an answer, or "ask again when something is new".
  public enum Reply: Sendable {
    case message(any SwiftProtobuf.Message)
    /// Raw bytes: the concatenated head hashes of a history page.
    case bytes([UInt8])
    /// An HTTP status with problem details (RFC 9457).
    case problem(status: Int, Problem)
    /// Nothing new yet: ask again once the feed has gone past this sequence, at the latest after so many seconds.
    case wait(sequence: UInt64, seconds: Int)
  }

  public let coalition: CoalitionID
  public let membership: Membership
  /// 16 random bytes of this process.
  public let instance: [UInt8]
  public let version: String
  public let feed: HeadsFeed
  /// Sealed copies of hash keys.
  public let sealedKeys: [SealedHashKey]
  /// Instances of the asker's coalition that run at the same time, if more than one.
  public let instances: [[UInt8]]
  /// What is known here of the roster that comes next.
  public let next: OpenRoster

  public init(
    coalition: CoalitionID, membership: Membership, instance: [UInt8], version: String, feed: HeadsFeed,
    sealedKeys: [SealedHashKey], instances: [[UInt8]] = [], next: OpenRoster? = nil
  ) {
    self.coalition = coalition
    self.membership = membership
    self.instance = instance
    self.version = version
    self.feed = feed
    self.sealedKeys = sealedKeys
    self.instances = instances
    self.next = next ?? OpenRoster(Deliberation(after: membership.rosters), records: [])
  }

  /// - Parameters:
  ///   - peer: the coalition whose certificate made the link.
  ///   - mayWait: false once a long poll's time is over; then an empty page is the answer.
  /// - Throws: what the store throws.
  public func reply(
    to resource: PeerResource, from peer: CoalitionID, reading reader: any LedgerReading, mayWait: Bool
  ) throws -> Reply {
    switch resource {
    case .hello: return .message(hello)
    case .roster(let number): return roster(number)
    case .deliberation(let number, let part): return deliberation(on: number, part: part)
    case .records(let coalition): return records(of: coalition)
    case .frontier: return .message(try frontier(reader))
    case .heads(let cursor, let wait, let relay):
      return try heads(after: cursor, wait: mayWait ? wait : 0, relay: relay, for: peer, reader)
    case .deltas(let coalition, let epoch, let index):
      return try deltas(of: coalition, epoch: epoch, from: index, reader)
    case .history(let coalition, let epoch, let index):
      let hashes = try reader.history(of: coalition, epoch: epoch, from: index, limit: 65_536)
      return .bytes(hashes.flatMap(\.bytes))
    case .snapshot(let coalition, let head, let key, let bucket):
      return try snapshot(of: coalition, atLeast: head, after: key, bucket: bucket, reader)
    case .buckets(let coalition): return try buckets(of: coalition, reader)
    case .hashKey(let epoch):
      guard let key = sealedKeys.first(where: { $0.recipient == peer && $0.keyEpoch == epoch }) else {
        return notFound("there is no hash key \(epoch) sealed to \(peer) here")
      }
      return .message(key.wire)
    }
  }

  private var hello: WireHello {
    var hello = WireHello()
    hello.alliance = Data(membership.alliance.bytes)
    hello.coalition = coalition.rawValue
    hello.roster = membership.roster.number
    hello.rosterHash = Data(membership.roster.hash.bytes)
    hello.protocolLowest = PeerResource.protocolVersion
    hello.protocolHighest = PeerResource.protocolVersion
    hello.instance = Data(instance)
    hello.pageBytes = UInt64(Limits.pageBytes)
    hello.longestWait = UInt32(Limits.longPollSeconds)
    hello.version = version
    return hello
  }

  private func roster(_ number: UInt32) -> Reply {
    guard let bundle = membership.rosters.bundle(number) else {
      return notFound("there is no roster \(number) here")
    }
    return .message(bundle.wire)
  }

  private func deliberation(on number: UInt32, part: Int) -> Reply {
    let parts = next.deliberation.parts(of: Self.deliberationPartBytes)
    guard number == next.deliberation.election.number, part < max(1, parts.count) else {
      return notFound("nothing was said here about roster \(number), or not so much")
    }
    var page = WireDeliberationPage()
    if part < parts.count, let wire = try? WireRosterDeliberation(serializedBytes: parts[part]) { page.part = wire }
    page.more = part + 1 < parts.count
    return .message(page)
  }

  private var rosters: WireRosterNews {
    var news = WireRosterNews()
    news.roster = membership.roster.number
    if let digest = next.digest { news.deliberation = Data(digest.bytes) }
    return news
  }

  private func records(of coalition: CoalitionID) -> Reply {
    // What contradicts itself is shown to everyone, so that all come to the same view.
    let chain = (membership.chains[coalition]?.records ?? []) + (membership.conflicts[coalition]?.records ?? [])
    let candidate = next.candidates[coalition] ?? []
    // Somebody who comes back has records here from before.
    let known = candidate.count > chain.count ? candidate : chain
    guard !known.isEmpty else {
      return notFound("\(coalition) is not in the roster, or its records are not here")
    }
    var records = WireRecordChain()
    records.records = known.map(\.signed.wire)
    return .message(records)
  }

  private static let deliberationPartBytes = 1 << 20

  private func frontier(_ reader: any LedgerReading) throws -> WireFrontier {
    var frontier = WireFrontier()
    frontier.heads = try reader.frontier().map { head in
      var wire = WireFrontierHead()
      wire.coalition = head.coalition.rawValue
      wire.epoch = head.epoch
      wire.index = head.index
      wire.headHash = Data(head.hash.bytes)
      return wire
    }
    return frontier
  }

  private func heads(
    after cursor: String?, wait: Int, relay: [CoalitionID], for peer: CoalitionID, _ reader: any LedgerReading
  ) throws -> Reply {
    let after = cursor.flatMap(Base64URL.decode).flatMap(feed.sequence(of:))
    var page = WireHeadsPage()
    page.cursor = Data(feed.cursor)
    for head in feed.hasNewHeads(after: after) ? try reader.frontier() : []
    where feed.headIsNew(of: head.coalition, after: after) {
      var entry = WireHeadEntry()
      if let stored = try reader.entry(of: head.coalition, epoch: head.epoch, index: head.index) {
        entry.head = stored.head.signed.wire
        // Everybody tells everybody, and a body is wanted once: from its own coalition, by who lacks just this one.
        let isNews = head.coalition == coalition && feed.headIsNext(of: coalition, after: after)
        if isNews || planted(.bodiesToEveryone), stored.delta.count <= Limits.inlineDeltaBytes {
          entry.delta = Data(stored.delta)
        }
      } else {
        // After a snapshot there is no delta of the newest head here.
        guard let signed = try reader.signedHead(of: head.coalition) else { continue }
        entry.head = signed.signed.wire
      }
      page.heads.append(entry)
    }
    var wanted = planted(.receiptsNotRelayed) ? [coalition] : Set(relay).union([coalition])
    // Who begins anew may have forgotten how far his own receipts had counted.
    if after == nil { wanted.insert(peer) }
    if feed.hasNewReceipts(after: after), wanted.contains(where: { feed.receiptIsNew(of: $0, after: after) }) {
      for stored in try reader.receipts()
      where wanted.contains(stored.receipt.coalition) && feed.receiptIsNew(of: stored.receipt.coalition, after: after) {
        page.receipts.append(stored.receipt.signed.wire)
      }
    }
    for proof in feed.hasNewProofs(after: after) && !planted(.forkProofNotPassedOn)
      ? try Forks.open(in: membership, reader) : []
    where feed.proofIsNew(of: proof.coalition, after: after) {
      page.proofs.append(proof.wire)
    }
    for (coalition, name) in feed.hasNewRecords(after: after) ? newestRecords : []
    where feed.recordIsNew(of: coalition, after: after) {
      page.records.append(name.wire(of: coalition))
    }
    if feed.rostersAreNew(after: after) { page.rosters = rosters }
    let isEmpty =
      !page.hasRosters && page.heads.isEmpty && page.receipts.isEmpty && page.proofs.isEmpty && page.records.isEmpty
    if isEmpty, after != nil, wait > 0 {
      // What came meanwhile is not for this reader.
      return .wait(sequence: feed.sequence, seconds: min(wait, Limits.longPollSeconds))
    }
    page.instances = instances.map { Data($0) }
    return .message(page)
  }

  /// Of members, and of those who are proposed.
  private var newestRecords: [(CoalitionID, RecordName)] {
    let newcomers = next.candidates.compactMap { coalition, records in
      records.last.map { (coalition, RecordName($0)) }
    }
    return (membership.recordNames.map { ($0.key, $0.value) } + newcomers).sorted { $0.0 < $1.0 }
  }

  private func deltas(
    of coalition: CoalitionID, epoch: UInt32, from index: UInt64, _ reader: any LedgerReading
  ) throws -> Reply {
    guard membership.roster.member(coalition) != nil else { return notFound("\(coalition) is not in the roster") }
    // What the message adds around its entries is far below the 64 KiB left for it.
    let most = Limits.pageBytes - (64 << 10)
    let entries = try reader.entries(of: coalition, epoch: epoch, from: index, maximumBytes: most)
    let newest = try reader.position(of: coalition).head
    guard let last = entries.last else {
      if let newest, (epoch, index) <= (newest.epoch, newest.index) {
        return .problem(
          status: 410,
          Problem("deltas-gone", "the delta of \(coalition) \(epoch)/\(index) is no longer kept here"))
      }
      return notFound("there is no head \(coalition) \(epoch)/\(index) here")
    }
    var page = WireDeltaPage()
    page.entries = entries.map { stored in
      var entry = WireHeadEntry()
      entry.head = stored.head.signed.wire
      entry.delta = Data(stored.delta)
      return entry
    }
    page.more = newest?.isAfter(last.head.reference) ?? false
    return .message(page)
  }

  func notFound(_ what: String) -> Reply { .problem(status: 404, Problem("not-found", what)) }
}
