import Alliance
import Ledger
import Replication
import Simulation
import Testing
import Wire

/// The puller while a whole position is copied: what it asks for, of whom, and when.
@Suite struct PullerCopyTests {
  private let bench: ReplicationBench
  private let no: CoalitionID
  private let us: CoalitionID

  init() throws {
    bench = try ReplicationBench()
    no = try ReplicationBench.id("no")
    us = try ReplicationBench.id("us")
  }

  /// Both peers are greeted and show the newest of so many heads of no.
  private func copying(_ count: Int = 6) throws -> (PullerBench, newest: StoredEntry) {
    let heads = try bench.signMany("no", count)
    let newest = try #require(heads.last)
    var puller = try bench.puller()
    puller.tick(after: 0)
    for greeting in puller.tickets {
      puller.handle(.answered(greeting, try bench.hello(greeting.peer.rawValue)))
      let poll = try puller.ticket("\(greeting.peer)/peer/v1/heads")
      puller.handle(.answered(poll, try bench.page([newest], delta: false)))
    }
    return (puller, newest)
  }

  private func answer(_ ticket: Puller.Ticket) throws -> PeerAnswer {
    try SnapshotSource(bench.disk("no"), of: no, in: bench.alliance.membership).answer(to: ticket.resource)
  }

  /// The first copy of a coalition of more than one head is a snapshot; each next page is asked for before the one that
  /// came is written.
  @Test func copiesPageByPageAndReadsAhead() throws {
    var (puller, newest) = try copying()
    #expect(puller.stages.isEmpty, "it began when the first peer showed the head")
    puller.handle(.staged(no, .goOn(.page(atLeast: nil, after: nil, bucket: nil)), from: no))
    #expect(puller.asked == ["no/peer/v1/snapshot/no"])
    let first = try puller.ticket("no/peer/v1/snapshot/no")
    puller.handle(.answered(first, try answer(first)))
    #expect(puller.stages == ["no page of 3 from no"])
    let second = try puller.ticket("no/peer/v1/snapshot/no?at-least=\(newest.head.reference.hash.hex)&after=01")
    guard case .request? = puller.effects.first else {
      Issue.record("the next page is asked for first")
      return
    }
    puller.handle(.answered(second, try answer(second)))
    #expect(puller.stages == ["no page of 3 from no"])
    #expect(puller.asked.isEmpty, "there are no more")
    puller.handle(.staged(no, .goOn(.history(epoch: 1, from: 0)), from: no))
    let third = try puller.ticket("no/peer/v1/history/no/1?from=0")
    puller.handle(.answered(third, try answer(third)))
    #expect(puller.stages == ["no history of 6 from no"])
    puller.handle(.staged(no, .finished(newest.head.reference), from: no))
    #expect(puller.asked.isEmpty && puller.stages.isEmpty, "nothing is missing any more")
  }

  @Test func goesOnWithAnotherPeerWhenOneIsLost() throws {
    var (puller, _) = try copying()
    puller.handle(.staged(no, .goOn(.page(atLeast: nil, after: nil, bucket: nil)), from: no))
    let ticket = try puller.ticket("no/peer/v1/snapshot/no")
    puller.handle(.linkFailed(ticket, Problem("timeout", "lost")))
    #expect(puller.asked.contains("us/peer/v1/snapshot/no"))
  }

  @Test func leavesAPeerThatSendsABadPageAndGoesOnFromWhatIsThere() throws {
    var (puller, _) = try copying()
    let need = SnapshotNeed.page(atLeast: nil, after: nil, bucket: nil)
    puller.handle(.staged(no, .goOn(need), from: no))
    puller.handle(.staged(no, .failed(.link(Problem("snapshot-order", "lies")), need), from: no))
    #expect(puller.disconnected == ["no"])
    #expect(puller.asked.contains("us/peer/v1/snapshot/no"))
  }

  @Test func holdsTheCoalitionWhenNothingAgreesWithItsHeads() throws {
    var (puller, _) = try copying()
    puller.handle(.staged(no, .goOn(.buckets), from: no))
    #expect(puller.asked == ["no/peer/v1/buckets/no"])
    puller.handle(.staged(no, .failed(.coalition(Problem("snapshot-differs", "no head")), nil), from: no))
    #expect(puller.held == ["no snapshot-differs"])
    #expect(puller.disconnected.isEmpty)
    puller.tick(after: 10_000)
    #expect(puller.stages == ["no begin from us"], "from the start, from another peer")
  }

