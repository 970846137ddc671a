import Alliance
import AllianceBench
import Replication
import Signing
import SwiftProtobuf
import Testing
import Wire

/// Member records by name: who asks whom for what, and what is answered, also where two contradict each other.
@Suite struct RecordNameTests {
  private let bench: ReplicationBench
  private let no: CoalitionID
  private let records: [MemberRecord]

  /// Two second records of `no`.
  init() throws {
    let bench = try ReplicationBench()
    let no = try ReplicationBench.id("no")
    let first = try #require(bench.alliance.membership.record(of: no))
    let identity = try #require(bench.alliance.identities[no])
    records = try ["left", "right"].map {
      try first.next(
        RecordChange(endpoints: ["\($0).example.org:7473"]), in: bench.alliance.membership.alliance, identity: identity)
    }
    (self.bench, self.no) = (bench, no)
  }

  private var lower: MemberRecord { records[0].hash < records[1].hash ? records[0] : records[1] }
  private var higher: MemberRecord { records[0].hash < records[1].hash ? records[1] : records[0] }

  private func page(_ number: UInt32, _ hash: ObjectHash? = nil, _ other: ObjectHash? = nil) throws -> PeerAnswer {
    var page = WireHeadsPage()
    page.cursor = .init([1, 2, 3])
    var name = WireRecordName()
    (name.coalition, name.number) = ("no", number)
    if let hash { name.hash = .init(hash.bytes) }
    if let other { name.other = .init(other.bytes) }
    page.records = [name]
    return try PeerAnswer(to: .heads(after: nil, wait: 30), body: try page.serializedBytes())
  }

  /// Whether a puller at `se` that knows this asks for records when `us` tells of that.
  private func asks(knowing known: RecordName, told page: PeerAnswer) throws -> Bool {
    var puller = try bench.puller()
    puller.tick(after: 0)
    var poll: Puller.Ticket?
    for greeting in puller.tickets {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      poll = puller.tickets.first { "\($0.peer)\($0.resource)".hasPrefix("us/peer/v1/heads") } ?? poll
    }
    puller.handle(.recordsStored(no, newest: known))
    puller.handle(.answered(try #require(poll), page))
    return puller.asked.contains("us/peer/v1/records/no")
  }

  @Test func asksWhoKnowsMoreOrSomethingElse() throws {
    let (left, right) = (lower.hash, higher.hash)
    let known = RecordName(number: 2, hash: left)
    #expect(try asks(knowing: known, told: page(3, right)))
    #expect(try asks(knowing: known, told: page(2, right)), "another record of our number")
    #expect(try asks(knowing: known, told: page(2, left, right)), "and who knows both")
    #expect(try asks(knowing: RecordName(number: 4, hash: left), told: page(2, left, right)), "whatever followed here")
    #expect(try !asks(knowing: known, told: page(2, left)))
    #expect(try !asks(knowing: known, told: page(1, right)), "it will ask us")
    #expect(try !asks(knowing: known, told: page(2)), "older software names numbers alone")
    #expect(try !asks(knowing: 2, told: page(2, right)))
    let both = RecordName(number: 2, hash: left, other: right)
    #expect(try !asks(knowing: both, told: page(2, left)) && !asks(knowing: both, told: page(9, right)))
    #expect(try !asks(knowing: both, told: page(2, left, right)), "that is known")
    #expect(try asks(knowing: RecordName(number: 3, hash: left, other: right), told: page(2, left, right)))
  }

  @Test func asksForNothingThatIsHeldUntilItIsReleased() throws {
    var puller = try bench.puller()
    puller.tick(after: 0)
    var polls: [Puller.Ticket] = []
    for greeting in puller.tickets {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      polls += puller.tickets.filter { "\($0.resource)".contains("/heads") }
    }
    puller.handle(.recordsHeld(no))
    puller.handle(.answered(try #require(polls.first { $0.peer == no }), try page(7, lower.hash)))
    #expect(!puller.asked.contains { $0.contains("/records/") })
    let poll = try puller.ticket("no/peer/v1/heads")
    #expect(puller.puller.recordsWholeAt.isEmpty, "it has more than is here")
    let proof = try page(2, lower.hash, higher.hash)
    puller.handle(.answered(try #require(polls.first { $0.peer != no }), proof))
    #expect(puller.asked.contains("us/peer/v1/records/no"), "a contradiction is wanted all the same")
    puller.handle(.released(no))
    #expect(puller.asked.contains("no/peer/v1/records/no"), "at once, of its own coalition")
    puller.handle(.recordsStored(no, newest: RecordName(number: 7, hash: lower.hash)))
    puller.handle(.answered(poll, try page(7, lower.hash)))
    #expect(puller.puller.recordsWholeAt == [no: puller.now])
  }

  @Test func showsBothToWhoeverAsks() throws {
    let membership = try bench.alliance.membership.taking(records, of: no).membership
    #expect(membership.recordName(of: no) == RecordName(number: 2, hash: lower.hash, other: higher.hash))
    let responder = Responder(
      coalition: try ReplicationBench.id("us"), membership: membership, instance: [UInt8](repeating: 7, count: 16),
      version: "1", feed: HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8]), sealedKeys: [])
    let disk = try bench.disk("us")
    func answer(_ resource: PeerResource) throws -> any SwiftProtobuf.Message {
      let reply = try disk.read {
        try responder.reply(to: resource, from: bench.alliance.coalitions[0], reading: $0, mayWait: false)
      }
      guard case .message(let message) = reply else { throw Problem("test", "no message") }
      return message
    }
    let page = try #require(try answer(.heads(after: nil, wait: 0)) as? WireHeadsPage)
    let name = try #require(page.records.first { $0.coalition == "no" })
    #expect(name.number == 2 && Array(name.hash) == lower.hash.bytes && Array(name.other) == higher.hash.bytes)
    let chain = try #require(try answer(.records(no)) as? WireRecordChain)
    guard case .records(let shown) = try PeerAnswer(to: .records(no), body: chain.serializedBytes()) else {
      Issue.record("no records")
      return
    }
    #expect(shown.map(\.number) == [1, 2, 2] && Array(shown.dropFirst()) == [lower, higher])
    // Whoever reads it comes to the same.
    let other = try bench.alliance.membership.taking([records[0]], of: no).membership
    #expect(try other.taking(shown, of: no).membership.conflicts == membership.conflicts)
  }
}
