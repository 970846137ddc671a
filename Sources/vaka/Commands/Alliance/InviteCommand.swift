import Alliance
import ArgumentParser
import Foundation
import Operations
import Wire

struct InviteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite", abstract: "Print the invitation: the alliance file for somebody whom a roster has admitted.",
    discussion: "It holds all rosters with their votes and all members' records, and nothing secret.")
  @Argument(help: "For whom it is; checked against the newest roster.")
  var coalition: String?
  @OptionGroup var home: HomeOption

  func run() throws {
    let id = try coalition.map(coalitionID)
    let file = try InviteMember.run(home.open(), for: id)
    let chain = try file.chain()
    Terminal.note("\(chain.newest.name) · roster \(chain.newest.number) · fingerprint \(file.fingerprint)")
    Terminal.note("The newcomer runs vaka alliance join FILE, and compares the fingerprint with you by telephone.")
    FileHandle.standardOutput.write(Data(file.text.utf8))
  }
}
