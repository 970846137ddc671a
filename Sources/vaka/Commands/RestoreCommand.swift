import Alliance
import ArgumentParser
import Foundation
import Keys
import Operations
import Store
import Wire

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring a node back: from a backup, or from its peers with the identity key alone.",
    discussion: """
      From a backup:    vaka restore FOLDER
      From the peers:   vaka restore --from-peers demo.alliance --identity-key identity.key
      The old node must be gone for good: two nodes of one coalition never run at the same time.
      """)
  @Argument(help: "The folder that vaka backup made.")
  var folder: String?
  @Option(
    help: "The alliance file, which any member has: everything was lost but the identity key.")
  var fromPeers: String?
  @Option(help: "With --from-peers: the identity key.")
  var identityKey: String?
  @Option(
    help:
      "With --from-peers: our records as a member holds them (vaka alliance record export), if we ever published a second."
  )
  var records: String?
  @Option(help: "With --from-peers: where peers reach this node, HOST:PORT; may be repeated; as before if not given.")
  var endpoint: [String] = []
  @Option(help: "With --from-peers: the address to listen on.")
  var listenHost = "0.0.0.0"
  @Option(help: "With --from-peers: where health and metrics are asked, HOST:PORT or off.")
  var healthListen: String?
  @Option(help: "With --from-peers: the file to hand to one peer; our.records if not given.")
  var recordFile: String?
  @Flag(help: "With --from-peers: do not ask; needs --expect.")
  var yes = false
  @Option(help: "With --from-peers: the alliance fingerprint that the members read.")
  var expect: String?
  @OptionGroup var home: HomeOption
  @OptionGroup var passphrase: PassphraseOption
  @OptionGroup var output: JSONOption

  func validate() throws {
    if (folder == nil) == (fromPeers == nil) {
      throw ValidationError("name the folder of a backup, or the alliance file: --from-peers FILE")
    }
    if fromPeers != nil, identityKey == nil { throw ValidationError("--from-peers needs --identity-key FILE") }
    if yes, expect == nil { throw ValidationError("--yes needs --expect FINGERPRINT") }
  }

  func run() throws {
    if let folder { return try putBack(folder) }
    guard let fromPeers, let identityKey else { return }
    if let healthListen { _ = try HealthListen(healthListen, object: "--health-listen") }
    let restore = RestoreFromPeers(
      alliance: try text(fromPeers, "alliance file"),
      records: try records.map { try text($0, "file of member records") },
      identityKey: try text(identityKey, "identity key"), endpoints: endpoint, listenHost: listenHost,
      healthListen: healthListen)
    let answer = try restore.run(
      in: home.folder, passphrase: passphrase.read(), recordFile: recordFile ?? "our.records", now: Date()
    ) { fingerprint in
      if let expect { return fingerprint.matches(expect) }
      return Terminal.confirm("Do the other members read \(fingerprint)?")
    }
    if output.json { return try Terminal.json(answer) }
    Terminal.say("a new node of \(answer.coalition) \(answer.name), with record \(answer.record), in \(answer.home)")
    Terminal.say("What was published comes back from the peers; the vault behind it does not.")
    Terminal.say("1. hand \(answer.recordFile) to one peer, who runs: vaka alliance record import \(answer.recordFile)")
    Terminal.say("2. here: vaka serve, and wait until vaka status shows that our position is here, beside ours")
    Terminal.say("3. here: vaka key rotate --from peers --identity-key \(identityKey)")
  }

  private func putBack(_ folder: String) throws {
    let answer = try RestoreBackup.run(BackupCommand.absolute(folder), to: home.folder)
    if output.json { return try Terminal.json(answer) }
    let head = answer.ownHead.map { "our head \($0)" } ?? "nothing signed yet"
    Terminal.say("restored \(answer.coalition) of \(answer.madeAt) in \(answer.home)")
    Terminal.say("\(Terminal.count(answer.statements, "statement")) · \(head)")
    Terminal.say("It has no sign mark, so it asks all peers what it signed last before it signs anything.")
    Terminal.say("Start it only if no other node of \(answer.coalition) runs anywhere, now or later.")
    Terminal.say("next: vaka serve, then vaka status")
  }

  private func text(_ path: String, _ noun: String) throws -> (text: String, file: String) {
    (String(decoding: try DurableFile.read(path, noun: noun, atMost: 8 << 20), as: UTF8.self), path)
  }
}
