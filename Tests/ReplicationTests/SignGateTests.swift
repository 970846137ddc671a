import Ledger
import Replication
import Signing
import Testing
import Wire

/// Ask before signing.
@Suite struct SignGateTests {
  private let se: CoalitionID
  private let peers: [CoalitionID]
  private let head: HeadReference

  init() throws {
    se = try ReplicationBench.id("se")
    peers = try ["dk", "no", "us"].map(ReplicationBench.id)
    head = HeadReference(coalition: se, epoch: 1, index: 7, hash: ObjectHash(sha256: [7]))
  }

  @Test func opensAfterTwoAnswersWhileTheMarkMatches() throws {
    var gate = SignGate(coalition: se, peers: peers, mark: .matches)
    #expect(gate.state == .waiting(answered: 0, needed: 2, mayWaive: true))
    gate.answered(by: peers[0], showing: nil, known: true)
    gate.answered(by: peers[0], showing: head, known: true)
    #expect(gate.state == .waiting(answered: 1, needed: 2, mayWaive: true), "one peer counts once")
    gate.answered(by: se, showing: head, known: true)
    gate.answered(by: try ReplicationBench.id("fi"), showing: head, known: true)
    #expect(!gate.isOpen, "only members count")
    gate.answered(by: peers[1], showing: head, known: true)
    #expect(gate.isOpen)
  }

  @Test func opensByTheOperatorsWordOnlyWhileTheMarkMatches() throws {
    var gate = SignGate(coalition: se, peers: peers, mark: .matches)
    try gate.waive()
    #expect(gate.isOpen)
    var other = SignGate(coalition: se, peers: peers, mark: .differs(Problem("sign-mark-differs", "another head")))
    #expect(throws: Problem.self) { try other.waive() }
    for (count, peer) in peers.enumerated() {
      #expect(other.state == .waiting(answered: count, needed: 3, mayWaive: false), "every peer must answer")
      other.answered(by: peer, showing: nil, known: true)
    }
    #expect(other.isOpen)
  }

  @Test func stopsWhereAPeerHoldsAHeadThatWeDoNotHave() throws {
    var gate = SignGate(coalition: se, peers: peers, mark: .matches)
    try gate.waive()
    gate.answered(by: peers[0], showing: head, known: false)
    #expect(code(gate) == "own-head-unknown")
    #expect(throws: Problem.self) { try gate.waive() }
    for peer in peers { gate.answered(by: peer, showing: nil, known: true) }
    #expect(code(gate) == "own-head-unknown", "that others do not hold it is no comfort")
    gate.copied(head)
    #expect(code(gate) == "own-head-choice" && gate.copied == head)
    let later = HeadReference(coalition: se, epoch: 1, index: 9, hash: ObjectHash(sha256: [9]))
    gate.answered(by: peers[1], showing: later, known: false)
    #expect(code(gate) == "own-head-unknown" && gate.copied == nil, "a later one is to be fetched again")
    gate.copied(head)
    #expect(gate.copied == nil, "the copy is of an earlier head")
    gate.copied(later)
    gate.adopted()
    #expect(gate.isOpen)
  }

  /// What the mark names nobody remembers: signing that index again would be a fork that only waits for its witness.
  @Test func neverSignsBelowItsOwnMark() throws {
    var gate = SignGate(coalition: se, peers: peers, mark: .ahead(Problem("sign-mark-ahead", "later than the store")))
    #expect(throws: Problem.self) { try gate.waive() }
    #expect(gate.state == .waiting(answered: 0, needed: 3, mayWaive: false))
    for peer in peers { gate.answered(by: peer, showing: nil, known: true) }
    #expect(code(gate) == "sign-mark-ahead")
    gate.openedEpoch()
    #expect(gate.isOpen)
  }

  @Test func aLostKeyGivesWayToTheChoiceAndAForkDoesNot() throws {
    for (stop, shown) in [("signing-key-lost", "own-head-choice"), ("forked", "forked")] {
      var gate = SignGate(coalition: se, peers: peers, mark: .matches, stop: Problem(stop, "stopped"))
      gate.answered(by: peers[0], showing: head, known: false)
      gate.copied(head)
      #expect(code(gate) == shown)
    }
  }

  @Test func aNewEpochOpensWhateverStopped() throws {
    var gate = SignGate(coalition: se, peers: peers, mark: .differs(Problem("sign-mark-missing", "no mark")))
    gate.stop(Problem("forked", "two histories"))
    gate.answered(by: peers[0], showing: head, known: false)
    #expect(code(gate) == "forked")
    gate.openedEpoch()
    #expect(gate.isOpen)
  }

  private func code(_ gate: SignGate) -> String? {
    if case .stopped(let problem) = gate.state { problem.code } else { nil }
  }
}
