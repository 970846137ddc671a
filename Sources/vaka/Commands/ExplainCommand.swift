import ArgumentParser
import Operations
import Wire

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Why something is where it is: a coalition, a peer or an indicator.",
    discussion: "vaka explain no; vaka explain 146516a6d4c16601")
  @Argument(help: "A coalition, such as no, or the reference of an indicator.")
  var object: String
  @OptionGroup var home: HomeOption
  @OptionGroup var output: JSONOption

  func run() throws {
    let home = try home.open()
    guard let coalition = CoalitionID(object) else {
      let shown = try ShowIndicator.run(home, reference: object, reveal: false, now: currentMilliseconds())
      if output.json { return try Terminal.json(shown) }
      Terminal.say("\(shown.reference)  \(shown.verdict) · at most \(shown.ceiling) by policy \(shown.policy)")
      for line in shown.explanation { Terminal.say("- \(line)") }
      for held in shown.heldCoalitions { Terminal.say("- \(held) is held at an older head: vaka explain \(held)") }
      for forked in shown.forkedCoalitions { Terminal.say("- \(forked) signed two histories: vaka explain \(forked)") }
      return
    }
    let status = try StatusReport(home, version: softwareVersion).ask(now: currentMilliseconds())
    let answer = try ExplainCoalition(home, of: coalition, status: status)
    if output.json { return try Terminal.json(answer) }
    Terminal.say("\(answer.coalition)  \(answer.name)")
    for line in answer.lines { Terminal.say("- \(line)") }
    if let next = answer.next { Terminal.say("next: \(next)") }
  }
}
