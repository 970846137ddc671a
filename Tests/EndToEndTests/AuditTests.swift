import Foundation
import NodeBench
import Testing

/// What people and nodes do is written down before it is done, for a supervisor to verify on another machine.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct AuditTests {
  private static let add = [
    "indicator", "add", "-", "--reason", "csam-sale", "--provenance", "hotline", "--type", "iban",
  ]

  private func acts(_ alliance: TestAlliance, _ coalition: String = "se") throws -> [[String: Any]] {
    let run = try alliance.run(coalition, ["audit", "list", "--last", "1000", "--json"])
    let answer = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    return try #require(answer?["entries"] as? [[String: Any]])
  }

  private func names(_ alliance: TestAlliance) throws -> [String] {
    try acts(alliance).compactMap { $0["act"] as? String }
  }

  private func tamper(_ alliance: TestAlliance, _ sql: String) throws {
    let run = try CommandRun.run(
      URL(fileURLWithPath: "/usr/bin/python3"),
      [
        "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()",
        alliance.path("se/audit.sqlite"), sql,
      ])
    try #require(run.status == 0, "\(run.errors)")
  }

  @Test func holdsWhatWasDoneAndShowsWhatWasChanged() throws {
    let alliance = try TestAlliance()
    #expect(
      try names(alliance) == [
        "audit-begun", "node-made", "alliance-founded", "alliance-installed",
      ])
    // Alone: once others have answered there is nothing to waive.
    try alliance.start("se")
    try alliance.signNow("se")
    for coalition in TestAlliance.coalitions where coalition != "se" { try alliance.start(coalition) }
    // With a node running, and its caller known to the kernel.
    let added = try alliance.run("se", Self.add, input: "SE4550000000058398257466")
    let reference = String(try #require(added.output.split(separator: " ").first { $0.count == 16 }))
    let last = try #require(try acts(alliance).last)
    #expect(last["act"] as? String == "indicator-added" && last["count"] as? Int == 1)
    #expect((last["references"] as? [String])?.first.map { reference.hasPrefix($0) || $0.hasPrefix(reference) } == true)
    #expect((last["who"] as? String)?.contains("(\(getuid()))") == true, "\(last)")
    #expect(try alliance.run("se", ["policy", "use", "eu"]).status == 0)
    #expect(try alliance.run("se", ["peer", "pause", "no"]).status == 0)
    #expect(try alliance.run("se", ["peer", "resume", "no"]).status == 0)
    let csv = alliance.path("ours.csv")
    #expect(try alliance.run("se", ["indicator", "export", "--format", "csv", "--output", csv]).status == 0)
    let hash = try CommandRun.run(URL(fileURLWithPath: "/usr/bin/sha256sum"), [csv]).output.prefix(64)
    #expect(try acts(alliance).last?["after"] as? String == "sha256:\(hash)")
    // An erasure leaves no reference behind, of itself or of what was said before.
    try alliance.wait(for: "a head") { try alliance.liveDigests("se")["se"] != nil }
    #expect(try alliance.run("se", ["indicator", "erase", reference]).status == 0)
    let erased = try acts(alliance)
    #expect(erased.last?["act"] as? String == "indicators-erased")
    #expect(erased.allSatisfy { ($0["references"] as? [String])?.isEmpty == true })
    #expect(alliance.stop("se") == 0)
    // Without a node.
    #expect(try alliance.run("se", Self.add, input: "NO9386011117947").status == 0)
    let done = try names(alliance)
    #expect(
      done.drop { $0 != "signed-without-peers" } == [
        "signed-without-peers", "indicator-added", "policy-changed", "peer-paused", "peer-resumed",
        "indicators-exported", "indicators-erased", "node-stopped", "indicator-added",
      ], "\(done)")
    #expect(done.contains("node-started"))

    // Another machine, with nothing but the file and a hash that was noted.
    let lines = alliance.path("log.jsonl")
    let status = try alliance.status("se")["audit"] as? [String: Any]
    let head = try #require(status?["head"] as? String)
    let export = try alliance.run(
      "se", ["audit", "export", "--jsonl", lines, "--summary", alliance.path("summary"), "--json"])
    #expect(export.status == 0 && export.output.contains(head), "\(export.errors)")
    let page = try String(contentsOfFile: alliance.path("summary"), encoding: .utf8)
    #expect(page.contains("chain       whole") && page.contains("indicators-exported"), "\(page)")
    #expect(try CommandRun.vaka(["audit", "verify", "--file", lines, "--expect", head]).status == 0)
    let text = try String(contentsOfFile: lines, encoding: .utf8)
    try alliance.write(text.replacing("policy-changed", with: "peer-paused"), to: "altered.jsonl")
    let altered = try CommandRun.vaka(["audit", "verify", "--file", alliance.path("altered.jsonl")])
    #expect(altered.status == 2 && altered.output.contains("broken at entry"))
    #expect(try !(text + page).contains("SE4550000000058398257466"))

    #expect(try alliance.run("se", ["audit", "verify", "--expect", head]).status == 0)
    try tamper(alliance, "UPDATE entries SET line = replace(line, 'policy-changed', 'peer-paused')")
    let broken = try alliance.run("se", ["audit", "verify"])
    #expect(broken.status == 2 && broken.output.contains("broken at entry"), "\(broken.output)")
    #expect(try alliance.run("se", ["doctor"]).output.contains("the chain breaks at entry"))
    let pruned = try alliance.run("se", ["audit", "prune", "--before", "2100-01-01"])
    #expect(pruned.status == 2 && pruned.errors.contains("[audit-broken]"))
  }

  @Test func isInBackupsPrunedToACheckpointAndRefusesWhatCannotBeWritten() throws {
    let alliance = try TestAlliance()
    let backup = alliance.path("backup")
    #expect(try alliance.run("se", ["backup", backup]).status == 0)
    try FileManager.default.removeItem(atPath: alliance.path("se"))
    #expect(try alliance.run("se", ["restore", backup]).status == 0)
    #expect(try names(alliance).suffix(2) == ["backup-made", "backup-restored"])
    #expect(try alliance.run("se", ["audit", "verify"]).status == 0)

    let before = try #require((try alliance.status("se")["audit"] as? [String: Any])?["head"] as? String)
    let pruned = try alliance.run("se", ["audit", "prune", "--before", "2100-01-01"])
    #expect(pruned.status == 0 && pruned.output.contains(before), "\(pruned.errors)")
    #expect(try names(alliance) == ["audit-pruned"])
    #expect(try alliance.run("se", ["audit", "verify", "--expect", before]).status == 0)
    let lines = alliance.path("log.jsonl")
    #expect(try alliance.run("se", ["audit", "export", "--jsonl", lines]).status == 0)
    #expect(try CommandRun.vaka(["audit", "verify", "--file", lines, "--expect", before]).status == 0)
    let text = try String(contentsOfFile: lines, encoding: .utf8)
    try alliance.write(text.replacing("\"through\":", with: "\"through\":1"), to: "altered.jsonl")
    #expect(try CommandRun.vaka(["audit", "verify", "--file", alliance.path("altered.jsonl")]).status == 2)

    try tamper(alliance, "DROP TABLE entries")
    for arguments in [["policy", "use", "eu"], Self.add, ["backup", alliance.path("other")]] {
      let refused = try alliance.run("se", arguments, input: "NO9386011117947")
      #expect(refused.status == 2 && refused.errors.contains("[audit-unwritable]"), "\(refused.errors)")
    }
    #expect(try alliance.run("se", ["indicator", "list", "--json"]).output.contains("\"queued\" : 0"))
    #expect(!FileManager.default.fileExists(atPath: alliance.path("se/policy.json")))
    #expect(!FileManager.default.fileExists(atPath: alliance.path("other")))
  }
}
