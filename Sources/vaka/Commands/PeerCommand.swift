import ArgumentParser
import Control
import Foundation
import Operations
internal import Store
import Wire

struct PeerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peer", abstract: "Look at the links to peers, and pause them.",
    subcommands: [List.self, Probe.self, Pause.self, Resume.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "All peers and how they stand.")
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let status = try StatusReport(home.open(), version: softwareVersion).ask(now: currentMilliseconds())
      if output.json { return try Terminal.json(status.peers) }
      let rows = status.peers.map { [$0.coalition.rawValue, $0.name, $0.link, $0.agrees.rawValue, $0.note ?? ""] }
      Terminal.say(Terminal.table([["PEER", "NAME", "LINK", "AGREES", "NOTE"]] + rows))
    }
  }

  struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Greet one peer now and say what happens.")
    @Argument(help: "The peer's coalition.")
    var peer: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try NodeCall.probe.ask(
        client(home), NodeCall.Peer(peer: coalitionID(peer)), for: PeerProbe.self, seconds: 15)
      if output.json {
        try Terminal.json(answer)
      } else {
        Terminal.say(
          "\(answer.peer)  \(answer.endpoints.isEmpty ? "it calls" : answer.endpoints.joined(separator: ", "))")
        if let time = answer.milliseconds { Terminal.say("answered in \(String(format: "%.1f", time)) ms") }
        if let roster = answer.roster { Terminal.say("roster \(roster), the same alliance") }
        if let problem = answer.problem { Terminal.say("\(problem.code): \(problem.what)") }
      }
      if answer.problem != nil { throw ExitCode(1) }
    }
  }

  struct Pause: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Cut the link to a peer, in both directions, until resumed.")
    @Argument(help: "The peer's coalition.")
    var peer: String
    @OptionGroup var home: HomeOption

    func run() throws {
      _ = try NodeCall.pause.ask(client(home), NodeCall.Peer(peer: coalitionID(peer)), for: NodeCall.Nothing.self)
      Terminal.say("\(peer) is paused, in both directions")
    }
  }

  struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Open the link to a paused peer again.")
    @Argument(help: "The peer's coalition.")
    var peer: String
    @OptionGroup var home: HomeOption

    func run() throws {
      _ = try NodeCall.resume.ask(client(home), NodeCall.Peer(peer: coalitionID(peer)), for: NodeCall.Nothing.self)
      Terminal.say("\(peer) is no longer paused")
    }
  }

  private static func client(_ home: HomeOption) -> ControlClient { ControlClient(path: home.folder.controlSocket) }
}
