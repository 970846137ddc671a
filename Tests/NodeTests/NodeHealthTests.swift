import Operations
import Replication
import Testing
import Wire

/// When a node is well, and when it is ready: the rule of `/healthz`, `/readyz` and `vaka health`.
@Suite struct NodeHealthTests {
  private func judge(_ gate: SignGate.State, storeProblem: Problem? = nil) -> NodeHealth {
    NodeHealth.judge(storeProblem: storeProblem, gate: gate)
  }

  @Test func aNodeThatMaySignIsReady() {
    let health = judge(.open)
    #expect(health.healthy && health.ready && health.reason == nil)
  }

  @Test func aNodeThatWaitsForItsPeersIsWellAndNotReady() {
    let health = judge(.waiting(answered: 1, needed: 2, mayWaive: true))
    #expect(health.healthy && !health.ready)
    #expect(health.reason == "waiting for 1 of 2 peers before signing")
    let all = judge(.waiting(answered: 0, needed: 46, mayWaive: false))
    #expect(all.reason == "waiting for 46 of 46 peers before signing")
  }

  @Test func aNodeThatStoppedSigningSaysWhy() {
    let health = judge(.stopped(Problem("own-head-unknown", "no holds a head of ours that we lack")))
    #expect(health.healthy, "it still receives, and answers its peers")
    #expect(!health.ready)
    #expect(health.reason == "signing stopped: no holds a head of ours that we lack [own-head-unknown]")
  }

  @Test func withoutItsStoreANodeIsNeither() {
    let health = judge(.open, storeProblem: Problem("store-damaged", "the ledger is damaged"))
    #expect(!health.healthy && !health.ready)
    #expect(health.reason == "the store cannot be read: the ledger is damaged [store-damaged]")
  }
}
