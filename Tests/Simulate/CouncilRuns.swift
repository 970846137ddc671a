internal import ArgumentParser
internal import Foundation
internal import Simulation

/// Seeds of the simulation in which rosters are decided, each run twice.
struct CouncilRuns {
  let seeds: ClosedRange<UInt64>
  let prints: Bool

  /// Three to six founders, few more often, and two who would join; with four or more, every other seed with one who lies.
  static func settings(seed: UInt64, prints: Bool = false) -> CouncilSimulation.Settings {
    var settings = CouncilSimulation.Settings()
    settings.members = [3, 4, 3, 5, 4, 3, 4, 6][Int(seed % 8)]
    settings.hasLiar = settings.members > 3 && seed / 8 % 2 == 0
    settings.prints = prints
    return settings
  }

  func run() throws {
    var (failed, rosters, statements, started) = (0, 0, 0, Totals.cpuSeconds())
    for seed in seeds {
      let settings = Self.settings(seed: seed)
      let one = try CouncilSimulation(seed: seed, settings: Self.settings(seed: seed, prints: prints)).run()
      let other = try CouncilSimulation(seed: seed, settings: Self.settings(seed: seed)).run()
      let isGood = one.violation == nil && one.trace == other.trace
      rosters += Int(one.rosters) - 1
      statements += one.statements
      print(
        """
        seed \(seed) · \(settings.members) members\(settings.hasLiar ? ", one lies" : "") · \
        \(one.rosters - 1) rosters decided · \(one.removals) removals, \(one.returns) returns, \(one.identities) new \
        identities, \(one.epochs) epochs · \(one.heads) heads · \(one.copies) copies · \(one.hashKeys) hash keys, \(one.closedKeys) closed, \(one.moves) moves · \(one.thefts) thefts, \(one.held) held · \(one.statements) statements, rounds up to \(one.highestRound) · \
        \(one.contradictions) contradictions seen · \(one.crashes) crashes · \(one.restores) restores · trace \
        \(String(one.trace, radix: 16)) · \(isGood ? "agreed" : "FAILED")
        """)
      guard !isGood else { continue }
      failed += 1
      print("  broken: \(one.violation?.check.rawValue ?? "one seed is one run")\n  \(one.violation?.what ?? "")")
      for line in one.lastLines.suffix(12) { print("    \(line)") }
      print("  again: make simulate SEEDS=\(seed) ARGUMENTS=\"--council --verbose\"")
    }
    started = Totals.cpuSeconds() - started
    print(
      """
      \(seeds.count) seeds · \(rosters) rosters decided · \(statements) statements · \
      \(String(format: "%.1f", started)) CPU-seconds · \(failed) failed
      """)
    if failed > 0 { throw ExitCode(1) }
  }
}
