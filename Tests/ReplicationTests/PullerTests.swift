import Alliance
import Ledger
import Replication
import Simulation
import Testing
import Wire

/// The puller as a table: an event, and what it asks to be done.
@Suite struct PullerTests {
  private let bench: ReplicationBench

  init() throws { bench = try ReplicationBench() }

  /// Greets both peers; what it asked of them is kept.
  private func open(_ peers: [String] = ["no", "us"], frontier: [HeadReference] = []) throws
    -> (PullerBench, polls: [String: Puller.Ticket], frontiers: [String: Puller.Ticket])
  {
    var puller = try bench.puller(frontier: frontier)
    puller.tick(after: 0)
    #expect(puller.asked == ["no/peer/v1/hello", "us/peer/v1/hello"])
    let greetings = puller.tickets
    var (polls, frontiers): ([String: Puller.Ticket], [String: Puller.Ticket]) = ([:], [:])
    for greeting in greetings where peers.contains(greeting.peer.rawValue) {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      polls[greeting.peer.rawValue] = try puller.ticket("\(greeting.peer)/peer/v1/heads?wait=30")
      frontiers[greeting.peer.rawValue] = try puller.ticket("\(greeting.peer)/peer/v1/frontier")
    }
    return (puller, polls, frontiers)
  }

