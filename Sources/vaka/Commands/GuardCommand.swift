import ArgumentParser
import Foundation
import Indicators
import Operations
import Wire

struct GuardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard", abstract: "What must never be listed, or acted on here if somebody lists it.",
    discussion: """
      The program ships a never-list: card schemes, banks, payment facilitators, marketplaces, exchanges, charities. Add your \
      own, such as the banks and police of your country; allow one identifier where an entry is wrong or a court says so.
      """,
    subcommands: [Import.self, List.self, Allow.self, Forbid.self, Release.self])

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Replace our own never-list; the whole file is taken, or nothing.",
      discussion: """
        A CSV file with the columns type,scheme,value,covers,category,source,noted, as in
        domain,,bank.example,mail,own,Financial supervisor's register: Example Bank,2027-05-31
        covers: exact; for a domain also subdomains, urls, mail; for a merchant-id also acquirer.
        """)
    @Argument(help: "The file, or - for standard input.")
    var file: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ImportNeverList.run(home.open(), TableInput.source(file))
      if output.json { try Terminal.json(answer) } else { show(answer) }
      guard answer.installed else {
        throw Problem(
          "never-list-malformed",
          "\(Terminal.count(answer.rejected.count, "row")) not right; nothing was changed", object: file,
          next: "correct them, and import the list again")
      }
    }

    private func show(_ answer: ImportNeverList) {
      for row in answer.rejected { Terminal.note("line \(row.line): \(row.reason) [\(row.code)]") }
      guard answer.installed else { return }
      Terminal.say(
        "\(Terminal.count(answer.entries)) \(answer.entries == 1 ? "entry" : "entries") in force · added "
          + "\(Terminal.count(answer.added)) · changed \(Terminal.count(answer.changed)) · removed "
          + Terminal.count(answer.removed))
      for (category, count) in answer.categories.sorted(by: { $0.key < $1.key }) {
        Terminal.say("  \(category)  \(Terminal.count(count))")
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How much is protected, what is allowed all the same, and which listings meet it.")
    @Flag(help: "Which held listings meet a guard now, and whose they are.")
    var met = false
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ListGuards.run(home.open(), met: met, today: Day.of(milliseconds: currentMilliseconds()))
      if output.json { return try Terminal.json(answer) }
      if let met = answer.met { return show(met) }
      Terminal.say("shipped  \(Terminal.count(answer.shipped)) · newest note \(answer.shippedNoted)")
      Terminal.say("own      \(Terminal.count(answer.own))" + (answer.ownImported.map { " · imported \($0)" } ?? ""))
      Terminal.say("allowed  \(Terminal.count(answer.allowed.count))")
      Terminal.say(
        Terminal.table(
          [["CATEGORY", "SHIPPED", "OWN"]]
            + answer.categories.map { [$0.category, Terminal.count($0.shipped), Terminal.count($0.own)] }))
      if !answer.held.isEmpty {
        Terminal.say(
          Terminal.table(
            [["MATCHED TOO MUCH", "ROWS", "OF IDENTIFIERS", "SINCE", "RELEASED"]]
              + answer.held.map { one in
                [
                  one.reference, Terminal.count(Int(clamping: one.rows)), Terminal.count(Int(clamping: one.screened)),
                  one.since, one.released ?? "no",
                ]
              }))
      }
      guard !answer.allowed.isEmpty else { return }
      Terminal.say(
        Terminal.table(
          [["ALLOWED", "TYPE", "SINCE", "WHY", "CASE", "ENTRY"]]
            + answer.allowed.map { one in
              [
                one.reference, one.type, one.day, one.reason.rawValue, one.caseReference,
                one.category.map { $0 + (one.wholeEntry ? ", all of it" : "") } ?? "none any more",
              ]
            }))
    }

    private func show(_ met: [ListGuards.Met]) {
      guard !met.isEmpty else { return Terminal.say("no held listing meets a guard") }
      Terminal.say(
        Terminal.table(
          [["REFERENCE", "BY", "TYPE", "GUARD", "WHY"]]
            + met.map {
              [
                $0.reference, list($0.coalitions), $0.type, $0.guardedBy.category ?? $0.guardedBy.kind,
                $0.guardedBy.source ?? $0.guardedBy.text,
              ]
            }))
      Terminal.say("at most monitor here; if it is wrong: vaka indicator dispute REFERENCE --ground shared-identifier")
    }
  }

  struct Allow: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let one identifier be listed although the shipped never-list protects it.",
      discussion: """
        It holds for this identifier alone; if it is an entry's own, the entry protects nothing any more. Nothing that \
        peers see changes. Take it back with vaka guard forbid.
        """)
    @Argument(help: "- for standard input, or a file; without it you are asked, unseen.")
    var source: String?
    @Option(help: "\(IndicatorType.supported.map(\.name).joined(separator: ", ")); may be left out if only one fits.")
    var type: String?
    @Option(help: "Why: \(AllowReason.allCases.map(\.rawValue).joined(separator: ", ")).")
    var reason: String
    @Option(help: "Opaque: letters, digits and . _ / -, at most 32.")
    var caseReference: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      guard let reason = AllowReason(rawValue: reason) else {
        throw Problem(
          "unknown-value", "--reason does not know this value", object: reason,
          next: "one of \(AllowReason.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      let answer = try AllowIndicator.allow(
        home.open(), text: IdentifierInput.read(source), type: IdentifierInput.type(type), reason: reason,
        caseReference: caseReference, today: Day.of(milliseconds: currentMilliseconds()))
      try GuardCommand.show(answer, output)
    }
  }

  struct Forbid: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take back what vaka guard allow said.")
    @Argument(help: "- for standard input, or a file; without it you are asked, unseen.")
    var source: String?
    @Option(help: "The type, if more than one fits.")
    var type: String?
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      try GuardCommand.show(
        AllowIndicator.forbid(
          home.open(), text: IdentifierInput.read(source), type: IdentifierInput.type(type),
          today: Day.of(milliseconds: currentMilliseconds())), output
      )
    }
  }

  struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let an indicator count again that matched too much.",
      discussion: "A person has looked at its matches (vaka match list), and it is one seller's all the same.")
    @Argument(help: "Its reference, as vaka guard list shows it.")
    var reference: String
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let answer = try ReleaseIndicator.run(home.folder, reference: reference, now: currentMilliseconds())
      if output.json { return try Terminal.json(answer) }
      Terminal.say(
        "released  \(answer.reference)  matched \(Terminal.count(Int(clamping: answer.rows))) rows of "
          + "\(Terminal.count(Int(clamping: answer.screened))) identifiers")
    }
  }

  private static func show(_ answer: AllowIndicator, _ output: JSONOption) throws {
    if output.json { return try Terminal.json(answer) }
    Terminal.say("\(answer.outcome)  \(answer.reference)  \(answer.type)")
    guard let category = answer.category, let source = answer.source else { return }
    let entry = "entry: \(category) (\(source))"
    switch (answer.wholeEntry, answer.outcome) {
    case (true, "forbidden"): Terminal.say("\(entry), in force again")
    case (true, _): Terminal.say("\(entry), set aside with all that it covers")
    case (false, _): Terminal.say("\(entry), in force for all else")
    }
  }
}
