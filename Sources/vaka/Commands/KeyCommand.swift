import ArgumentParser
import Control
import Foundation
import Operations
internal import Store
import Wire

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "The node's keys.", subcommands: [Rotate.self, SignNow.self])

  struct SignNow: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sign-now", abstract: "Sign without waiting for peers: only if this is no restored copy.")
    @OptionGroup var home: HomeOption

    func run() throws {
      Terminal.note(
        "If this store is an older copy, signing now forks your coalition: peers will show it as forked.\n"
          + "Type the words: this is no copy")
      guard readLine() == "this is no copy" else {
        throw Problem("not-confirmed", "nothing was signed", next: "wait for the peers, or type the words exactly")
      }
      _ = try NodeCall.signNow.ask(
        ControlClient(path: home.folder.controlSocket), for: NodeCall.Nothing.self)
      Terminal.say("signing, for this start of the node only")
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A new signing key, from now on: after a fork, a lost or stolen key, or a store restored too old.",
      discussion: """
        Opens a new epoch in a new member record, so it needs the identity key. Nothing that is published is lost: the
        new epoch goes on from this store's position, or from the one that peers hold.
        """)
    @Option(help: "The position to go on from, if peers hold another than this store: here or peers.")
    var from: String?
    @Flag(help: "Do not ask.")
    var yes = false
    @OptionGroup var options: OwnRecordOptions

    func run() throws {
      let chosen = try from.map { text in
        guard let origin = OpenEpoch.Origin(rawValue: text) else {
          throw Problem("unknown-value", "--from is here or peers", object: text)
        }
        return origin
      }
      let opening = try OpenEpoch(options.home.open(), anyway: options.anyway)
      let origin = try opening.origin(chosen)
      if !yes {
        let place = origin == .peers ? opening.plan.atPeers : opening.plan.here
        Terminal.note(
          "a new epoch goes on from \(place.map { "head \($0.text)" } ?? "the empty position"), as \(origin == .peers ? "peers hold it" : "this store holds it")"
        )
        if !opening.plan.silent.isEmpty {
          Terminal.note("no answer yet from \(list(opening.plan.silent)): what only they hold of ours would be lost")
        }
        guard Terminal.confirm("Open the new epoch?") else {
          throw Problem("not-confirmed", "nothing was changed")
        }
      }
      let answer = try opening.run(
        from: origin, identityKey: options.identityKey, passphrase: options.passphrase.read())
      if options.output.json { return try Terminal.json(answer) }
      Terminal.say("epoch \(answer.epoch) of \(answer.coalition) is open, by member record \(answer.record)")
      Terminal.say("next: move the identity key offline again; back up the folder's keys")
    }
  }
}
