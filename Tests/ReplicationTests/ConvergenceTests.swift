import Simulation
import Testing

/// The real puller, responder, author and gate over a simulated network and disk.
@Suite struct ConvergenceTests {
  /// Loss, delay, crashes at every step of signing, restarts; then peace.
  @Test(arguments: 1...20) func threeNodesConvergeAndNobodyForks(seed: Int) throws {
    print("seed \(seed)")
    let simulation = try Simulation(seed: UInt64(seed))
    #expect(try simulation.run(until: 400_000), "no agreement: \(simulation.trace.suffix(12))")
    #expect(simulation.forks.isEmpty)
    #expect(simulation.crashes > 0 && simulation.lost > 0, "nothing went wrong, so nothing was tested")
  }

  /// Heads, deltas and receipts of two that cannot reach each other go through the third.
  @Test(arguments: 1...6) func relaysBetweenTwoThatAreCutOff(seed: Int) throws {
    print("seed \(seed)")
    let simulation = try Simulation(seed: UInt64(seed), trouble: .cut)
    #expect(try simulation.run(until: 400_000), "no agreement: \(simulation.trace.suffix(12))")
    #expect(simulation.forks.isEmpty)
    #expect(simulation.relayed > 0, "nothing was signed while the two were cut off")
  }

  /// Positions are copied page by page while they change, over loss, crashes and deltas that are gone in the middle.
  @Test(arguments: 1...20) func copiesWholePositionsWhileTheyChange(seed: Int) throws {
    print("seed \(seed)")
    let simulation = try Simulation(seed: UInt64(seed), trouble: .forgetting)
    #expect(try simulation.run(until: 400_000), "no agreement: \(simulation.trace.suffix(12))")
    #expect(simulation.forks.isEmpty)
    #expect(simulation.copies > 0 && simulation.pages > simulation.copies, "nothing was copied")
  }

  @Test(arguments: [1, 7, 20]) func oneSeedIsOneRun(seed: Int) throws {
    let (first, second) = (try Simulation(seed: UInt64(seed)), try Simulation(seed: UInt64(seed)))
    _ = try first.run(until: 400_000)
    _ = try second.run(until: 400_000)
    #expect(first.trace.count > 100)
    #expect(first.trace == second.trace)
  }
}
