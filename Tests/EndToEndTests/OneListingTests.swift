import NodeBench
import RepositoryFiles
import Testing

/// The main way, by real processes over real TLS: what one coalition lists, another one finds, and loses again.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct OneListingTests {
  private static let address = "12HQDsicffSBaYdJ6BhnE22sfjTESmmzKx"
  private static let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source"]

  @Test func goesFromAddOnOneNodeToScreenOnAnother() throws {
    let alliance = try TestAlliance()
    #expect(try alliance.run("no", ["screen", "--value"], input: Self.address).status == 0, "nobody lists it yet")
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "links") {
      try (alliance.status("se")["peers"] as? [[String: Any]] ?? []).allSatisfy { $0["link"] as? String == "open" }
    }
    let days = try (alliance.status("se")["peers"] as? [[String: Any]] ?? []).compactMap {
      $0["certificate-days"] as? Int
    }
    #expect(days == [59, 59], "what is left of the 60 days of a new certificate")

    let added = try alliance.run("se", Self.add, input: Self.address)
    #expect(added.status == 0, "\(added.errors)")
    #expect(added.output.contains("listed"))
    #expect(try alliance.run("se", Self.add, input: Self.address).output.contains("already-listed"))
    try alliance.wait(for: "equal live digests") {
      let ours = try alliance.liveDigests("se")
      return try !ours.isEmpty && alliance.liveDigests("no") == ours && alliance.liveDigests("us") == ours
    }
    let hit = try alliance.run("no", ["screen", "--value"], input: Self.address)
    #expect(hit.status == 1)
    #expect(hit.output.contains("single-source"))
    #expect(!hit.output.contains(Self.address), "no identifier is printed")

    let reference = try #require(added.output.split(separator: " ").first { $0.count == 16 })
    let withdrawn = try alliance.run("se", ["indicator", "withdraw", String(reference), "--wait"])
    #expect(withdrawn.status == 0, "\(withdrawn.output)\(withdrawn.errors)")
    #expect(withdrawn.output.contains("receipts of no, us"))
    #expect(try alliance.run("no", ["screen", "--value"], input: Self.address).status == 0)
    for coalition in TestAlliance.coalitions { #expect(alliance.stop(coalition) == 0) }
  }

  @Test func importsTheListSurvivesAKillAndAgrees() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    let list = RepositoryFiles.sanctionsList
    let imports = [
      "indicator", "import", list, "--map", "crypto-address=address", "--reason", "sanctions-list", "--provenance",
      "open-source",
    ]
    try alliance.wait(for: "no's node") {
      (try alliance.status("no")["node"] as? [String: Any])?["running"] as? Bool == true
    }
    let first = try alliance.run("no", imports)
    #expect(first.status == 1, "rejected rows are reported: \(first.errors)")
    #expect(first.output.contains("listed 640"))
    alliance.kill("no")
    try alliance.start("no")
    try alliance.wait(60, for: "agreement after the kill") {
      let ours = try alliance.liveDigests("no")
      return try ours["no"] != nil && alliance.liveDigests("se") == ours && alliance.liveDigests("us") == ours
        && (alliance.status("no")["signing"] as? [String: Any])?["queued"] as? Int == 0
    }
    let again = try alliance.run("no", imports)
    #expect(again.output.contains("listed 0 · already listed 640"))
    let positions = try alliance.status("se")["positions"] as? [[String: Any]]
    #expect(positions?.first?["statements"] as? Int == 640)
  }
}
