import Alliance
import ArgumentParser
import Foundation
import Operations
import Store
import Wire

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a coalition's keys, card and empty node; or a member's key and card.",
    discussion: """
      A coalition: vaka init se --name "Demo Sweden" --endpoint node.se.example:7473
      A member institution, which needs no node: vaka init --member bank-a --name "Demo Bank A"
      """)

  @Argument(help: "The coalition: a lower-case ISO 3166-1 code, such as se.")
  var coalition: String?
  @Option(help: "Make the folder of a member institution under this id instead, such as bank-a.")
  var member: String?
  @Option(help: "The name of the coalition or member, such as \"Demo Sweden\".")
  var name: String
  @Option(help: "Where peers reach this node: HOST:PORT; may be repeated.")
  var endpoint: [String] = []
  @Flag(help: "No peer can dial this node: it calls them. Instead of --endpoint.")
  var noEndpoint = false
  @Option(help: "The address to listen on; 0.0.0.0 if not given, 127.0.0.1 with --no-endpoint.")
  var listenHost: String?
  @Option(help: "The port to listen on; that of the first endpoint if not given.")
  var listenPort: Int?
  @Option(help: "Where health and metrics are asked, HOST:PORT or off; \(HealthListen.standard) if not given.")
  var healthListen: String?
  @Option(help: "The name that certificates are issued under.")
  var trustDomain: String?
  @OptionGroup var home: HomeOption
  @OptionGroup var passphrase: PassphraseOption
  @OptionGroup var output: JSONOption

  func validate() throws {
    if (coalition == nil) == (member == nil) { throw ValidationError("name a coalition, or give --member ID") }
    if coalition != nil, endpoint.isEmpty != noEndpoint {
      throw ValidationError(
        "say where peers reach this node: --endpoint HOST:PORT; or --no-endpoint if none of them can")
    }
    if let listenPort, !(1...65_535).contains(listenPort) { throw ValidationError("a port is 1 to 65535") }
    if member != nil, !endpoint.isEmpty || noEndpoint {
      throw ValidationError("a member has no node, so no --endpoint")
    }
  }

  func run() throws {
    if let member { return try makeMember(member) }
    let id = try coalitionID(coalition ?? "")
    let places = try endpoint.map(Endpoint.parse)
    if let healthListen { _ = try HealthListen(healthListen, object: "--health-listen") }
    var secret = try passphrase.read()
    if passphrase.passphraseFile == nil {
      guard try Terminal.hidden("the same passphrase again", instead: "give --passphrase-file") == secret else {
        secret = ""
        throw Problem("passphrase-differs", "the two passphrases differ; nothing was made")
      }
    }
    let answer = try InitialiseNode(
      coalition: id, name: name, endpoints: endpoint, trustDomain: trustDomain,
      listenHost: listenHost ?? (noEndpoint ? "127.0.0.1" : "0.0.0.0"),
      listenPort: listenPort ?? places.first?.port ?? Endpoint.standardPort, healthListen: healthListen
    ).run(in: home.folder, passphrase: secret, now: Date())
    if output.json { return try Terminal.json(answer) }
    Terminal.say("identity \(answer.identity)")
    Terminal.say("Move \(answer.identityKey) offline, with a copy; only the other members can replace it.")
    Terminal.say("Its pledge file, \(answer.identityKey).pledge, goes with the key in use.")
    Terminal.say("next: vaka alliance card > \(id).card")
  }

  private struct MemberAnswer: Encodable {
    let member: String
    let name: String
    let fingerprint: String
    let home: String
  }

  private func makeMember(_ text: String) throws {
    guard let id = MemberID(text) else {
      throw Problem("bad-member", "a member is 1 to 64 of a-z, 0-9 and -, such as bank-a", object: text)
    }
    let made = try MemberHome.make(id, name: name, in: home.folder)
    if output.json {
      return try Terminal.json(
        MemberAnswer(
          member: text, name: name, fingerprint: made.card.fingerprint.description, home: home.folder.path))
    }
    Terminal.say("member \(id) · fingerprint \(made.card.fingerprint)")
    Terminal.say("next: vaka list card > \(id).card, and send it to your coalition")
  }
}
