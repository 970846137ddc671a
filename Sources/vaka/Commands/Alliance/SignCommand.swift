import Alliance
import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "On the machine with the identity key: sign what --export has asked for.",
    discussion: """
      Needs no node and no network. Everything in the file is verified again, from the first roster on. The pledge file beside
      the identity key is written: keep it with the key.
      """)
  @Argument(help: "The file that vaka alliance approve or propose has written with --export.")
  var file: String
  @Option(help: "The identity key.")
  var identityKey: String
  @Option(name: .customLong("output"), help: "Where the signed file is written.")
  var place: String
  @Flag(help: "Do not ask; needs --expect.")
  var yes = false
  @Option(help: "The alliance fingerprint that the members read.")
  var expect: String?
  @OptionGroup var passphrase: PassphraseOption

  func validate() throws {
    if yes && expect == nil { throw ValidationError("--yes needs --expect FINGERPRINT") }
  }

  func run() throws {
    let text = String(
      decoding: try DurableFile.read(file, noun: "question for the identity key", atMost: 8 << 20), as: UTF8.self)
    let detached = try SignDetached(text: text, file: file)
    Terminal.note("\(detached.alliance) · fingerprint \(detached.fingerprint)")
    for line in detached.words.lines { Terminal.note(line) }
    if let expect, !detached.fingerprint.matches(expect) {
      throw Problem(
        "fingerprint-refused", "the alliance reads \(detached.fingerprint); nothing was signed", object: file)
    }
    guard yes || Terminal.confirm("Sign this?") else { throw Problem("not-confirmed", "nothing was signed") }
    let signed = try detached.run(identityKey: identityKey, passphrase: passphrase.read())
    try DurableFile.write(Array(signed.utf8), to: place, permissions: 0o644)
    Terminal.say("signed: \(place)")
    Terminal.say("next, at the node: vaka alliance approve \(detached.number) --import \(place)")
  }
}
