import ArgumentParser
import Foundation
import Operations
import Wire

extension IndicatorCommand {
  struct Dispute: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say that a listing may be wrong; nothing more than monitoring follows meanwhile.",
      discussion: """
        Opened:   vaka indicator dispute REFERENCE --ground shared-identifier --deadline 2027-05-31
        Decided:  the same with --outcome upheld or rejected
        Taken back: vaka indicator dispute REFERENCE --withdraw
        """)
    @Argument(help: "Its reference: at least 12 hexadecimal digits of its digest.")
    var reference: String
    @Option(
      help: ArgumentHelp("Why: \(CodeName.all(WireDisputeGround.self).joined(separator: ", ")).", valueName: "ground"))
    var ground: String?
    @Option(help: ArgumentHelp("How it ended: upheld or rejected.", valueName: "outcome"))
    var outcome: String?
    @Option(help: "The day by which the listing coalition should answer; in 14 days if not given.")
    var deadline: String?
    @Option(help: "Opaque: letters, digits and . _ / -, at most 32.")
    var caseReference: String?
    @Flag(help: "Take our dispute back.")
    var withdraw = false
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func validate() throws {
      if withdraw == (ground != nil) { throw ValidationError("give --ground, or --withdraw") }
    }

    func run() throws {
      var content: DisputeIndicator.Content?
      if let ground {
        content = DisputeIndicator.Content(
          ground: try ListingOptions.value("ground", ground),
          outcome: try outcome.map { try ListingOptions.value("outcome", $0) } ?? .unspecified,
          deadline: try deadline.map { try Day.parse($0) }, caseReference: caseReference ?? "")
      }
      let answer = try DisputeIndicator.run(
        home.open(), reference: reference, content: content, today: Day.of(milliseconds: currentMilliseconds()))
      if output.json { return try Terminal.json(answer) }
      Terminal.say("\(answer.outcome)  \(answer.reference)")
      if !answer.nodeRunning { Terminal.say("no node is running: it is signed when one starts") }
    }
  }
}