  /// A damaged copy at the peer that told first must not keep the whole ones of others away.
  @Test func asksThePeerThatFailedWhenTheOthersHaveFailedToo() throws {
    var (puller, _) = try copying()
    let differs = Snapshot.Outcome.failed(.coalition(Problem("snapshot-differs", "no head")), nil)
    var asked: [String] = []
    for (peer, pause) in [("no", 40_000), ("us", 40_000), ("no", 40_000), ("us", 80_000)] as [(String, UInt64)] {
      puller.handle(.staged(no, .goOn(.buckets), from: try ReplicationBench.id(peer)))
      puller.handle(.staged(no, differs, from: try ReplicationBench.id(peer)))
      puller.tick(after: pause)
      asked += puller.stages
    }
    #expect(asked == ["no begin from us", "no begin from no", "no begin from us", "no begin from no"])
  }

  /// Who shows a head without effect is left until it shows another; its link stays, and others are asked at once.
  @Test func leavesAPeerThatHoldsNothingThatCounts() throws {
    var (puller, _) = try copying()
    let poll = try puller.ticket("us/peer/v1/heads")
    let need = SnapshotNeed.page(atLeast: nil, after: nil, bucket: nil)
    let refused = Snapshot.Outcome.failed(.void(Problem("head-retired", "removed")), need)
    puller.handle(.staged(no, .goOn(need), from: no))
    puller.handle(.staged(no, refused, from: no))
    #expect(puller.asked == ["us/peer/v1/snapshot/no"] && puller.disconnected.isEmpty)
    puller.handle(.staged(no, refused, from: us))
    for _ in 0..<20 {
      puller.tick(after: 1_000)
      #expect(!puller.asked.contains { $0.contains("snapshot") })
    }
    let later = try bench.sign("no", number: 9)
    puller.handle(.answered(poll, try bench.page([later], delta: false)))
    #expect(puller.asked.contains("us/peer/v1/snapshot/no"))
  }

  /// What a closed epoch ended without is shown by who is behind: it is copied once, and not again until that peer shows another.
  @Test func copiesAHeadWithoutEffectOnce() throws {
    var (puller, newest) = try copying()
    let poll = try puller.ticket("us/peer/v1/heads")
    let ended = Snapshot.Outcome.ended(Problem("head-beyond-cut", "closed"), newest.head.reference)
    puller.handle(.staged(no, .goOn(.buckets), from: no))
    puller.handle(.staged(no, ended, from: no))
    #expect(puller.held.isEmpty && puller.disconnected.isEmpty)
    for _ in 0..<20 {
      puller.tick(after: 1_000)
      #expect(puller.stages.isEmpty, "the other peer stands at the same head")
    }
    let later = try bench.sign("no", number: 9)
    puller.handle(.answered(poll, try bench.page([later], delta: false)))
    #expect(puller.stages == ["no begin from us"])
  }

  @Test func asksForTheChangesAndSaysWhenTheyAreGone() throws {
    var (puller, _) = try copying()
    puller.handle(.staged(no, .goOn(.deltas(epoch: 1, from: 3)), from: no))
    let ticket = try puller.ticket("no/peer/v1/deltas/no/1?from=3")
    puller.handle(.resourceFailed(ticket, Problem("deltas-gone", "no longer kept")))
    #expect(puller.stages == ["no deltas gone from no"])
  }

  /// A history that has ended is served by nobody: the copy that needs it is given up, and not asked for again and again.
  @Test func givesUpACopyThatNobodyCanGoOnWith() throws {
    var (puller, _) = try copying()
    let history = SnapshotNeed.history(epoch: 1, from: 2)
    puller.handle(.staged(no, .goOn(history), from: no))
    for peer in ["no", "us"] {
      let ticket = try puller.ticket("\(peer)/peer/v1/history/no/1?from=2")
      puller.handle(.answered(ticket, .history([])))
    }
    #expect(puller.asked.isEmpty && puller.stages == ["no gone from no"])
  }

  /// An answer counts for its own request, once: not for the next one of the same resource.
  @Test func takesAnAnswerOnce() throws {
    var (puller, _) = try copying()
    puller.handle(.staged(no, .goOn(.page(atLeast: nil, after: nil, bucket: nil)), from: no))
    let first = try puller.ticket("no/peer/v1/snapshot/no")
    let page = try answer(first)
    puller.handle(.answered(first, page))
    puller.handle(.answered(first, page))
    #expect(puller.effects.isEmpty)
  }
}
