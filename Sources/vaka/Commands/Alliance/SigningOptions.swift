import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

/// How something about the next roster is signed: here, or on the machine where the identity key lies.
struct SigningOptions: ParsableArguments {
  @Option(help: "Where the identity key lies, if not in the node's folder.")
  var identityKey: String?
  @Option(help: "Sign nothing here: write what vaka alliance sign needs on another machine into this file.")
  var export: String?
  @Flag(help: "Do not ask.")
  var yes = false

  /// Shows the words, asks, and signs or writes the file.
  func finish(_ plan: RosterPlan, _ passphrase: PassphraseOption, _ output: JSONOption) throws {
    for line in plan.words.lines { Terminal.note(line) }
    if let export {
      try DurableFile.write(Array(plan.export().utf8), to: export, permissions: 0o644)
      Terminal.note("nothing is signed yet. On the machine with the identity key and its pledge file:")
      Terminal.note("  vaka alliance sign \(export) --identity-key FILE --output SIGNED")
      Terminal.note("then here: vaka alliance approve \(plan.number) --import SIGNED")
      return
    }
    guard yes || Terminal.confirm("Sign this?") else {
      throw Problem("not-confirmed", "nothing was signed", next: "--yes where nobody can be asked")
    }
    let answer = try plan.run(identityKey: identityKey, passphrase: passphrase.read())
    try Self.show(answer, output)
  }

  static func show(_ answer: RosterPlan.Answer, _ output: JSONOption) throws {
    if output.json { return try Terminal.json(answer) }
    let proposal = answer.proposal.map { " for \($0.prefix(12))" } ?? ""
    let round = "round \(answer.round) of \(answer.proposer)"
    if answer.again {
      Terminal.say("a \(answer.signed)\(proposal) in \(round) had been signed before and not handed over; it is now")
    } else {
      Terminal.say("signed and handed over: a \(answer.signed)\(proposal) in \(round), on roster \(answer.roster)")
    }
    if answer.inForce >= answer.roster {
      Terminal.say("roster \(answer.inForce) is in force")
    } else {
      Terminal.say("next: vaka alliance proposals shows who is still to sign")
    }
  }
}
