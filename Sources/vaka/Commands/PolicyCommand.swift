import ArgumentParser
import Foundation
import Operations
import Verdicts
import Wire

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "How far a bank may go on what the alliance says.",
    subcommands: [Show.self, Use.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The policy in force.")
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let policy = try PolicyFile.read(home.folder)
      if output.json { try Terminal.json(policy) } else { PolicyCommand.show(policy) }
    }
  }

  struct Use: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Judge by another policy from now on.")
    @Argument(help: "\(Policy.builtIn.map(\.name).joined(separator: " or ")), or a JSON file of your own.")
    var policy: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let policy = try PolicyFile.use(policy, in: home.open().folder)
      if output.json { try Terminal.json(policy) } else { PolicyCommand.show(policy) }
    }
  }

  fileprivate static func show(_ policy: Policy) {
    Terminal.say("policy \(policy.name)")
    Terminal.say("  monitor: always")
    for rule in policy.rules {
      var conditions = ["\(Terminal.count(rule.coalitions, "coalition"))"]
      if let confidence = rule.confidence { conditions.append("each with a confidence of \(confidence) or more") }
      if let sources = rule.oneFrom { conditions.append("one of them from \(sources.joined(separator: ", "))") }
      Terminal.say("  \(rule.action.rawValue): \(conditions.joined(separator: ", "))")
    }
    Terminal.say("  disputed: monitor, whatever else holds")
    for (type, action) in policy.typeCeilings.sorted(by: { $0.key < $1.key }) {
      Terminal.say("  \(type): at most \(action.rawValue)")
    }
    let hits = policy.hitRate
    Terminal.say(
      "  held at monitor: what matched \(Terminal.count(Int(clamping: hits.leastRows))) rows or more, and more than one in "
        + "\(Terminal.count(Int(clamping: hits.oneIn))) identifiers screened in \(hits.windowDays) days")
    Terminal.say("  confirmed: two or more, one from \(policy.confirmedBy.joined(separator: ", "))")
  }
}
