import ArgumentParser
internal import Audit
import Foundation
import Keys
import Operations
import Wire

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Who did what on this node: a log whose every entry holds the hash of the one before.",
    discussion: """
      Every act is written down before it is done. Note the head (vaka audit verify) where this machine cannot reach it, \
      such as with your supervisor: who keeps it can tell later whether anything before it was changed.
      """, subcommands: [List.self, Verify.self, Export.self, Prune.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The newest acts.")
    @Option(help: "How many.")
    var last = 20
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ListAudit.run(home.open(), last: last)
      if output.json { return try Terminal.json(answer) }
      let rows = answer.entries.map { entry in
        let about =
          [entry.object, entry.count == 0 ? "" : Terminal.count(entry.count)]
          + [entry.before.isEmpty ? "" : "was \(entry.before)", entry.after] + entry.references
        return [
          "\(entry.number)", entry.at, entry.who, entry.act, about.filter { !$0.isEmpty }.joined(separator: " · "),
        ]
      }
      Terminal.say(Terminal.table([["NUMBER", "AT", "WHO", "ACT", "WHAT"]] + rows))
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Whether the chain is whole, and where it breaks if it is not.",
      discussion: "Exit code 0: whole; 2: broken. A supervisor verifies an exported file on a machine of their own.")
    @Option(help: "A file that audit export --jsonl wrote, instead of this node's log.")
    var file: String?
    @Option(help: "A hash that was noted earlier: the log must go on from it.")
    var expect: String?
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer =
        if let file {
          try VerifyAudit.run(file: file, expecting: expect)
        } else {
          try VerifyAudit.run(home.open(), expecting: expect)
        }
      if output.json { try Terminal.json(answer) } else { AuditCommand.show(answer) }
      if answer.fault != nil { throw ExitCode(2) }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The log for a supervisor.")
    @Option(help: "The file of entries, one JSON object a line, that vaka audit verify --file takes.")
    var jsonl: String?
    @Option(help: "The page for people: by day and act, who, and how many.")
    var summary: String?
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func validate() throws {
      if jsonl == nil, summary == nil { throw ValidationError("name a file: --jsonl FILE, --summary FILE, or both") }
    }

    func run() throws {
      let file = try jsonl.map { try ExportFile($0) }
      let outcome = Result {
        let answer = try ExportAudit.run(home.open(), now: currentMilliseconds()) { try file?.append($0) }
        try file?.finish()
        if let summary { try DurableFile.write(Array(answer.summary.utf8), to: summary) }
        return answer
      }
      if case .failure = outcome { file?.abandon() }
      let answer = try outcome.get()
      if output.json { try Terminal.json(answer.log) } else { AuditCommand.show(answer.log) }
      if answer.log.fault != nil { throw ExitCode(2) }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take away entries older than a day; a signed checkpoint stands in their place.",
      discussion: "Export them first if the law wants them kept. The chain stays verifiable from the checkpoint on.")
    @Option(help: "The first day that stays, such as 2027-05-31.")
    var before: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try PruneAudit.run(home.open(), before: Day.parse(before), now: currentMilliseconds())
      if output.json { return try Terminal.json(answer) }
      guard let through = answer.through, let head = answer.head else {
        return Terminal.say("nothing is older; nothing was taken away")
      }
      let number = answer.pruned == 1 ? "1 entry" : "\(Terminal.count(answer.pruned)) entries"
      Terminal.say("\(number) up to \(through) taken away; the chain goes on from \(head)")
    }
  }

  fileprivate static func show(_ log: VerifyAudit) {
    let entries = log.entries == 1 ? "1 entry" : "\(Terminal.count(Int(clamping: log.entries))) entries"
    Terminal.say("log   \(entries)" + (log.first.map { ", number \($0) to \(log.last ?? $0)" } ?? ""))
    if let checkpoint = log.checkpoint {
      Terminal.say(
        "      pruned up to entry \(checkpoint.through) on \(checkpoint.prunedAt), signed by key \(checkpoint.key)")
    }
    if let at = log.expectedAt { Terminal.say("      goes on from the hash that you noted: entry \(at)") }
    if let fault = log.fault {
      Terminal.say("chain broken at entry \(fault.number): \(fault.what)")
    } else {
      Terminal.say("chain whole")
    }
    Terminal.say("head  \(log.head)")
  }
}
