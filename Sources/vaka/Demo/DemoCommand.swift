import ArgumentParser
import Foundation
import Wire

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Found three sample coalitions on this machine and watch them agree.",
    discussion: "The list is sample data from a public sanctions list, and nothing else: reason sanctions-list.")
  @Option(help: "The sample list.")
  var list = "Samples/ofac-digital-currency.csv"
  @Flag(help: "Leave the three nodes running and say how to look at them.")
  var keep = false

  func run() async throws {
    let started = Date()
    let alliance = try DemoAlliance(list: list)
    do {
      try await DemoStory(alliance).tell()
    } catch {
      alliance.end()
      throw error
    }
    Terminal.say("\nall of it held, in \(Int(Date().timeIntervalSince(started))) s")
    guard keep else { return alliance.end() }
    Terminal.say("three nodes are running:")
    for coalition in DemoAlliance.coalitions { Terminal.say("  vaka status --home \(alliance.home(coalition))") }
    Terminal.say("end them with: pkill -f \(alliance.folder); rm -r \(alliance.folder)")
  }
}
