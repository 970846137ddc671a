import ArgumentParser
import Control
import Operations
internal import Store
import Wire

struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Coalitions that are kept at their last good head, and letting them go on.",
    subcommands: [List.self, Release.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who is held, at which head and why.")
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ListHolds(home.open())
      if output.json { return try Terminal.json(answer) }
      if answer.holds.isEmpty { return Terminal.say("nobody is held") }
      let rows = answer.holds.map { hold in
        [hold.coalition.rawValue, hold.head ?? "-", hold.problem.code, hold.problem.what]
      }
      Terminal.say(Terminal.table([["COALITION", "AT", "CODE", "WHY"]] + rows))
      for next in answer.holds.compactMap(\.problem.next) { Terminal.say("next: \(next)") }
    }
  }

  struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Apply what was held: you have looked, and it is meant.")
    @Argument(help: "The coalition.")
    var coalition: String
    @OptionGroup var home: HomeOption

    func run() throws {
      let id = try coalitionID(coalition)
      _ = try NodeCall.releaseHold.ask(
        ControlClient(path: home.open().folder.controlSocket), NodeCall.Peer(peer: id), for: NodeCall.Nothing.self)
      Terminal.say("\(id) is let go; for an hour all its changes pass")
    }
  }
}
