import Alliance
import AllianceBench
import Ledger
import Replication
import Signing
import SwiftProtobuf
import Testing
import Wire

/// Rosters, deliberations, hash keys and the records of who is proposed, by name: who asks whom for what.
@Suite struct RosterPullerTests {
  private let bench: ReplicationBench
  private let newcomer: MemberRecord
  private let known: Deliberation

  init() throws {
    bench = try ReplicationBench()
    newcomer = try #require(try FoundedAlliance(["dk", "fi"], seed: 5).records.first)
    var change = RosterChange()
    change.admits = [newcomer]
    known = try bench.alliance.deliberation(on: change)
  }

  /// A puller at `se` whose two peers have greeted, and their polls.
  private func open() throws -> (PullerBench, polls: [String: Puller.Ticket]) {
    var puller = try bench.puller()
    puller.tick(after: 0)
    let greetings = puller.tickets
    var polls: [String: Puller.Ticket] = [:]
    for greeting in greetings {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      polls[greeting.peer.rawValue] = try puller.ticket("\(greeting.peer)/peer/v1/heads?wait=30")
    }
    return (puller, polls)
  }

  private func page(roster: UInt32, deliberation: ObjectHash? = nil, record: UInt32? = nil) throws -> PeerAnswer {
    var page = WireHeadsPage()
    page.cursor = .init([1, 2, 3])
    page.rosters.roster = roster
    if let deliberation { page.rosters.deliberation = .init(deliberation.bytes) }
    if let record {
      var name = WireRecordName()
      name.coalition = newcomer.coalition.rawValue
      name.number = record
      page.records = [name]
    }
    return try PeerAnswer(to: .heads(after: nil, wait: 30), body: try page.serializedBytes())
  }

  private func asks(_ puller: PullerBench) -> [String] {
    puller.asked.filter { $0.contains("roster") || $0.contains("deliberation") || $0.contains("records") }
  }

