import ArgumentParser
import Foundation
import Keys
import Operations
import Wire

extension IndicatorCommand {
  struct Renew: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say that our listings were seen in use again: they hold anew.",
      discussion: """
        Of some:              vaka indicator renew REFERENCE REFERENCE
        Of a file:            vaka indicator renew --file references.txt   (one a line, or - for standard input)
        Of all that end soon: vaka indicator renew --expiring 30d

        They hold as long as one that is added today, or until --valid-until. Where the type allows no longer span, or \
        the last day was over, the listing begins anew today. Renew what was seen again, not what is merely about to end.
        """)
    @Argument(help: "References: at least 12 hexadecimal digits of a digest each.")
    var references: [String] = []
    @Option(help: "A file of references, one a line; - for standard input.")
    var file: String?
    @Option(help: "All of ours whose last day is within so many days, such as 30d.")
    var expiring: DayCount?
    @Option(help: "The last day on which they hold, such as 2027-05-31; what is usual for the type if not given.")
    var validUntil: String?
    @Option(help: "The last day on which they were seen in use; today if not given.")
    var observedUntil: String?
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func validate() throws {
      guard [!references.isEmpty, file != nil, expiring != nil].count(where: { $0 }) == 1 else {
        throw ValidationError("give references, --file or --expiring")
      }
    }

    func run() throws {
      let answer = try RenewIndicators.run(
        home.open(), selection(), validUntil: validUntil.map { try Day.parse($0) },
        observedUntil: observedUntil.map { try Day.parse($0) }, now: currentMilliseconds())
      if output.json {
        try Terminal.json(answer)
      } else {
        show(answer)
      }
      if !answer.refused.isEmpty { throw ExitCode(1) }
    }

    private func selection() throws -> RenewIndicators.Selection {
      if let expiring { return .expiring(days: UInt32(clamping: expiring.days)) }
      guard let file else { return .references(references) }
      let text: String
      if file == "-" {
        text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
      } else {
        text = String(decoding: try DurableFile.read(file, noun: "file of references"), as: UTF8.self)
      }
      let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      return .references(lines.filter { !$0.isEmpty })
    }

    private func show(_ answer: RenewIndicators) {
      if answer.renewed.count <= 20 {
        for one in answer.renewed { Terminal.say("renewed  \(one.reference)  valid until \(one.validUntil)") }
      } else {
        Terminal.say("renewed \(Terminal.count(answer.renewed.count, "listing"))")
      }
      if answer.renewed.isEmpty, answer.refused.isEmpty { Terminal.say("nothing to renew") }
      if answer.unchanged > 0 { Terminal.say("\(Terminal.count(answer.unchanged)) withdrawn meanwhile") }
      for one in answer.refused { Terminal.note("\(one.reference): \(one.reason) [\(one.code)]") }
      if !answer.renewed.isEmpty, !answer.nodeRunning {
        Terminal.say("no node is running: it is signed when one starts")
      }
    }
  }
}
