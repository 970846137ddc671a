import Alliance
import AllianceBench
import Ledger
import Replication
import Signing
import Simulation
import SwiftProtobuf
import Testing
import Wire

/// The responder as a table: a request, a store, an answer.
@Suite struct ResponderTests {
  private let bench: ReplicationBench

  init() throws { bench = try ReplicationBench() }

  private func reply(
    _ resource: PeerResource, feed: HeadsFeed = HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8]),
    keys: [SealedHashKey] = [], mayWait: Bool = true
  ) throws -> Responder.Reply {
    let responder = try bench.responder("se", feed: feed, keys: keys)
    return try bench.disk("se").read {
      try responder.reply(to: resource, from: ReplicationBench.id("no"), reading: $0, mayWait: mayWait)
    }
  }

  private func message<Message>(_ type: Message.Type, _ reply: Responder.Reply) throws -> Message {
    guard case .message(let message) = reply else { throw Problem("no-message", "\(reply)") }
    return try #require(message as? Message)
  }

  private func problem(_ reply: Responder.Reply) throws -> String {
    guard case .problem(let status, let problem) = reply else { throw Problem("no-problem", "\(reply)") }
    return "\(status) \(problem.code)"
  }

  @Test func saysWhoItIs() throws {
    let hello = try message(WireHello.self, reply(.hello))
    #expect(hello.coalition == "se" && hello.roster == 1 && hello.protocolLowest == 1 && hello.protocolHighest == 1)
    #expect(Array(hello.alliance) == bench.alliance.membership.alliance.bytes)
    #expect(hello.pageBytes == 4 << 20 && hello.longestWait == 30 && hello.instance.count == 16)
  }

  @Test func servesWhatIsSaidOfTheNextRosterAndTheRecordsOfWhoIsProposed() throws {
    let newcomer = try #require(try FoundedAlliance(["dk", "fi"], seed: 5).records.first)
    var change = RosterChange()
    change.admits = [newcomer]
    let known = try bench.alliance.deliberation(on: change)
    let next = OpenRoster(known, records: [newcomer])
    var feed = HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8])
    func reply(_ resource: PeerResource) throws -> Responder.Reply {
      let responder = Responder(
        coalition: try ReplicationBench.id("se"), membership: bench.alliance.membership,
        instance: [UInt8](repeating: 7, count: 16), version: "1", feed: feed, sealedKeys: [], next: next)
      return try bench.disk("se").read {
        try responder.reply(to: resource, from: ReplicationBench.id("no"), reading: $0, mayWait: true)
      }
    }
    let page = try message(WireDeliberationPage.self, reply(.deliberation(2, part: 0)))
    #expect(!page.more)
    let read = try Deliberation.read(bytes: page.part.serializedBytes(), after: bench.alliance.membership.rosters)
    #expect(read.deliberation.bytes == known.bytes && read.refused.isEmpty)
    #expect(try problem(reply(.deliberation(2, part: 1))) == "404 not-found")
    #expect(try problem(reply(.deliberation(3, part: 0))) == "404 not-found")
    #expect(try message(WireRecordChain.self, reply(.records(newcomer.coalition))).records.count == 1)
    let heads = try message(WireHeadsPage.self, reply(.heads(after: nil, wait: 0)))
    #expect(heads.rosters.roster == 1)
    #expect(Array(heads.rosters.deliberation) == ObjectHash(sha256: known.bytes).bytes)
    #expect(heads.records.map(\.coalition) == ["dk", "no", "se", "us"])
    let cursor = Self.cursor(Array(heads.cursor))
    guard case .wait = try reply(.heads(after: cursor, wait: 30)) else {
      Issue.record("nothing is new")
      return
    }
    feed.rostersCommitted()
    let later = try message(WireHeadsPage.self, reply(.heads(after: cursor, wait: 30)))
    #expect(later.hasRosters && later.records.isEmpty)
  }

  @Test func anyRecordChainFitsOneAnswer() {
    let most = RecordChain.mostBytes + 2 * (MemberRecord.mostBytes + 128)
    #expect(most < Limits.pageBytes, "with two records that contradict each other")
  }

  @Test func servesRosterRecordsAndTheAskersKeyOnly() throws {
    let roster = try message(WireRosterBundle.self, reply(.roster(1)))
    #expect(SignedObject(type: .roster, wire: roster.roster).hash == bench.alliance.membership.alliance)
    #expect(try problem(reply(.roster(2))) == "404 not-found")
    let records = try message(WireRecordChain.self, reply(.records(ReplicationBench.id("us"))))
    #expect(records.records.count == 1)
    #expect(try problem(reply(.records(ReplicationBench.id("dk")))) == "404 not-found")
    let keys = try ["no", "us"].map {
      SealedHashKey(
        recipient: try ReplicationBench.id($0), keyEpoch: 1, encapsulatedKey: [1], ciphertext: Array($0.utf8))
    }
    let key = try message(WireSealedHashKey.self, reply(.hashKey(1), keys: keys))
    #expect(key.recipient == "no" && Array(key.ciphertext) == Array("no".utf8))
    #expect(try problem(reply(.hashKey(2), keys: keys)) == "404 not-found")
    #expect(try problem(reply(.hashKey(1), keys: [keys[1]])) == "404 not-found", "never another member's copy")
  }

  @Test func showsTheNewestHeadOfEachCoalitionSorted() throws {
    #expect(try message(WireFrontier.self, reply(.frontier)).heads.isEmpty)
    let own = try bench.signMany("se", 2)
    let other = try bench.sign("no")
    _ = try Replica.apply(
      [other], of: ReplicationBench.id("no"), membership: bench.alliance.membership, in: bench.disk("se"), now: 0)
    let frontier = try message(WireFrontier.self, reply(.frontier))
    #expect(frontier.heads.map(\.coalition) == ["no", "se"])
    #expect(frontier.heads.map(\.index) == [0, 1])
    #expect(frontier.heads.last.map { Array($0.headHash) } == own[1].head.reference.hash.bytes)
  }

  @Test func announcesWhatIsNewSinceTheCursor() throws {
    var feed = HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8])
    let head = try bench.sign("se")
    let first = try message(WireHeadsPage.self, reply(.heads(after: nil, wait: 30), feed: feed))
    #expect(first.heads.map { Array($0.head.body) } == [head.head.signed.body], "without a cursor everything is new")
    #expect(first.heads.first?.delta.isEmpty == true, "who has no cursor may have the body already")
    let cursor = Array(first.cursor)

    let text = Self.cursor(cursor)
    guard case .wait(let sequence, let seconds) = try reply(.heads(after: text, wait: 7), feed: feed) else {
      Issue.record("it should wait")
      return
    }
    #expect(sequence == feed.sequence && seconds == 7)
    guard case .wait(_, 30) = try reply(.heads(after: text, wait: 4_000), feed: feed) else {
      Issue.record("no longer than 30 s")
      return
    }
    let empty = try message(WireHeadsPage.self, reply(.heads(after: text, wait: 7), feed: feed, mayWait: false))
    #expect(empty.heads.isEmpty && Array(empty.cursor) == cursor)

    feed.headCommitted(of: try ReplicationBench.id("se"))
    let news = try message(WireHeadsPage.self, reply(.heads(after: text, wait: 7), feed: feed))
    #expect(news.heads.map { Array($0.delta) } == [head.delta], "news of our own comes with its body")
    for unknown in ["", "AQID", "!", Self.cursor([9] + cursor.dropFirst())] {
      let page = try message(WireHeadsPage.self, reply(.heads(after: unknown, wait: 7), feed: feed))
      #expect(page.heads.count == 1, "a cursor of another process gets everything")
    }
  }

  @Test func announcesReceiptsOnce() throws {
    var feed = HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8])
    let receipt = try bench.author("no").receipt(
      alliance: bench.alliance.membership.alliance, number: 4, signedAt: 4, entries: [])
    let before = try message(WireHeadsPage.self, reply(.heads(after: nil, wait: 0), feed: feed)).cursor
    let kept = try Receipts.keep(
      [receipt], besides: ReplicationBench.id("se"), membership: bench.alliance.membership, in: bench.disk("se"), now: 1
    )
    for coalition in kept { feed.receiptCommitted(of: coalition) }
    let no = try ReplicationBench.id("no")
    let since = Self.cursor(Array(before))
    let page = try message(WireHeadsPage.self, reply(.heads(after: since, wait: 7, relay: [no]), feed: feed))
    #expect(page.receipts == [receipt.signed.wire])
    guard
      case .wait = try reply(.heads(after: Self.cursor(Array(page.cursor)), wait: 7, relay: [no]), feed: feed)
    else {
      Issue.record("told twice")
      return
    }
    guard case .wait(let sequence, _) = try reply(.heads(after: since, wait: 7), feed: feed) else {
      Issue.record("another's receipt is for those who ask")
      return
    }
    #expect(sequence == feed.sequence, "it is not woken by what it passed over")
  }

  @Test func tellsOfOthersHeadsWithoutTheirBodies() throws {
    var feed = HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8])
    let start = try message(WireHeadsPage.self, reply(.heads(after: nil, wait: 0), feed: feed))
    let before = Self.cursor(Array(start.cursor))
    let other = try bench.sign("no")
    let no = try ReplicationBench.id("no")
    _ = try Replica.apply([other], of: no, membership: bench.alliance.membership, in: bench.disk("se"), now: 0)
    feed.headCommitted(of: no)
    let page = try message(WireHeadsPage.self, reply(.heads(after: before, wait: 7), feed: feed))
    #expect(page.heads.map { Array($0.head.body) } == [other.head.signed.body])
    #expect(page.heads.first?.delta.isEmpty == true)
  }

  @Test func keepsLargeDeltasOutOfAnnouncements() throws {
    try bench.disk("se").write { writer in
      for number in 0..<5 as Range<UInt8> {
        try writer.enqueue([.put(ReplicationBench.key(number), statement: [UInt8](repeating: 1, count: 4_000))])
      }
    }
    let entry = try bench.signQueued(bench.disk("se"), bench.author("se"))
    #expect(entry.delta.count > Limits.inlineDeltaBytes)
    let page = try message(WireHeadsPage.self, reply(.heads(after: nil, wait: 0)))
    #expect(page.heads.first?.delta.isEmpty == true)
  }

  @Test func servesConsecutiveDeltas() throws {
    let se = try ReplicationBench.id("se")
    let heads = try bench.signMany("se", 5)
    let page = try message(WireDeltaPage.self, reply(.deltas(se, epoch: 1, from: 1)))
    #expect(page.entries.map { Array($0.delta) } == heads[1...3].map(\.delta), "as many as fit")
    #expect(page.more)
    #expect(try !message(WireDeltaPage.self, reply(.deltas(se, epoch: 1, from: 4))).more)
    #expect(try problem(reply(.deltas(se, epoch: 1, from: 5))) == "404 not-found")
    #expect(try problem(reply(.deltas(se, epoch: 2, from: 0))) == "404 not-found")
    #expect(try problem(reply(.deltas(ReplicationBench.id("dk"), epoch: 1, from: 0))) == "404 not-found")
    try bench.disk("se").forgetDeltas(of: se, before: 3)
    #expect(try problem(reply(.deltas(se, epoch: 1, from: 1))) == "410 deltas-gone")
  }

  @Test func servesTheHistory() throws {
    let heads = try bench.signMany("se", 4)
    guard case .bytes(let bytes) = try reply(.history(ReplicationBench.id("se"), epoch: 1, from: 2)) else {
      Issue.record("no bytes")
      return
    }
    #expect(bytes == heads[2...].flatMap(\.head.reference.hash.bytes))
  }

  /// base64url without padding (RFC 4648, section 5).
  private static func cursor(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
    return String(
      stride(from: 0, to: bits.count, by: 6).map { start in
        alphabet[(0..<6).reduce(0) { $0 << 1 | (start + $1 < bits.count ? Int(bits[start + $1]) : 0) }]
      })
  }
}