  @Test func greetsThenComparesAndPolls() throws {
    var (puller, polls, _) = try open()
    #expect(puller.puller.links.map(\.state) == [.open, .open])
    puller.tick(after: 10)
    #expect(puller.asked.isEmpty, "everything is under way already")
    puller.handle(.answered(try #require(polls["no"]), try bench.page([])))
    #expect(puller.asked == ["no/peer/v1/heads?after=AQID&wait=30"], "polls again with the cursor it was given")
    puller.tick(after: 60_000)
    #expect(puller.asked.isEmpty, "the first comparison is still under way")
  }

  @Test func comparesAgainAfterAMinute() throws {
    var (puller, _, frontiers) = try open()
    puller.handle(.answered(try #require(frontiers["no"]), .frontier([])))
    puller.tick(after: 59_000)
    #expect(puller.asked.isEmpty)
    puller.tick(after: 1_000)
    #expect(puller.asked == ["no/peer/v1/frontier"])
  }

  @Test func dropsAPeerOfAnotherAllianceCoalitionOrProtocol() throws {
    let wrong: [(String, PeerAnswer)] = [
      ("another-alliance", try bench.hello("no", alliance: bench.alliance.membership.roster.members[0].recordHash)),
      ("another-alliance", try bench.hello("us")), ("protocol-range", try bench.hello("no", protocols: 2...3)),
    ]
    for (code, answer) in wrong {
      var puller = try bench.puller()
      puller.tick(after: 0)
      puller.handle(.answered(try puller.ticket("no"), answer))
      #expect(puller.disconnected == ["no"])
      let link = try #require(puller.puller.links.first)
      #expect(link.state == .down && link.problem?.code == code)
    }
  }

  @Test func triesAgainAfterAGrowingSpreadTime() throws {
    var puller = try bench.puller()
    puller.tick(after: 0)
    var ticket = try puller.ticket("no")
    for failure in 1...10 {
      puller.handle(.linkFailed(ticket, Problem("unreachable", "nobody listens")))
      #expect(puller.disconnected == ["no"])
      let longest = UInt64(min(30_000, 250 << (failure - 1)))
      puller.tick(after: longest / 2 - 1)
      #expect(puller.asked.isEmpty, "failure \(failure)")
      puller.tick(after: longest - longest / 2 + 1)
      #expect(puller.asked == ["no/peer/v1/hello"], "failure \(failure)")
      ticket = try puller.ticket("no")
    }
  }

  @Test func spreadsTheRetriesOfManyNodes() throws {
    let waits = try (1...8 as ClosedRange<UInt64>).map { seed in
      var puller = try bench.puller(seed: seed)
      puller.tick(after: 0)
      puller.handle(.linkFailed(try puller.ticket("no"), Problem("unreachable", "nobody listens")))
      return (1...300).first { _ in
        puller.tick(after: 1)
        return !puller.asked.isEmpty
      }
    }
    #expect(Set(waits).count > 4, "\(waits)")
  }

  @Test func forgetsWhatADroppedLinkAnswersLater() throws {
    var (puller, polls, _) = try open()
    let poll = try #require(polls["no"])
    puller.handle(.linkFailed(poll, Problem("timeout", "lost")))
    puller.handle(.answered(poll, try bench.page([try bench.sign("no")])))
    #expect(puller.effects.isEmpty)
  }

  @Test func appliesTheNextHeadThatCameWithItsDelta() throws {
    let heads = try bench.signMany("no", 2)
    var (puller, polls, _) = try open()
    puller.handle(.answered(try #require(polls["no"]), try bench.page([heads[0]])))
    #expect(puller.applies == ["no 1 from no"])
    puller.handle(.applied(heads[0].head.reference))
    puller.handle(.applyEnded(try ReplicationBench.id("no")))
    puller.handle(.answered(try #require(polls["us"]), try bench.page([heads[1]])))
    #expect(puller.applies == ["no 1 from us"], "it does not matter who brings it")
  }

  @Test func fetchesFromTheFirstThatAnnouncedWhatIsMissing() throws {
    let heads = try bench.signMany("no", 3)
    var (puller, polls, _) = try open(frontier: [heads[0].head.reference])
    puller.handle(.answered(try #require(polls["us"]), try bench.page([heads[2]])))
    #expect(puller.applies.isEmpty, "it is not the next one")
    #expect(puller.asked.contains("us/peer/v1/deltas/no/1?from=1"))
    let fetch = try puller.ticket("us/peer/v1/deltas")
    puller.handle(.answered(try #require(polls["no"]), try bench.page([heads[2]])))
    #expect(!puller.asked.contains { $0.contains("deltas") }, "one page at a time of a coalition")
    puller.handle(.answered(fetch, .deltas(Array(heads.dropFirst()), more: false)))
    #expect(puller.applies == ["no 2 from us"])
    puller.handle(.applied(heads[2].head.reference))
    puller.handle(.applyEnded(try ReplicationBench.id("no")))
    #expect(!puller.asked.contains { $0.contains("deltas") }, "nothing is missing any more")
  }

  @Test func asksAnotherPeerWhereOneCannotServe() throws {
    let heads = try bench.signMany("no", 3)
    var (puller, polls, _) = try open(frontier: [heads[0].head.reference])
    puller.handle(.answered(try #require(polls["us"]), try bench.page([heads[2]])))
    let fetch = try puller.ticket("us/peer/v1/deltas")
    puller.handle(.answered(try #require(polls["no"]), try bench.page([heads[2]])))
    puller.handle(.resourceFailed(fetch, Problem("deltas-gone", "no longer kept")))
    #expect(puller.asked == ["no/peer/v1/deltas/no/1?from=1"])
    #expect(puller.disconnected.isEmpty)
  }

  @Test func copiesThePositionWhereNobodyKeepsTheDeltas() throws {
    let heads = try bench.signMany("no", 3)
    var (puller, polls, _) = try open(frontier: [heads[0].head.reference])
    puller.handle(.answered(try #require(polls["us"]), try bench.page([heads[2]])))
    let fetch = try puller.ticket("us/peer/v1/deltas")
    puller.handle(.resourceFailed(fetch, Problem("deltas-gone", "no longer kept")))
    #expect(puller.stages == ["no begin from us"])
    let no = try ReplicationBench.id("no")
    let us = try ReplicationBench.id("us")
    puller.handle(.staged(no, .goOn(.page(atLeast: nil, after: nil, bucket: nil)), from: us))
    #expect(puller.asked == ["us/peer/v1/snapshot/no"])
  }

  @Test func takesTheBytesFromAnotherPeerWhenALinkLies() throws {
    let heads = try bench.signMany("no", 3)
    var (puller, polls, _) = try open(frontier: [heads[0].head.reference])
    puller.handle(.answered(try #require(polls["us"]), try bench.page([heads[2]])))
    let fetch = try puller.ticket("us/peer/v1/deltas")
    puller.handle(.answered(try #require(polls["no"]), try bench.page([heads[2]])))
    puller.handle(.answered(fetch, .deltas(Array(heads.dropFirst()), more: false)))
    let (no, us) = (try ReplicationBench.id("no"), try ReplicationBench.id("us"))
    puller.handle(.stopped(no, .link(Problem("delta-hash", "other bytes")), at: nil, from: us))
    #expect(puller.disconnected == ["us"])
    puller.handle(.applyEnded(no))
    #expect(puller.asked == ["no/peer/v1/deltas/no/1?from=1"])
  }

  @Test func holdsACoalitionThatBreaksARuleAndKeepsTheLink() throws {
    let heads = try bench.signMany("no", 2)
    var (puller, polls, _) = try open()
    puller.handle(.answered(try #require(polls["no"]), try bench.page([heads[0]])))
    let no = try ReplicationBench.id("no")
    let fault = Fault.coalition(Problem("head-time", "signed too early"))
    for hold in 1...8 {
      puller.handle(.stopped(no, fault, at: heads[0].head.reference, from: no))
      #expect(puller.held == ["no head-time"])
      #expect(puller.disconnected.isEmpty)
      puller.handle(.applyEnded(no))
      let wait = UInt64(min(600_000, 10_000 << (hold - 1)))
      puller.tick(after: wait - 1)
      #expect(!puller.asked.contains { $0.contains("deltas") }, "hold \(hold)")
      puller.tick(after: 1)
      let again = try puller.ticket("no/peer/v1/deltas")
      puller.handle(.answered(again, .deltas(heads, more: false)))
      #expect(puller.applies == ["no 2 from no"])
    }
  }

  @Test func asksForARecordOrRosterThatAHeadNames() throws {
    let no = try ReplicationBench.id("no")
    let head = try bench.sign("no")
    for (fault, resource) in [
      (Fault.unknownRecord(head.head.claims.recordHash), "records/no"), (Fault.unknownRoster(2), "roster/2"),
    ] {
      var (puller, polls, _) = try open()
      puller.handle(.answered(try #require(polls["us"]), try bench.page([head])))
      puller.handle(.stopped(no, fault, at: head.head.reference, from: try ReplicationBench.id("us")))
      #expect(puller.asked == ["us/peer/v1/\(resource)"])
      #expect(puller.held.isEmpty, "it comes in a moment")
      puller.handle(.applyEnded(no))
      #expect(!puller.asked.contains { $0.contains("deltas") }, "first the answer")
      puller.handle(.recordsStored(no, newest: 2))
      #expect(puller.asked == ["us/peer/v1/deltas/no/1?from=0"])
      puller.handle(.stopped(no, fault, at: head.head.reference, from: try ReplicationBench.id("us")))
      #expect(puller.held == (resource == "roster/2" ? ["no roster-unknown"] : []), "it did not come")
    }
  }

  @Test func saysWhatPeersHoldOfOursAndNeverFetchesIt() throws {
    let own = try bench.sign("se")
    var (puller, polls, frontiers) = try open()
    puller.handle(.answered(try #require(frontiers["no"]), .frontier([own.head.reference])))
    #expect(puller.effects.isEmpty, "a name that nobody signed says nothing of what we signed")
    puller.handle(.answered(try #require(polls["no"]), try bench.page([own])))
    guard case .ownHeadShown(let peer, let head)? = puller.effects.first else {
      Issue.record("not told")
      return
    }
    #expect(peer.rawValue == "no" && head == own.head)
    puller.handle(.answered(try #require(polls["us"]), try bench.page([own])))
    #expect(puller.applies.isEmpty)
    #expect(!puller.asked.contains { $0.contains("deltas") })
  }

  @Test func passesReceiptsOn() throws {
    let receipt = try bench.author("no").receipt(
      alliance: bench.alliance.membership.alliance, number: 4, signedAt: 4, entries: [])
    var (puller, polls, _) = try open()
    puller.handle(.answered(try #require(polls["us"]), try bench.page([], receipts: [receipt])))
    guard case .storeReceipts(let receipts)? = puller.effects.first else {
      Issue.record("not passed on")
      return
    }
    #expect(receipts == [receipt])
  }

  @Test func leavesAPausedPeerAloneUntilItIsResumed() throws {
    let no = try ReplicationBench.id("no")
    var (puller, polls, _) = try open()
    puller.handle(.paused(no))
    #expect(puller.disconnected == ["no"])
    puller.handle(.answered(try #require(polls["no"]), try bench.page([try bench.sign("no")])))
    #expect(puller.effects.isEmpty, "the answer came after the pause")
    puller.tick(after: 600_000)
    #expect(!puller.asked.contains { $0.hasPrefix("no") })
    puller.handle(.resumed(no))
    #expect(puller.asked == ["no/peer/v1/hello"])
    var silent = try bench.puller(paused: [no])
    silent.tick(after: 0)
    #expect(silent.asked == ["us/peer/v1/hello"])
  }

  /// With as many coalitions behind as peers, each peer serves one page at a time, so that none waits for all.
  @Test func spreadsTheWorkOverPeers() throws {
    let (ofNo, ofUs) = (try bench.signMany("no", 3), try bench.signMany("us", 3))
    var (puller, polls, _) = try open(frontier: [ofNo[0].head.reference, ofUs[0].head.reference])
    puller.handle(.answered(try #require(polls["no"]), try bench.page([ofNo[2], ofUs[2]])))
    #expect(puller.asked.filter { $0.contains("deltas") }.count == 1)
    puller.handle(.answered(try #require(polls["us"]), try bench.page([ofNo[2], ofUs[2]])))
    #expect(puller.asked.filter { $0.contains("deltas") } == ["us/peer/v1/deltas/us/1?from=1"])
  }

  /// A head that others tell of waits for its own coalition to tell, body included, but not for long.
  @Test func waitsForTheCoalitionItselfBeforeItFetches() throws {
    let heads = try bench.signMany("no", 2)
    for answers in [true, false] {
      var puller = try bench.puller(frontier: [heads[0].head.reference], relayPause: 1_000)
      puller.tick(after: 0)
      var polls: [String: Puller.Ticket] = [:]
      for greeting in puller.tickets {
        puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
        polls[greeting.peer.rawValue] = try puller.ticket("\(greeting.peer)/peer/v1/heads")
      }
      puller.handle(.answered(try #require(polls["us"]), try bench.page([heads[1]], delta: false)))
      puller.tick(after: 999)
      #expect(!puller.asked.contains { $0.contains("deltas") })
      if answers {
        puller.handle(.answered(try #require(polls["no"]), try bench.page([heads[1]])))
        #expect(puller.applies == ["no 1 from no"])
      } else {
        puller.tick(after: 1)
        #expect(puller.asked == ["us/peer/v1/deltas/no/1?from=1"])
      }
    }
  }

  @Test func asksOthersForTheReceiptsOfWhomItDoesNotHear() throws {
    var (puller, polls, _) = try open()
    puller.handle(.linkFailed(try #require(polls["no"]), Problem("unreachable", "cut")))
    let poll = try puller.ticket("us/peer/v1/heads")
    #expect(puller.asked == ["us/peer/v1/heads?wait=30&relay=no"], "at once, and of everything")
    puller.handle(.answered(try #require(polls["us"]), try bench.page([])))
    #expect(puller.asked.isEmpty, "the poll from before has passed over what is wanted now: its cursor is not taken")
    puller.handle(.answered(poll, try bench.page([])))
    #expect(puller.asked == ["us/peer/v1/heads?after=AQID&wait=30&relay=no"])
    puller.tick(after: 300)
    let greeting = try puller.ticket("no/peer/v1/hello")
    puller.handle(.answered(greeting, try bench.hello("no")))
    puller.handle(.answered(try puller.ticket("no/peer/v1/heads"), try bench.page([])))
    #expect(puller.asked.contains("no/peer/v1/heads?after=AQID&wait=30"), "nobody is silent any more")
  }

  @Test func aTickBeforeItIsDueDoesNothing() throws {
    var (puller, polls, frontiers) = try open()
    for ticket in frontiers.values { puller.handle(.answered(ticket, .frontier([]))) }
    #expect(puller.puller.nextDue == puller.now + 60_000)
    puller.tick(after: 59_999)
    #expect(puller.asked.isEmpty)
    puller.handle(.linkFailed(try #require(polls["no"]), Problem("unreachable", "gone")))
    #expect(puller.puller.nextDue <= puller.now + 250)
  }

  /// A delta whose bits flipped on its own coalition's disk is good nowhere: after a few answers the position is copied.
  @Test func copiesThePositionAfterBytesThatAreGoodNowhere() throws {
    let heads = try bench.signMany("no", 3)
    let (no, us) = (try ReplicationBench.id("no"), try ReplicationBench.id("us"))
    for answers in 2...3 {
      var (puller, polls, _) = try open(frontier: [heads[0].head.reference])
      for _ in 0..<answers {
        puller.handle(.stopped(no, .link(Problem("delta-hash", "other bytes")), at: nil, from: us))
      }
      puller.handle(.answered(try #require(polls["no"]), try bench.page([heads[2]], delta: false)))
      #expect(puller.stages == (answers == 3 ? ["no begin from no"] : []))
      #expect(puller.asked.contains("no/peer/v1/deltas/no/1?from=1") == (answers == 2))
    }
  }
}
