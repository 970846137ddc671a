import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

struct ApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Show what is proposed, then vote for it; or promise a round that was opened.",
    discussion: """
      Needs the identity key and the running node. Where the key lies on another machine:
      vaka alliance approve 3 --export question, there vaka alliance sign question, then vaka alliance approve 3 --import signed
      """)
  @Argument(help: "The number of the roster that is being decided.")
  var roster: UInt32
  @Option(help: "Which proposal, by how its hash begins, if there are several.")
  var proposal: String?
  @Flag(help: "Vote for nothing: promise the highest round that was opened.")
  var promise = false
  @Option(name: .customLong("import"), help: "Hand over what vaka alliance sign has written.")
  var signed: String?
  @OptionGroup var signing: SigningOptions
  @OptionGroup var home: HomeOption
  @OptionGroup var passphrase: PassphraseOption
  @OptionGroup var output: JSONOption

  func validate() throws {
    if signed != nil, signing.export != nil { throw ValidationError("--export or --import, not both") }
    if promise, proposal != nil { throw ValidationError("--promise votes for nothing, so no --proposal") }
  }

  func run() throws {
    let home = try home.open()
    if let signed {
      let text = String(
        decoding: try DurableFile.read(signed, noun: "file of promises and votes", atMost: 8 << 20), as: UTF8.self)
      return try SigningOptions.show(ApproveRoster.take(text, file: signed, in: home), output)
    }
    let plan = try ApproveRoster.plan(home, roster: roster, proposal: proposal, promisesOnly: promise)
    try signing.finish(plan, passphrase, output)
  }
}
