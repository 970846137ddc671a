internal import ArgumentParser
internal import Foundation
internal import Simulation
internal import Wire

/// Scores the simulation: every planted mistake must be found by some check within its budget of seeds.
struct MutantTable {
  let budget: Int
  /// Which mistakes; empty: all.
  let only: [PlantedFault]

  func run() throws {
    guard Planting.isPossible else {
      throw ValidationError("this build holds no planted mistakes: make simulate-mutants")
    }
    Planting.plant(nil)
    for seed in 1...UInt64(max(1, budget)) where only.isEmpty {
      let found = try Self.violation(seed: seed, ofCouncil: false) ?? Self.violation(seed: seed, ofCouncil: true)
      if let violation = found {
        print("seed \(seed) fails without a mistake: \(violation.check.rawValue): \(violation.what)")
        throw ExitCode(1)
      }
    }
    if only.isEmpty { print("without a mistake all \(budget) seeds are clean; each mistake may take as many") }
    print("mistake                      seed of \(budget)  rule -> the check that found it")
    var missed = 0
    let faults = only.isEmpty ? PlantedFault.allCases : only
    for fault in faults {
      Planting.plant(fault)
      var found: (seed: UInt64, violation: Report.Violation)?
      for seed in 1...UInt64(max(1, budget)) where found == nil {
        found = try Self.violation(seed: seed, ofCouncil: fault.isOfCouncil).map { (seed, $0) }
      }
      let name = fault.rawValue.padding(toLength: 28, withPad: " ", startingAt: 0)
      if let (seed, violation) = found {
        print("\(name) \(String(format: "%3d", seed))  \(fault.rule) -> \(violation.check.rawValue)")
      } else {
        missed += 1
        print("\(name)   -  \(fault.rule) -> NOT FOUND in \(budget) seeds")
      }
    }
    Planting.plant(nil)
    print("\(faults.count - missed) of \(faults.count) found")
    if missed > 0 { throw ExitCode(1) }
  }

  private static func violation(seed: UInt64, ofCouncil: Bool) throws -> Report.Violation? {
    ofCouncil
      ? try CouncilSimulation(seed: seed, settings: CouncilRuns.settings(seed: seed)).run().violation
      : try Simulation(seed: seed, settings: settings(seed: seed)).run().violation
  }

  /// Few nodes and much trouble.
  static func settings(seed: UInt64) -> Simulation.Settings {
    var settings = Simulation.Settings()
    settings.nodes = 5
    settings.deltaChanges = 4
    settings.troubledUntil = 2 * 3_600_000
    settings.faultsPerNodeDay = 100
    settings.changesPerNodeDay = 300
    settings.mostWaste = 1.3
    settings.keepsCut = seed % 3 == 0
    settings.hasTightBreaker = seed % 4 == 1
    // Two machines of one coalition are rare, and half of the rules are about them.
    if seed % 4 == 2 { settings.surely = [.clone, .clone, .machineSetBack, .machineSetBack] }
    return settings
  }
}
