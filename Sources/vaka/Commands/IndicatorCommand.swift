import ArgumentParser
import Foundation
import Indicators
import Keys
import Operations
import Wire

struct IndicatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "indicator", abstract: "What this coalition states of payment identifiers.",
    subcommands: [
      Add.self, Import.self, Export.self, List.self, Show.self, Dispute.self, Renew.self, Withdraw.self, Erase.self,
    ])

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List one identifier.")
    @Argument(help: "- for standard input, or a file; without it you are asked, unseen.")
    var source: String?
    @Option(help: "\(IndicatorType.supported.map(\.name).joined(separator: ", ")); may be left out if only one fits.")
    var type: String?
    @OptionGroup var listing: ListingOptions
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let template = try listing.template()
      let answer = try AddIndicator.run(
        home.open(), text: IdentifierInput.read(source), type: IdentifierInput.type(type), template: template,
        now: currentMilliseconds())
      if output.json { return try Terminal.json(answer) }
      let kind = answer.scheme.isEmpty ? answer.type : "\(answer.type) \(answer.scheme)"
      Terminal.say("\(answer.outcome)  \(answer.reference)  \(kind) · valid until \(answer.validUntil)")
      if let group = answer.group { Terminal.say("group  \(group)") }
      if !answer.nodeRunning { Terminal.say("no node is running: it is signed when one starts") }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What has been said and still holds; our own listings unless --from or --all.")
    @Option(help: "Another coalition's listings.")
    var from: String?
    @Flag(help: "Every coalition's listings.")
    var all = false
    @Option(help: "Those whose last day is within so many days, such as 30d.")
    var expiring: DayCount?
    @Option(help: "Those that began, or were seen in use, within so many days, such as 7d.")
    var since: DayCount?
    @Flag(help: "Those past their last day instead, which nothing else shows or counts.")
    var past = false
    @Flag(help: "Ours that stand under an older hash key yet, and whether the vault has what it takes to move them.")
    var oldKey = false
    @Option(help: "At most so many.")
    var limit = 50
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let opened = try home.open()
      let coalition = oldKey ? opened.coalition : try from.map(coalitionID) ?? (all ? nil : opened.coalition)
      let now = currentMilliseconds()
      let today = Day.of(milliseconds: now)
      var filter = ListIndicators.Filter(coalition: coalition)
      filter.expiringBy = expiring.map { today + UInt32(clamping: $0.days) }
      filter.since = since.map { Day.of(milliseconds: $0.before(now)) }
      filter.past = past
      filter.oldKey = oldKey
      let answer = try ListIndicators.run(opened, filter, limit: limit, today: today)
      if output.json { return try Terminal.json(answer) }
      let rows = answer.listings.map {
        [$0.reference, $0.coalition.rawValue, $0.type, $0.reason, $0.validUntil, $0.state]
      }
      if rows.isEmpty, expiring != nil || since != nil || past || oldKey {
        Terminal.say("nothing of that kind")
      } else if rows.isEmpty {
        let whose = coalition.map { $0 == opened.coalition ? "we list" : "\($0) lists" } ?? "nobody lists"
        Terminal.say(coalition == nil ? "nobody lists anything" : "\(whose) nothing; every coalition's listings: --all")
      } else {
        Terminal.say(Terminal.table([["REFERENCE", "BY", "TYPE", "REASON", "VALID UNTIL", "STATE"]] + rows))
      }
      if answer.more > 0 { Terminal.say("\(Terminal.count(answer.more)) more; see them with --limit") }
      if answer.past > 0 { Terminal.say("\(Terminal.count(answer.past)) past their last day: --past") }
      for erasure in answer.erasures { Terminal.say("erasure \(erasure.erasure): \(erasure.text)") }
      if answer.queued > 0 { Terminal.say("\(Terminal.count(answer.queued, "change")) of ours not signed yet") }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The verdict on one indicator, and who said what.")
    @Argument(help: "Its reference: at least 12 hexadecimal digits of its digest.")
    var reference: String
    @Flag(help: "Open our own identifier from the vault.")
    var reveal = false
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ShowIndicator.run(home.open(), reference: reference, reveal: reveal, now: currentMilliseconds())
      if output.json { return try Terminal.json(answer) }
      Terminal.say(
        "\(answer.reference)  \(answer.verdict) · at most \(answer.ceiling) by policy \(answer.policy)")
      if let value = answer.value { Terminal.say("value  \(value)") }
      let rows = answer.listings.map {
        [
          $0.coalition.rawValue, $0.reason, $0.role, $0.provenance, $0.handling, "\($0.validFrom) to \($0.validUntil)",
          $0.state,
        ]
      }
      Terminal.say(Terminal.table(rows))
      for line in answer.explanation { Terminal.say("- \(line)") }
      if !answer.heldCoalitions.isEmpty {
        Terminal.say("kept at an older head, so perhaps out of date: \(list(answer.heldCoalitions))")
      }
    }
  }

  struct Withdraw: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Withdraw our own listing, everywhere.")
    @Argument(help: "Its reference: at least 12 hexadecimal digits of its digest.")
    var reference: String
    @Flag(help: "Wait until every coalition's receipt is in.")
    var wait = false
    @Option(help: "Seconds to wait at most.")
    var timeout = 60
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let opened = try home.open()
      let answer = try WithdrawIndicator.run(opened, reference: reference)
      guard wait else {
        if output.json { return try Terminal.json(answer) }
        Terminal.say("\(answer.outcome)  \(answer.reference)")
        if !answer.nodeRunning { Terminal.say("no node is running: it is signed when one starts") }
        return
      }
      let coverage = try awaitReceipts(opened)
      if output.json {
        try Terminal.json(coverage)
      } else {
        let head = coverage.epoch.map { "\($0)/\(coverage.index ?? 0)" } ?? "not signed yet"
        Terminal.say("\(answer.outcome)  \(answer.reference) · head \(head)")
        Terminal.say("receipts of \(list(coverage.held))")
        if !coverage.lacking.isEmpty { Terminal.say("still lacking: \(list(coverage.lacking))") }
        if let reason = coverage.waitingFor { Terminal.say("waiting for \(reason)") }
      }
      if !coverage.lacking.isEmpty { throw ExitCode(1) }
    }

    private func awaitReceipts(_ home: NodeHome) throws -> HeadCoverage {
      let deadline = Date() + TimeInterval(timeout)
      var coverage = try HeadCoverage.ask(home, .init())
      while !coverage.lacking.isEmpty, Date() < deadline {
        Thread.sleep(forTimeInterval: 0.1)
        coverage = try HeadCoverage.ask(home, .init(epoch: coverage.epoch, index: coverage.index))
      }
      return coverage
    }
  }
}

/// Identifiers come unseen, from standard input or from a file, never from the command line.
enum IdentifierInput {
  static func read(_ source: String?) throws -> String {
    let text: String
    switch source {
    case nil: text = try Terminal.hidden("identifier", instead: "give - and pipe it in, or name a file")
    case "-": text = readLine() ?? ""
    case let file?: text = String(decoding: try DurableFile.read(file, noun: "file"), as: UTF8.self)
    }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  static func type(_ name: String?) throws -> IndicatorType? {
    guard let name else { return nil }
    guard let type = IndicatorType(name: name) else {
      let known = IndicatorType.supported.map(\.name).joined(separator: ", ")
      throw Problem("unsupported-type", "there is no such type", object: name, next: "types: \(known)")
    }
    return type
  }
}
