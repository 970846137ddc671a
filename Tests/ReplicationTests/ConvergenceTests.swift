import Simulation
import Testing

/// The real puller, responder, author and gate over simulated networks, disks and clocks: a short set of seeds. `make
/// simulate` runs many, and larger ones.
@Suite struct ConvergenceTests {
  /// Ten minutes of trouble among few nodes, then peace.
  private static func settings(_ kinds: [FaultKind], nodes: Int = 3, faults: Double = 1_500) -> Simulation.Settings {
    var settings = Simulation.Settings()
    settings.nodes = nodes
    settings.troubledUntil = 600_000
    settings.faultsPerNodeDay = faults
    settings.changesPerNodeDay = 3_000
    settings.kinds = kinds
    settings.deltaChanges = 2
    settings.pageRows = 3
    // Where so much goes wrong, much is asked for twice.
    settings.mostWaste = 0
    return settings
  }

  private func run(_ seed: Int, _ settings: Simulation.Settings) throws -> Report {
    print("seed \(seed)")
    let report = try Simulation(seed: UInt64(seed), settings: settings).run()
    #expect(report.violation == nil, "\(report.lastLines.suffix(12))")
    return report
  }

  /// Loss, delay, crashes between any two effects, restarts; then peace.
  @Test(arguments: 1...12) func nodesConvergeAndNobodyForks(seed: Int) throws {
    let report = try run(seed, Self.settings([.crash, .crashAt, .loss, .slowness, .stall]))
    #expect(report.crashes > 0 && report.lost > 0, "nothing went wrong, so nothing was tested")
  }

  /// Heads, deltas and receipts of two that cannot reach each other go through the third.
  @Test(arguments: 1...6) func relaysBetweenTwoThatAreCutOff(seed: Int) throws {
    var settings = Self.settings([.loss])
    settings.keepsCut = true
    let report = try run(seed, settings)
    #expect(report.relayed > 0, "nothing was signed while the two were cut off")
  }

  /// Positions are copied page by page while they change, over loss, crashes and deltas that are gone in the middle.
  @Test(arguments: 1...12) func copiesWholePositionsWhileTheyChange(seed: Int) throws {
    let report = try run(seed, Self.settings([.forgetting, .crash, .crashAt, .loss]))
    #expect(report.copies > 0 && report.pages > report.copies, "nothing was copied")
  }

  /// Disks that are full, flip bits or are restored; clocks that jump; a member that lies.
  @Test(arguments: Array(1...12) + [39, 43, 48, 80, 148, 194]) func outlastsDisksClocksAndALiar(seed: Int) throws {
    let report = try run(
      seed,
      Self.settings([
        .fullDisk, .flippedRow, .flippedDelta, .flippedPrepared, .restore, .clockJump, .drift, .lies, .isolation,
      ]))
    #expect(report.faults.count > 2, "nothing went wrong, so nothing was tested")
  }

  /// Seeds that once failed, of everything that goes wrong at once.
  @Test(arguments: [2, 3, 4, 7, 9, 10, 16, 28, 41, 48, 90, 220, 344, 533, 656]) func whatOnceFailed(seed: Int) throws {
    var settings = Self.settings(FaultKind.allCases, nodes: 5, faults: 100)
    settings.troubledUntil = 7_199_712
    settings.changesPerNodeDay = 300
    settings.deltaChanges = 4
    settings.pageRows = 5
    _ = try run(seed, settings)
  }

  @Test(arguments: [1, 7, 20]) func oneSeedIsOneRun(seed: Int) throws {
    let settings = Self.settings(FaultKind.allCases)
    let (first, second) = (
      try Simulation(seed: UInt64(seed), settings: settings).run(),
      try Simulation(seed: UInt64(seed), settings: settings).run()
    )
    #expect(first.events > 1_000)
    #expect(first.trace == second.trace && first.events == second.events)
  }
}
