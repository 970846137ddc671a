import Foundation
import NodeBench
import Testing

/// Listings that were seen again hold anew; lists tell what ends soon.
@Suite(.timeLimit(.minutes(20)))
struct RenewTests {
  private static let add = [
    "indicator", "add", "-", "--reason", "csam-sale", "--provenance", "hotline", "--type", "iban",
  ]

  private func day(_ days: Int) -> String {
    (Date() + TimeInterval(days) * 86_400).formatted(.iso8601.year().month().day())
  }

  @Test func renewsOurOwnAndNothingElse() throws {
    let alliance = try TestAlliance()
    try alliance.start("se")
    try alliance.start("no")
    try alliance.wait(for: "a node that may sign") {
      (try alliance.status("se")["signing"] as? [String: Any])?["state"] as? String == "waiting"
    }
    #expect(try alliance.run("se", ["key", "sign-now"], input: "this is no copy\n").status == 0)
    let added = try alliance.run(
      "se", Self.add + ["--valid-until", day(10), "--case-reference", "A/17"], input: "SE4550000000058398257466")
    let reference = String(try #require(added.output.split(separator: " ").first { $0.count == 16 }))
    let later = try alliance.run("se", Self.add, input: "NO9386011117947")
    #expect(later.status == 0, "\(later.errors)")
    try alliance.wait(for: "no to hold both") {
      let digests = try alliance.liveDigests("se")
      return try digests["se"] != nil && alliance.liveDigests("no") == digests
        && alliance.run("se", ["indicator", "list"]).output.contains("NO9") == false
        && (alliance.status("se")["signing"] as? [String: Any])?["queued"] as? Int == 0
    }
    func listed(_ coalition: String, _ options: [String]) throws -> [[String: Any]] {
      let run = try alliance.run(coalition, ["indicator", "list", "--json"] + options)
      let answer = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return answer?["listings"] as? [[String: Any]] ?? []
    }
    #expect(try listed("se", ["--expiring", "30d"]).map { $0["reference"] as? String } == [reference])
    #expect(try listed("no", ["--from", "se", "--expiring", "30d"]).count == 1)
    #expect(try listed("se", ["--since", "7d"]).count == 2)

    let theirs = try alliance.run("no", ["indicator", "renew", reference])
    #expect(theirs.status == 2 && theirs.errors.contains("[not-ours]"), "\(theirs.errors)")
    let unknown = try alliance.run("se", ["indicator", "renew", "0123456789abcdef"])
    #expect(unknown.status == 2 && unknown.errors.contains("[reference-unknown]"))
    let tooLong = try alliance.run("se", ["indicator", "renew", reference, "--valid-until", day(6 * 365)])
    #expect(tooLong.status == 2 && tooLong.errors.contains("[bad-validity]"))

    let renewed = try alliance.run("se", ["indicator", "renew", "--expiring", "30d"])
    #expect(
      renewed.status == 0 && renewed.output.contains("renewed  \(reference)"), "\(renewed.output)\(renewed.errors)")
    try alliance.wait(for: "no to hold the renewal") {
      try listed("no", ["--from", "se", "--expiring", "30d"]).isEmpty
    }
    let shown = try #require(try listed("no", ["--from", "se"]).first { $0["reference"] as? String == reference })
    #expect(shown["observed-until"] as? String == day(0))
    #expect(shown["valid-until"] as? String == day(548), "what is usual for an account")
    #expect(shown["case-reference"] as? String == "A/17", "the rest stays")

    try alliance.write("\(reference)\n0123456789abcdef\n", to: "references")
    let some = try alliance.run("se", ["indicator", "renew", "--file", alliance.path("references"), "--json"])
    #expect(some.status == 1, "one is refused, the other renewed: \(some.errors)")
    #expect(some.output.contains("reference-unknown"))
    let none = try alliance.run("se", ["indicator", "renew"])
    #expect(none.status == 64)
  }
}
