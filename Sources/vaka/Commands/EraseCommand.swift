import ArgumentParser
import Foundation
import Operations
import Wire

extension IndicatorCommand {
  struct Erase: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Withdraw our own listings and leave nothing behind: not in any node's files.",
      discussion: """
        Every node drops the listing and all changes that spoke of it. When every receipt is in, or after 24 hours, the \
        last change that names it goes too; once everyone has said so, it is erased: vaka indicator list shows how far \
        it is.

        A node that is away catches up when it comes back. Backups, and what others copied out of their nodes, are out \
        of reach.
        """)
    @Argument(help: "References; the whole digest for what was withdrawn before.")
    var references: [String]
    @Flag(help: "Wait until it is erased everywhere.")
    var wait = false
    @Option(help: "Seconds to wait at most.")
    var timeout = 120
    @OptionGroup var home: HomeOption
    @OptionGroup var output: JSONOption

    func run() throws {
      let opened = try home.open()
      let answer = try EraseIndicators.run(opened, references: references)
      if !wait {
        if output.json { return try Terminal.json(answer) }
        for reference in answer.references { Terminal.say("erasing  \(reference)") }
        let next = "erasure \(answer.erasure): vaka indicator list shows when it is erased everywhere"
        return Terminal.say(answer.nodeRunning ? next : "no node is running: it begins when one starts")
      }
      guard let progress = try awaitEnd(of: answer.erasure, opened) else {
        throw Problem("erasure-unknown", "the node has no note of this erasure", object: "\(answer.erasure)")
      }
      if output.json {
        try Terminal.json(progress)
      } else {
        Terminal.say("erasure \(progress.erasure): \(progress.text)")
      }
      if progress.step != "erased" { throw ExitCode(1) }
    }

    private func awaitEnd(of erasure: Int64, _ home: NodeHome) throws -> ErasureProgress? {
      let deadline = Date() + TimeInterval(timeout)
      var shown = ""
      while true {
        let progress = try ErasureProgress.all(home).first { $0.erasure == erasure }
        if !output.json, let text = progress?.text, text != shown, progress?.step != "erased" {
          Terminal.note(text)
          shown = text
        }
        if progress == nil || progress?.step == "erased" || Date() >= deadline { return progress }
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
  }
}

extension ErasureProgress {
  /// One line for people.
  var text: String {
    let away = lacking.isEmpty ? "" : " · lacking the receipts of \(list(lacking))"
    return switch step {
    case "queued": "waiting to be signed"
    case "erasing": "removed with head \(head ?? "-")\(away)"
    case "clearing": "cleared with head \(head ?? "-")\(away)"
    default: "erased everywhere, \(at)"
    }
  }
}
