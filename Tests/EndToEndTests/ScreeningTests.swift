import Foundation
import NodeBench
import Testing

/// Screening beside running nodes, and with a copy on a machine that has none.
@Suite(.timeLimit(.minutes(20)))
struct ScreeningTests {
  private static let iban = "SE4550000000058398257466"
  private static let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source"]

  private func agree(_ alliance: TestAlliance) throws {
    try alliance.wait(for: "equal live digests") {
      let ours = try alliance.liveDigests("se")
      return try !ours.isEmpty && alliance.liveDigests("no") == ours
        && (alliance.status("se")["signing"] as? [String: Any])?["queued"] as? Int == 0
    }
  }

  private func lines(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }
  }

  @Test func aListingThatComesLaterRaisesTheAlarm() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "no's node") {
      (try alliance.status("no")["node"] as? [String: Any])?["running"] as? Bool == true
    }
    try alliance.write("id,creditor\n1,GB82WEST12345698765432\n2,\(Self.iban)\n", to: "payments.csv")
    let screened = try alliance.run(
      "no", ["screen", alliance.path("payments.csv"), "--map", "iban=creditor", "--remember", "30d"])
    #expect(screened.status == 0 && screened.output.contains("0 hits"), "\(screened.errors)")
    #expect(screened.output.contains("remembered 2 digests"))
    #expect(try alliance.status("no")["unseen-late-matches"] as? Int == 0)

    #expect(try alliance.run("se", Self.add, input: Self.iban).status == 0)
    try alliance.wait(for: "the alarm at no") { try alliance.status("no")["unseen-late-matches"] as? Int == 1 }
    let log = try String(contentsOfFile: alliance.path("no.log"), encoding: .utf8)
    #expect(log.contains("what was screened before is listed now") && !log.contains(Self.iban))
    let status = try alliance.run("no", ["status"])
    #expect(status.status == 1 && status.output.contains("vaka match list --new"))
    let matches = try alliance.run("no", ["match", "list", "--new"]).output
    #expect(matches.contains("payments.csv") && matches.contains("late") && matches.contains("creditor"))
    #expect(try alliance.run("no", ["match", "seen"]).status == 0)
    #expect(try alliance.status("no")["unseen-late-matches"] as? Int == 0)

    // What comes while the node is down is noticed when it is back.
    #expect(alliance.stop("no") == 0)
    #expect(try alliance.run("se", Self.add, input: "GB82WEST12345698765432").status == 0)
    try alliance.start("no")
    try alliance.wait(for: "the second alarm") { try alliance.status("no")["unseen-late-matches"] as? Int == 1 }
  }

  /// The node answers from memory, and its index follows what is listed while it runs.
  @Test func aRunningNodeAnswersValueByValue() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "no's node") {
      (try alliance.status("no")["node"] as? [String: Any])?["running"] as? Bool == true
    }
    let values = "\(Self.iban)\nGB82WEST12345698765432\nnonsense\n"
    let before = try alliance.run("no", ["screen", "--values"], input: values)
    #expect(try lines(before.output).map { $0["hit"] != nil } == [false, false, false])
    let added = try alliance.run("se", Self.add, input: Self.iban)
    try agree(alliance)
    let after = try alliance.run("no", ["screen", "--values"], input: values)
    #expect(after.status == 0 && !after.output.contains(Self.iban))
    let answers = try lines(after.output)
    #expect(answers.map { $0["hit"] != nil } == [true, false, false])
    #expect((answers[2]["problem"] as? [String: Any])?["code"] as? String == "unrecognised")
    let reference = try #require(added.output.split(separator: " ").first { $0.count == 16 })
    #expect((answers[0]["hit"] as? [String: Any])?["reference"] as? String == String(reference))
    #expect(try alliance.run("no", ["match", "list"]).output.contains("(a value)"))
    #expect(try alliance.run("se", ["indicator", "withdraw", String(reference), "--wait"]).status == 0)
    #expect(try alliance.run("no", ["screen", "--value"], input: Self.iban).status == 0)
    #expect(alliance.stop("no") == 0)
    #expect(try alliance.run("no", ["screen", "--value"], input: Self.iban).status == 0, "from the store alone")
  }

  @Test func aMemberScreensWithNoNode() throws {
    let alliance = try TestAlliance()
    #expect(try alliance.run("se", Self.add, input: Self.iban).status == 0)
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try agree(alliance)
    let made = try alliance.run("bank", ["init", "--member", "bank-a", "--name", "Demo Bank A"])
    #expect(made.status == 0, "\(made.errors)")
    try alliance.write(try alliance.run("bank", ["list", "card"]).output, to: "bank-a.card")
    let exported = try alliance.run(
      "se", ["list", "export", "--for", alliance.path("bank-a.card"), "--output", alliance.path("bank-a.list")])
    #expect(exported.status == 0 && exported.errors.contains("1 indicator"), "\(exported.errors)")
    let log = try alliance.run("se", ["list", "log"]).output
    #expect(log.contains("bank-a"))
    for coalition in TestAlliance.coalitions { #expect(alliance.stop(coalition) == 0) }

    try alliance.write("id,creditor\n1,GB82WEST12345698765432\n2,\(Self.iban)\n", to: "payments.csv")
    let screen = [
      "screen", alliance.path("payments.csv"), "--map", "iban=creditor", "--list", alliance.path("bank-a.list"),
    ]
    let untrusted = try alliance.run("bank", screen)
    #expect(untrusted.status == 2 && untrusted.errors.contains("fingerprint-refused"))
    let identity = try lines(
      alliance.good(["list", "show", alliance.path("bank-a.list"), "--json"]).output.replacing("\n", with: " "))
    let fingerprint = try #require(identity.first?["identity"] as? String)
    let hits = try alliance.run("bank", screen + ["--expect", fingerprint, "--hits", alliance.path("hits.csv")])
    #expect(hits.status == 0 && hits.output.contains("1 hit on 1 indicator"), "\(hits.errors)")
    #expect(hits.output.contains("copy made by se"))
    #expect(try String(contentsOfFile: alliance.path("hits.csv"), encoding: .utf8).contains("\n3,creditor,iban,"))
    let single = ["screen", "--value", "--list", alliance.path("bank-a.list")]
    #expect(try alliance.run("bank", single, input: Self.iban).status == 1)

    var bytes = try Data(contentsOf: URL(fileURLWithPath: alliance.path("bank-a.list")))
    bytes[bytes.count / 2] ^= 4
    try bytes.write(to: URL(fileURLWithPath: alliance.path("bank-a.list")))
    let altered = try alliance.run("bank", screen)
    #expect(altered.status == 2 && altered.errors.contains("list-altered"))
    let elsewhere = try alliance.run("bank", ["screen", "--value"], input: Self.iban)
    #expect(elsewhere.status == 2 && elsewhere.errors.contains("--list"), "a member is told how to screen")
  }
}
