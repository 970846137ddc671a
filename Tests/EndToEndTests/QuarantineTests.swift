import Foundation
import NodeBench
import Testing

/// What is set aside is listed with its reason, and counts again once judged anew: by command, and by a new version.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct QuarantineTests {
  private static let add = [
    "indicator", "add", "-", "--reason", "csam-sale", "--provenance", "hotline", "--type", "iban",
  ]

  /// As an older version would have left the store.
  private func setAside(_ alliance: TestAlliance) throws {
    let script =
      "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nc.execute(\"UPDATE statements SET quarantine='unknown-value'\")\n"
      + "c.execute(\"DELETE FROM facts WHERE name='rules'\")\nc.commit()"
    let run = try CommandRun.run(
      URL(fileURLWithPath: "/usr/bin/python3"), ["-c", script, alliance.path("se/ledger.sqlite")])
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func isListedWithItsReasonAndReplayed() throws {
    let alliance = try TestAlliance()
    try alliance.start("se")
    try alliance.wait(for: "se's node") {
      (try alliance.status("se")["signing"] as? [String: Any])?["state"] as? String == "waiting"
    }
    #expect(try alliance.run("se", ["quarantine", "list"]).output.contains("nothing is set aside"))
    #expect(try alliance.run("se", ["key", "sign-now"], input: "this is no copy\n").status == 0)
    let added = try alliance.run("se", Self.add, input: "SE4550000000058398257466")
    let reference = String(try #require(added.output.split(separator: " ").first { $0.count == 16 }))
    try alliance.wait(for: "a head") { try alliance.liveDigests("se")["se"] != nil }
    let none = try alliance.run("se", ["quarantine", "show", reference])
    #expect(none.status == 2 && none.errors.contains("[not-set-aside]"))
    #expect(alliance.stop("se") == 0)

    try setAside(alliance)
    let list = try alliance.run("se", ["quarantine", "list"])
    #expect(list.output.contains(reference) && list.output.contains("unknown-value"), "\(list.output)\(list.errors)")
    #expect(try alliance.run("se", ["quarantine", "list", "--json"]).output.contains("\"statements\" : 1"))
    #expect(try alliance.run("se", ["quarantine", "show", reference]).output.contains("upgrade"))
    #expect(try alliance.run("se", ["screen", "--value"], input: "SE4550000000058398257466").status == 0)
    let replayed = try alliance.run("se", ["quarantine", "replay"])
    #expect(replayed.output.contains("1 count now · 0 still set aside"), "\(replayed.output)\(replayed.errors)")
    #expect(try alliance.run("se", ["screen", "--value"], input: "SE4550000000058398257466").status == 1)

    try setAside(alliance)
    try alliance.start("se")
    try alliance.wait(for: "the start to judge it again") {
      try alliance.run("se", ["screen", "--value"], input: "SE4550000000058398257466").status == 1
    }
    let log = try String(contentsOfFile: alliance.path("se.log"), encoding: .utf8)
    #expect(log.contains("count by this version's rules"))
    let again = try alliance.run("se", ["quarantine", "replay"])
    #expect(again.output.contains("0 count now · 0 still set aside"), "by the running node: \(again.errors)")
  }
}
