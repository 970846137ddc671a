internal import ArgumentParser
internal import Foundation
internal import Simulation
internal import Wire

/// Runs seeds of the simulation, each twice, and says what came of them.
@main
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Run the alliance in a simulation: one seed is one run.")

  @Option(help: "A seed, or the first and the last, such as 1-100.")
  var seeds = "1-10"
  @OptionGroup var shape: RunShape
  @Flag(help: "Print what happens, line by line.")
  var verbose = false
  @Flag(help: "Run each seed once, without comparing it with a second run.")
  var once = false
  @Option(help: "The mistake to run with; needs a build with planted faults.")
  var plant: String?
  @Flag(help: "Run with each planted mistake in turn and print which check finds it.")
  var mutants = false
  @Flag(help: "Decide rosters, with removals, returns and what members publish.")
  var council = false
  @Option(help: "With --mutants, only these mistakes, comma-separated.")
  var only = ""
  @Option(help: "How many seeds a planted mistake may take.")
  var budget = 20

  func run() throws {
    if mutants {
      let only = try only.split(separator: ",").map { try Self.fault(named: String($0)) }
      try MutantTable(budget: budget, only: only).run()
      return
    }
    if let plant { try Self.plant(plant) }
    if council { return try CouncilRuns(seeds: Self.range(seeds), prints: verbose).run() }
    var failed = 0
    var total = Totals()
    for seed in try Self.range(seeds) {
      var settings = shape.settings(seed: seed)
      settings.prints = verbose
      let started = Totals.cpuSeconds()
      let report = try Simulation(seed: seed, settings: settings).run()
      var runs = 1.0
      var isSame = true
      if !once {
        settings.prints = false
        isSame = try Simulation(seed: seed, settings: settings).run().trace == report.trace
        runs = 2
      }
      let seconds = Totals.cpuSeconds() - started
      total.add(report, runs: runs, seconds: seconds)
      print(Self.line(report, isSame: isSame, runs: runs, seconds: seconds))
      if report.violation != nil || !isSame {
        failed += 1
        if let violation = report.violation {
          print("  broken: \(violation.check.rawValue)\n  \(violation.what)")
          for line in report.lastLines.suffix(12) { print("    \(line)") }
        } else {
          print("  broken: one seed is one run")
        }
        print("  again: make simulate SEEDS=\(seed) ARGUMENTS=\"\(shape.arguments) --verbose\"")
      }
    }
    print(total.summary(failed: failed))
    if failed > 0 { throw ExitCode(1) }
  }

  static func plant(_ name: String) throws { Planting.plant(try fault(named: name)) }

  private static func fault(named name: String) throws -> PlantedFault {
    guard Planting.isPossible, let fault = PlantedFault(rawValue: name) else {
      throw ValidationError(
        Planting.isPossible
          ? "there is no mistake \(name); there are \(PlantedFault.allCases.map(\.rawValue).joined(separator: ", "))"
          : "this build holds no planted mistakes: make simulate-mutants")
    }
    return fault
  }

  static func range(_ text: String) throws -> ClosedRange<UInt64> {
    let parts = text.split(separator: "-").compactMap { UInt64($0) }
    guard let first = parts.first, let last = parts.last, parts.count <= 2, first <= last else {
      throw ValidationError("seeds are a number, or two with a hyphen: 7, 1-100")
    }
    return first...last
  }

  private static func line(_ report: Report, isSame: Bool, runs: Double, seconds: Double) -> String {
    let days = Double(report.simulated) / 86_400_000
    let rate = seconds > 0 ? Double(report.nodes) * days * runs / seconds * 3_600 : 0
    let faults = report.faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let verdict =
      report.violation == nil && isSame
      ? "agreed after \(String(format: "%.0f", Double(report.agreedAfter ?? 0) / 1_000)) s" : "FAILED"
    return """
      seed \(report.seed) · \(report.nodes) nodes · \(String(format: "%.3f", days)) d · \(Int(rate)) node-days/CPU-hour · \
      \(report.heads) heads · \(report.copies) copies · \(report.crashes) crashes · \(report.recoveries) recoveries · \(report.epochs) epochs · \(report.lost) lost · bodies × \
      \(String(format: "%.2f", report.waste)) · \(report.allBytes / 1_000) kB · trace \
      \(String(report.trace, radix: 16)) · \(verdict)
        faults: \(faults.isEmpty ? "none" : faults)
        bodies: \(Report.BodyFate.allCases.map { "\($0) \(report.bodies[$0, default: 0])" }.joined(separator: ", ")), finished copies \(report.copiedBytes)
      """
  }
}

/// How large a run is and what goes wrong in it.
struct RunShape: ParsableArguments {
  @Option(help: "Nodes, at most 47.")
  var nodes = 47
  @Option(help: "Simulated days of trouble.")
  var days = 1.0
  @Option(help: "Mishaps for each node and day.")
  var faults = 3.0
  @Option(help: "Changes for each node and day.")
  var changes = 6.0
  @Option(help: "Changes that fill a delta.")
  var deltaChanges = 16
  @Option(help: "Rows in a page of a copy.")
  var pageRows = 5
  @Option(help: "What goes wrong, comma-separated; everything unless said.")
  var kinds: String?
  @Option(help: "What happens once at least, comma-separated.")
  var surely = ""
  @Flag(help: "The first and the last never reach each other again.")
  var cut = false

  func settings(seed: UInt64) -> Simulation.Settings {
    var settings = Simulation.Settings()
    settings.nodes = min(max(2, nodes), 47)
    settings.troubledUntil = UInt64(max(0.001, days) * 86_400_000)
    settings.faultsPerNodeDay = faults
    settings.changesPerNodeDay = changes
    settings.keepsCut = cut
    settings.deltaChanges = deltaChanges
    settings.pageRows = pageRows
    // Copies that are given up, because their history has ended, are a large part of few bodies.
    if faults > 10 { settings.mostWaste = 1.3 }
    settings.hasTightBreaker = seed % 4 == 1
    settings.surely = surely.split(separator: ",").compactMap { FaultKind(rawValue: String($0)) }
    if let kinds { settings.kinds = kinds.split(separator: ",").compactMap { FaultKind(rawValue: String($0)) } }
    return settings
  }

  var arguments: String {
    "--nodes \(nodes) --days \(days) --faults \(faults) --changes \(changes)"
      + " --delta-changes \(deltaChanges) --page-rows \(pageRows)" + (kinds.map { " --kinds '\($0)'" } ?? "")
      + (surely.isEmpty ? "" : " --surely \(surely)")
      + (cut ? " --cut" : "")
  }
}
