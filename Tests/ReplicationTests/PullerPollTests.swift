import Alliance
import Ledger
import Replication
import Signing
import Simulation
import Testing
import Wire

/// When a peer is polled again, and from where on.
@Suite struct PullerPollTests {
  private let bench: ReplicationBench

  init() throws { bench = try ReplicationBench() }

  /// Greets both peers; returns their first polls.
  private func open() throws -> (PullerBench, no: Puller.Ticket, us: Puller.Ticket) {
    var puller = try bench.puller()
    puller.tick(after: 0)
    var polls: [Puller.Ticket] = []
    for greeting in puller.tickets {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      polls.append(try puller.ticket("\(greeting.peer)/peer/v1/heads"))
      puller.handle(.answered(try puller.ticket("\(greeting.peer)/peer/v1/frontier"), .frontier([])))
    }
    return (puller, polls[0], polls[1])
  }

  @Test func whoTellsNothingNewIsNotAskedAgainAtOnce() throws {
    var (puller, poll, _) = try open()
    let receipt = try bench.author("no").receipt(
      alliance: bench.alliance.membership.alliance, number: 5, signedAt: 5, entries: [])
    puller.handle(.answered(poll, try bench.page([], receipts: [receipt])))
    puller.handle(.answered(try puller.ticket("no/peer/v1/heads"), try bench.page([])))
    #expect(puller.asked.isEmpty, "nothing came, and at once")
    #expect(puller.puller.nextDue == puller.now + 1_000)
    puller.tick(after: 999)
    #expect(puller.asked.isEmpty)
    puller.tick(after: 1)
    puller.handle(.answered(try puller.ticket("no/peer/v1/heads"), try bench.page([], receipts: [receipt])))
    #expect(puller.asked.isEmpty, "the same receipt is nothing new")
    puller.tick(after: 1_000)
    let head = try bench.sign("no")
    puller.handle(.answered(try puller.ticket("no/peer/v1/heads"), try bench.page([head])))
    #expect(puller.asked == ["no/peer/v1/heads?after=AQID&wait=30"], "a head is")
    puller.now += 30_000
    puller.handle(.answered(try puller.ticket("no/peer/v1/heads"), try bench.page([])))
    #expect(
      puller.asked.contains("no/peer/v1/heads?after=AQID&wait=30"), "a poll that waited its time is none of these")
  }

  /// A head of ours that names a record which is not here is shown once more when that is here, and not asked for until then.
  @Test func whatIsOursAndUnreadIsShownAgainOnceItCanBeRead() throws {
    var (puller, poll, _) = try open()
    let se = try ReplicationBench.id("se")
    puller.handle(.answered(poll, try bench.page([try bench.sign("no")])))
    poll = try puller.ticket("no/peer/v1/heads?after=AQID")
    let unread = Fault.unknownRecord(ObjectHash(sha256: [1]))
    puller.handle(.stopped(se, unread, at: nil, from: try ReplicationBench.id("no")))
    #expect(puller.asked == ["no/peer/v1/records/se"])
    puller.handle(.answered(poll, try bench.page([])))
    puller.tick(after: 1_000)
    poll = try puller.ticket("no/peer/v1/heads?after=AQID")
    puller.handle(.recordsStored(se, newest: 2))
    puller.handle(.answered(poll, try bench.page([])))
    puller.tick(after: 1_000)
    #expect(puller.asked == ["no/peer/v1/heads?wait=30"], "from the beginning")
  }

  /// Both are heard every half minute; then one falls silent, and the other is asked from where it had been read to before
  /// the silent one told anything for the last time.
  private func fallSilent(showing head: StoredEntry? = nil) throws -> [String] {
    var (puller, no, us) = try open()
    for round in 1...6 {
      let cursor = UInt8(round)
      puller.handle(.answered(no, try bench.page([])))
      no = try puller.ticket("no/peer/v1/heads")
      let heads = round == 5 ? [head].compactMap(\.self) : []
      puller.handle(.answered(us, try bench.page(heads, cursor: [cursor, cursor, cursor])))
      us = try puller.ticket("us/peer/v1/heads")
      puller.now += 30_000
    }
    puller.handle(.linkFailed(no, Problem("unreachable", "cut")))
    return puller.asked.filter { $0.hasPrefix("us/peer/v1/heads") }
  }

  @Test func whatWasPassedOverLatelyIsAskedForAgain() throws {
    // The last that was told came half a minute ago, and was at most forty seconds old.
    #expect(try fallSilent() == ["us/peer/v1/heads?after=BAQE&wait=30&relay=no"])
  }

  @Test func noBodyIsAskedForTwice() throws {
    #expect(try fallSilent(showing: bench.sign("us")) == ["us/peer/v1/heads?wait=30&relay=no"])
  }
}

/// A proof may come before the record that its epoch is opened by.
@Suite struct UnreadProofTests {
  private let bench: ReplicationBench

  init() throws { bench = try ReplicationBench() }

  private func proof(of epoch: UInt32) throws -> ForkProof {
    let newest = try bench.sign("no", number: UInt8(epoch)).head
    let key = try #require(bench.alliance.signingKeys[ReplicationBench.id("no")])
    let heads = try ([1, 2] as [UInt64]).map { time in
      var claims = newest.claims
      claims.signedAt = time
      let body = try Head.body(
        alliance: newest.alliance, coalition: newest.reference.coalition, epoch: epoch, index: 4, claims: claims)
      return try Head(SignedObject(type: .head, body: body, key: key))
    }
    return try #require(ForkProof(heads[0], heads[1]))
  }

  @Test func isToldApartFromOneThatIsWrong() throws {
    let no = try ReplicationBench.id("no")
    #expect(try Forks.unread([proof(of: 1)], membership: bench.alliance.membership) == [])
    #expect(try Forks.unread([proof(of: 2)], membership: bench.alliance.membership) == [no])
  }

  @Test func isAskedForAgainOnceTheRecordIsHere() throws {
    let no = try ReplicationBench.id("no")
    var puller = try bench.puller()
    puller.tick(after: 0)
    let greeting = try puller.ticket("us/peer/v1/hello")
    puller.handle(.answered(greeting, try bench.hello("us")))
    puller.handle(.answered(try puller.ticket("us/peer/v1/heads"), try bench.page([])))
    let poll = try puller.ticket("us/peer/v1/heads?after=AQID")
    puller.handle(.proofUnread(no))
    puller.handle(.recordsStored(no, newest: 2))
    puller.now += 30_000
    puller.handle(.answered(poll, try bench.page([])))
    #expect(puller.asked.contains("us/peer/v1/heads?wait=30"), "everything, the proof among it")
  }
}