  @Test func asksForTheRosterAfterItsOwn() throws {
    var (puller, polls) = try open()
    puller.handle(.answered(try #require(polls["no"]), try page(roster: 4)))
    #expect(asks(puller) == ["no/peer/v1/roster/2"], "one after the other")
    let ticket = try puller.ticket("no/peer/v1/roster/2")
    let bundle = try #require(bench.alliance.membership.rosters.bundle(1))
    puller.handle(.answered(ticket, .roster(bundle)))
    #expect(
      puller.effects.isEmpty || !puller.effects.contains { if case .storeRoster = $0 { true } else { false } },
      "not the one asked for")
    var change = RosterChange()
    change.allianceName = "Another name"
    let next = try bench.alliance.decided(change)
    puller.tick(after: 1_000)
    puller.handle(.answered(try puller.ticket("no/peer/v1/roster/2"), .roster(next)))
    guard case .storeRoster(let stored, let peer)? = puller.effects.first else {
      Issue.record("not stored")
      return
    }
    #expect(stored == next && peer.rawValue == "no")
  }

  @Test func dropsWhoSendsARosterThatIsNotInForce() throws {
    var (puller, _) = try open()
    let no = try ReplicationBench.id("no")
    puller.handle(.rosterRefused(no, Problem("roster-not-in-force", "it lacks votes")))
    #expect(puller.disconnected == ["no"])
  }

  @Test func asksForWhatIsSaidUnderANameThatItDoesNotKnow() throws {
    var (puller, polls) = try open()
    let name = ObjectHash(sha256: known.bytes)
    puller.handle(.answered(try #require(polls["no"]), try page(roster: 1, deliberation: name)))
    #expect(asks(puller) == ["no/peer/v1/deliberation/2?part=0"])
    let first = try puller.ticket("no/peer/v1/deliberation")
    puller.handle(.answered(first, .deliberation([1], more: true)))
    #expect(asks(puller).isEmpty, "not at the speed of the network")
    puller.tick(after: 1_000)
    #expect(asks(puller) == ["no/peer/v1/deliberation/2?part=1"])
    puller.handle(.answered(try puller.ticket("no/peer/v1/deliberation"), .deliberation(known.bytes, more: false)))
    guard case .storeDeliberation(let bytes, let peer)? = puller.effects.first else {
      Issue.record("not stored")
      return
    }
    #expect(bytes == known.bytes && peer.rawValue == "no")
    puller.tick(after: 60_000)
    #expect(asks(puller).isEmpty, "all that went by this name is here, whatever ours is called now")
    #expect(puller.puller.deliberationHeard.map(\.rawValue) == ["no"])
  }

  @Test func asksNobodyForWhatItKnows() throws {
    var (puller, polls) = try open()
    let name = ObjectHash(sha256: known.bytes)
    puller.handle(.rostersChanged(deliberation: name, records: [newcomer.coalition: 1]))
    puller.handle(.answered(try #require(polls["no"]), try page(roster: 1, deliberation: name, record: 1)))
    #expect(asks(puller).isEmpty)
    puller.handle(.answered(try #require(polls["us"]), try page(roster: 1)))
    #expect(asks(puller).isEmpty)
    #expect(puller.puller.deliberationHeard.map(\.rawValue) == ["no", "us"], "nothing said is heard as well")
  }

  @Test func asksForANewcomersRecordOnlyIfItIsProposed() throws {
    var (puller, polls) = try open()
    puller.handle(.answered(try #require(polls["no"]), try page(roster: 1, record: 1)))
    #expect(asks(puller).isEmpty, "nobody has proposed it here")
    puller.handle(.rostersChanged(deliberation: nil, records: [newcomer.coalition: 0]))
    puller.handle(.answered(try #require(polls["us"]), try page(roster: 1, record: 1)))
    #expect(puller.asked.contains("us/peer/v1/records/dk") || asks(puller).contains("no/peer/v1/records/dk"))
  }

  @Test func passesOverAPeerThatLacksAHashKey() throws {
    var puller = PullerBench(
      puller: Puller(
        alliance: bench.alliance.membership.alliance, ours: try ReplicationBench.id("se"),
        members: bench.alliance.coalitions, frontier: [], paused: [], missingHashKeys: [2], seed: 3))
    puller.tick(after: 0)
    let greetings = puller.tickets
    var asked: [Puller.Ticket] = []
    for greeting in greetings {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      asked += puller.tickets.filter { if case .hashKey = $0.resource { true } else { false } }
    }
    #expect(asked.map(\.peer.rawValue) == ["no"], "one at a time")
    puller.handle(.resourceFailed(try #require(asked.first), Problem("not-found", "no such key here")))
    #expect(puller.asked.contains("us/peer/v1/hash-keys/2"), "the next at once")
    puller.handle(.resourceFailed(try puller.ticket("us/peer/v1/hash-keys"), Problem("not-found", "nor here")))
    #expect(!puller.asked.contains { $0.contains("hash-keys") })
    puller.tick(after: 5_000)
    #expect(puller.asked.contains { $0.contains("hash-keys") }, "and again after a while")
  }

  @Test func amongOtherMembersItBeginsAnew() throws {
    let (puller, polls) = try open()
    let members = bench.alliance.coalitions.filter { $0.rawValue != "us" } + [newcomer.coalition]
    var renewed = PullerBench(
      puller: puller.puller.renewed(
        members: members, frontier: [], paused: [], records: [:], forks: [:], missingHashKeys: [], roster: 2,
        deliberation: nil))
    renewed.handle(.answered(try #require(polls["no"]), try page(roster: 2)))
    #expect(renewed.effects.isEmpty, "what was asked before counts for nothing")
    renewed.tick(after: 0)
    #expect(Set(renewed.asked) == ["dk/peer/v1/hello", "no/peer/v1/hello"])
  }

  /// Greets both peers; what it asked of them is kept by name.
  private func opened(missing: Set<UInt32>) throws -> (PullerBench, asked: [String: Puller.Ticket]) {
    var puller = try bench.puller(missingHashKeys: missing)
    puller.tick(after: 0)
    var asked: [String: Puller.Ticket] = [:]
    for greeting in puller.tickets {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      for ticket in puller.tickets { asked["\(ticket.peer)\(ticket.resource)"] = ticket }
    }
    return (puller, asked)
  }

  /// A key that nobody has must not keep the others waiting, and a peer that lacks one is not the end of the search.
  @Test func asksOnePeerAfterTheOtherForEachHashKey() throws {
    var (puller, asked) = try opened(missing: [2, 3])
    #expect(
      asked.keys.filter { $0.contains("hash-keys") }.sorted() == ["no/peer/v1/hash-keys/2", "no/peer/v1/hash-keys/3"])
    let nothing = Problem("not-found", "it is not here")
    puller.handle(.resourceFailed(try #require(asked["no/peer/v1/hash-keys/2"]), nothing))
    #expect(puller.asked == ["us/peer/v1/hash-keys/2"])
    puller.handle(.resourceFailed(try puller.ticket("us/peer/v1/hash-keys/2"), nothing))
    #expect(puller.asked.isEmpty, "both were asked a moment ago")
    puller.tick(after: 30_000)
    #expect(puller.asked.contains("no/peer/v1/hash-keys/2"))
  }

  /// A peer names the newcomer's record once, and perhaps before the proposal has come.
  @Test func asksForRecordsThatWereNamedBeforeTheProposal() throws {
    var (puller, asked) = try opened(missing: [])
    var page = WireHeadsPage()
    page.cursor = .init([1, 2, 3])
    var name = WireRecordName()
    (name.coalition, name.number) = ("de", 1)
    page.records = [name]
    let poll = try #require(asked.first { $0.key.hasPrefix("no/peer/v1/heads") }?.value)
    puller.handle(.answered(poll, try PeerAnswer(to: .heads(after: nil, wait: 30), body: try page.serializedBytes())))
    #expect(!puller.asked.contains("no/peer/v1/records/de"))
    puller.handle(.rostersChanged(deliberation: nil, records: [try ReplicationBench.id("de"): 0]))
    #expect(puller.asked == ["no/peer/v1/records/de"])
  }
}
