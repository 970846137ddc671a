import Simulation
import Testing

/// How rosters are decided over a network, disks and people in trouble: a short set of seeds. `make simulate ARGUMENTS=--council`
/// runs longer ones.
@Suite struct CouncilTests {
  @Test(arguments: [1, 2, 3]) func decidesAndNeverTwice(seed: UInt64) throws {
    print("seed \(seed)")
    var settings = CouncilSimulation.Settings()
    settings.members = 4
    settings.newcomers = 1
    settings.troubledUntil = 3 * 3_600_000
    settings.faults = 15
    settings.hasLiar = seed == 2
    let one = try CouncilSimulation(seed: seed, settings: settings).run()
    #expect(one.violation == nil, "\(one.lastLines.suffix(12))")
    #expect(one.statements > 2, "nobody signed anything, so nothing was tested")
    #expect(one.heads > 10, "nobody published anything, so nothing was tested")
    if seed == 3 {
      #expect(try CouncilSimulation(seed: seed, settings: settings).run().trace == one.trace, "one seed is one run")
    }
  }

  /// Seeds that once failed, of rosters and positions together.
  @Test(arguments: [5, 7, 9, 10, 28]) func whatOnceFailed(seed: UInt64) throws {
    print("seed \(seed)")
    var settings = CouncilSimulation.Settings()
    settings.members = [7: 6, 9: 4, 28: 4][seed] ?? 3
    settings.hasLiar = seed == 7
    let one = try CouncilSimulation(seed: seed, settings: settings).run()
    #expect(one.violation == nil, "\(one.lastLines.suffix(12))")
    #expect(one.copies > 0, "nobody copied a position, so nothing was tested")
  }
}
