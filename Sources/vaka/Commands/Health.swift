import ArgumentParser
import Control
import Operations
import Store
import Wire

struct Health: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Does the node that runs here work? For health checks of containers and scripts.",
    discussion: """
      Asks over the control socket, so it answers whether or not health is served over HTTP. Exit code 0: yes; 1: no. Never
      2, which Docker keeps for itself.
      """)
  @Flag(help: "Also ask whether the node may sign.")
  var ready = false
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() throws {
    let health: NodeHealth
    do {
      let client = ControlClient(path: try home.open().folder.controlSocket)
      health = try NodeCall.health.ask(client, for: NodeHealth.self, seconds: 5)
    } catch let problem as Problem {
      Terminal.complain(problem)
      throw ExitCode(1)
    }
    let isGood = health.healthy && (health.ready || !ready)
    if output.json {
      try Terminal.json(health)
    } else {
      Terminal.say(health.reason ?? "ok")
    }
    if !isGood { throw ExitCode(1) }
  }
}
