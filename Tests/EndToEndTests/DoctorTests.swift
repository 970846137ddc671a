import Foundation
import NodeBench
import Testing

/// `vaka doctor`: one line for each thing a node stands on, and the next step where one is needed.
@Suite(.timeLimit(.minutes(20)))
struct DoctorTests {
  private func findings(_ alliance: TestAlliance, _ coalition: String) throws -> [String: (state: String, what: String)]
  {
    let run = try alliance.run(coalition, ["doctor", "--json"])
    let answer = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let rows = answer?["findings"] as? [[String: Any]] ?? []
    return rows.reduce(into: [:]) { found, row in
      guard let check = row["check"] as? String, let state = row["state"] as? String else { return }
      found[check] = (state, row["what"] as? String ?? "")
    }
  }

  @Test func findsWhatIsWrongAndWhatIsNot() throws {
    let alliance = try TestAlliance()
    try FileManager.default.moveItem(atPath: alliance.path("se/identity.key"), toPath: alliance.path("offline.key"))
    try alliance.start("se")
    try alliance.start("no")
    try alliance.wait(for: "links") {
      try (alliance.status("se")["peers"] as? [[String: Any]] ?? []).contains { $0["link"] as? String == "open" }
    }
    let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"]
    #expect(try alliance.run("se", ["key", "sign-now"], input: "this is no copy\n").status == 0)
    #expect(try alliance.run("se", add, input: "SE4550000000058398257466").status == 0)
    try alliance.wait(for: "a signed head") {
      (try alliance.status("se")["signing"] as? [String: Any])?["index"] as? Int == 0
    }
    var found = try findings(alliance, "se")
    for check in [
      "permissions", "disk", "alliance", "ledger", "vault", "sign mark", "keys", "guards", "certificate", "port",
    ] {
      #expect(found[check]?.state == "good", "\(check): \(found[check]?.what ?? "missing")")
    }
    #expect(found["identity key"]?.state == "good")
    #expect(found["peer no"]?.state == "good")
    #expect(found["peer us"]?.what.contains("nobody listens there") == true)
    #expect(found["clock"] != nil)
    #expect(found["ledger"]?.what == "1 statements of 1 coalitions agree with their signed digests")

    #expect(alliance.stop("se") == 0)
    found = try findings(alliance, "se")
    #expect(found["port"]?.state == "attention")
    #expect(try findings(alliance, "us")["identity key"]?.state == "attention")
    let lines = try alliance.run("us", ["doctor"])
    #expect(lines.status == 1 && lines.output.contains("next: vaka serve"), "\(lines.output)")

    // Each fault is found by its own check.
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: alliance.path("us/keys/sealing.key"))
    #expect(try findings(alliance, "us")["permissions"]?.what.contains("keys/sealing.key") == true)
    try Data("type\n".utf8).write(to: URL(fileURLWithPath: alliance.path("us/never-list.csv")))
    #expect(try findings(alliance, "us")["guards"]?.state == "broken")
    try FileManager.default.removeItem(atPath: alliance.path("us/keys/vault.key"))
    #expect(try findings(alliance, "us")["keys"]?.state == "broken")
    try Data().write(to: URL(fileURLWithPath: alliance.path("us/sign-mark")))
    #expect(try findings(alliance, "us")["sign mark"]?.state == "broken")
    try Data(repeating: 7, count: 100).write(to: URL(fileURLWithPath: alliance.path("us/tls/node.pem")))
    #expect(try findings(alliance, "us")["certificate"]?.state == "broken")
    try Data(repeating: 0x5A, count: 8_192).write(to: URL(fileURLWithPath: alliance.path("us/vault.sqlite")))
    #expect(try findings(alliance, "us")["vault"]?.state == "broken")
    #expect(try alliance.run("us", ["doctor"]).status == 2)
    let nowhere = try alliance.run("nowhere", ["doctor"])
    #expect(nowhere.status == 2 && nowhere.errors.contains("home-empty"))
  }
}
