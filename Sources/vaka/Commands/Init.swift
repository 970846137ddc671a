import Alliance
import ArgumentParser
import Foundation
import Operations
import Wire

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Make a coalition's keys, card and empty node.")

  @Argument(help: "The coalition: a lower-case ISO 3166-1 code, such as se.")
  var coalition: String
  @Option(help: "The coalition's name, such as \"Demo Sweden\".")
  var name: String
  @Option(help: "Where peers reach this node: HOST:PORT; may be repeated.")
  var endpoint: [String]
  @Option(help: "The address to listen on.")
  var listenHost = "0.0.0.0"
  @Option(help: "Where health and metrics are asked, HOST:PORT or off; \(HealthListen.standard) if not given.")
  var healthListen: String?
  @Option(help: "The name that certificates are issued under.")
  var trustDomain: String?
  @OptionGroup var home: HomeOption
  @OptionGroup var passphrase: PassphraseOption
  @OptionGroup var output: JSONOption

  func run() throws {
    guard let id = CoalitionID(coalition) else {
      throw Problem("bad-coalition", "a coalition is a lower-case ISO 3166-1 code, such as se", object: coalition)
    }
    guard let first = endpoint.first.flatMap({ Endpoint($0) }) else {
      throw Problem("bad-endpoint", "an endpoint is HOST:PORT, such as node.se.example:7473", object: endpoint.first)
    }
    if let healthListen { _ = try HealthListen(healthListen, object: "--health-listen") }
    var secret = try passphrase.read()
    if passphrase.passphraseFile == nil {
      guard try Terminal.hidden("the same passphrase again", instead: "give --passphrase-file") == secret else {
        secret = ""
        throw Problem("passphrase-differs", "the two passphrases differ; nothing was made")
      }
    }
    let answer = try InitialiseNode(
      coalition: id, name: name, endpoints: endpoint, trustDomain: trustDomain, listenHost: listenHost,
      listenPort: first.port, healthListen: healthListen
    ).run(in: home.folder, passphrase: secret, now: Date())
    if output.json { return try Terminal.json(answer) }
    Terminal.say("identity \(answer.identity)")
    Terminal.say("Move \(answer.identityKey) offline, with a copy; only the other members can replace it.")
    Terminal.say("next: vaka alliance card > \(id).card")
  }
}
