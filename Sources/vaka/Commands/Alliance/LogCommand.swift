import ArgumentParser
import Operations

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Show every roster from the first: what it changed, who decided it; all verified.")
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() throws {
    let log = try AllianceLog(home.open())
    if output.json { return try Terminal.json(log) }
    Terminal.say("\(log.alliance) · fingerprint \(log.fingerprint)")
    for entry in log.entries {
      Terminal.say("")
      Terminal.say(
        "roster \(entry.roster)  \(entry.issuedAt)  \(entry.hash.prefix(12))  \(Terminal.count(entry.members, "member"))"
      )
      for change in entry.changes { Terminal.say("  - \(change)") }
      if let proposer = entry.proposedBy, let round = entry.round {
        Terminal.say("  proposed by \(proposer) in round \(round) · votes of \(list(entry.signedBy))")
        let others = entry.votesThen.filter { !entry.signedBy.contains($0) }
        if !others.isEmpty { Terminal.say("  and, with the keys of this roster, \(list(others))") }
      } else {
        Terminal.say("  signed by \(list(entry.signedBy))")
      }
    }
    Terminal.say("")
    Terminal.say("verified from roster 1 to \(log.entries.count)")
  }
}
