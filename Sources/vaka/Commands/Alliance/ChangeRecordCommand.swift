import ArgumentParser
import Foundation
import Operations
import Wire

/// `vaka alliance record change`: what a coalition says of itself.
struct ChangeRecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change",
    abstract: "Publish other endpoints, another contact or another last day, with the identity key.",
    discussion: """
      What is not named stays as it is. Keys and authorities have commands of their own: vaka key rotate, vaka cert. A last day is \
      soft: past it everything goes on, and everyone is told that the record is old.
      """)
  @Option(help: "Where peers reach this node, in the place of what was: HOST:PORT; may be repeated.")
  var endpoint: [String] = []
  @Flag(help: "No peer can dial this node any more: it calls them.")
  var noEndpoint = false
  @Option(help: "Whom other members reach: an address or a number, shown to all of them.")
  var contact: String?
  @Option(help: "The day until which the record is meant to hold, such as 2027-05-31, or never.")
  var expires: String?
  @OptionGroup var options: OwnRecordOptions

  func validate() throws {
    if endpoint.isEmpty, !noEndpoint, contact == nil, expires == nil {
      throw ValidationError("name what changes: --endpoint, --no-endpoint, --contact or --expires")
    }
    if noEndpoint, !endpoint.isEmpty { throw ValidationError("choose --endpoint or --no-endpoint") }
  }

  func run() throws {
    let day = try expires.map { $0 == "never" ? 0 : try Day.parse($0) }
    let answer = try ChangeOwnRecord.run(
      options.home.open(), endpoints: endpoint.isEmpty && !noEndpoint ? nil : endpoint, contact: contact, expires: day,
      identityKey: options.identityKey, passphrase: options.passphrase.read(), anyway: options.anyway)
    if options.output.json { return try Terminal.json(answer) }
    Terminal.say("member record \(answer.record) is in force here, and on its way to all peers")
    Terminal.say("next: move the identity key offline again")
  }
}
