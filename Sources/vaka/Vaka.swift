import ArgumentParser
import Foundation
import Wire

/// The version that `--version` and `status` print.
#if NEWER_KIND
  let softwareVersion = "0.1.0-newer"
#else
  let softwareVersion = "0.1.0"
#endif

@main
struct Vaka: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vaka",
    abstract: "Share hashed payment indicators between national financial coalitions, with no central server.",
    discussion: """
      Found an alliance:  vaka init, vaka alliance card, vaka alliance found, vaka alliance join
      See it:             vaka demo
      Run a node:         vaka serve, vaka status, vaka doctor, vaka health
      Work with it:       vaka identify, vaka indicator add, vaka indicator import, vaka screen, vaka guard
      Keep it safe:       vaka backup, vaka restore, vaka cert, vaka quarantine, vaka audit
      For a member bank:  vaka init --member, vaka list export, vaka screen --list

      Exit codes: 0 good, 1 attention, 2 broken, 64 usage. Identifiers never stand on a command line.
      """,
    version: softwareVersion,
    subcommands: [
      Demo.self, Init.self, AllianceCommand.self, Serve.self, Status.self, DoctorCommand.self, Health.self,
      PeerCommand.self, HoldCommand.self, ExplainCommand.self,
      KeyCommand.self, CertCommand.self,
      IndicatorCommand.self, IdentifyCommand.self, ScreenCommand.self, MatchCommand.self, ListCommand.self,
      PolicyCommand.self, GuardCommand.self, QuarantineCommand.self, BackupCommand.self, RestoreCommand.self,
      AuditCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let problem as Problem {
      Terminal.complain(problem)
      Foundation.exit(2)
    } catch {
      exit(withError: error)
    }
  }
}
