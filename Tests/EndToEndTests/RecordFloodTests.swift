import Foundation
import NodeBench
import Testing

/// A coalition that publishes more than four member records within a day, and what its peers' operators see and do.
@Suite(.timeLimit(.minutes(20)))
struct RecordFloodTests {
  @Test func theSixthRecordIsHeldUntilTheOperatorHasLooked() throws {
    let council = try CouncilRun(founders: ["se", "no"], newcomers: [])
    let alliance = council.alliance
    func record(_ coalition: String) throws -> Int {
      let shown = try JSONSerialization.jsonObject(
        with: Data(council.good(coalition, ["show", "--json"]).output.utf8))
      let members = (shown as? [String: Any])?["members"] as? [[String: Any]] ?? []
      return members.first { $0["coalition"] as? String == "se" }?["record"] as? Int ?? 0
    }
    func held(_ coalition: String) throws -> String {
      let run = try alliance.run(coalition, ["hold", "list"])
      return run.output
    }
    try council.start(["se", "no"])
    try council.list("se", "SE4550000000058398257466")
    try council.waitForAgreement(["se", "no"])
    let change = ["record", "change", "--contact"]
    for number in 2...5 {
      _ = try council.good("se", change + ["desk \(number)"] + council.passphrase)
      try alliance.wait(for: "record \(number)") { try record("no") == number }
    }
    let refused = try council.run("se", change + ["desk 6"] + council.passphrase)
    #expect(refused.status == 2 && refused.errors.contains("[record-flood]") && refused.errors.contains("--anyway"))
    let rotate = try alliance.run("se", ["key", "rotate", "--yes"] + council.passphrase)
    #expect(rotate.errors.contains("[record-flood]"), "\(rotate.errors)")
    #expect(try record("se") == 5, "nothing was published")

    // It cannot wait: another signing key.
    let anyway = try alliance.run("se", ["key", "rotate", "--yes", "--anyway"] + council.passphrase)
    #expect(anyway.status == 0, "\(anyway.errors)")
    try council.list("se", "SE3550000000054910000003")
    try alliance.wait(for: "the hold") { try held("no").contains("record-flood") }
    #expect(try record("no") == 5)
    #expect(try !council.finds("no", "SE3550000000054910000003"), "heads of an epoch that it opens wait")
    let status = try alliance.run("no", ["status"])
    #expect(status.status == 1 && status.output.contains("more than four member records"), "\(status.output)")
    #expect(try alliance.run("no", ["explain", "se"]).output.contains("[record-flood]"))
    #expect(try alliance.run("no", ["doctor"]).output.contains("vaka hold release se"))
    // A restart forgets nothing of it.
    #expect(alliance.stop("no") == 0)
    try council.start(["no"])
    try alliance.wait(for: "the link") { try held("no").contains("record-flood") }
    #expect(try record("no") == 5)

    let release = try alliance.run("no", ["hold", "release", "se"])
    #expect(release.status == 0, "\(release.errors)")
    try council.waitForAgreement(["se", "no"])
    #expect(try record("no") == 6 && council.finds("no", "SE3550000000054910000003"))
    #expect(try held("no").contains("nobody is held"))
    #expect(try alliance.run("no", ["audit", "list", "--json"]).output.contains("record-flood"))
  }
}
