import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// Lists come in and go out in every form, by real processes: what is exported in the clear and imported elsewhere is the same.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct ExchangeTests {
  private static let saying = ["--reason", "sanctions-list", "--provenance", "open-source"]
  private static let other = ["--reason", "facilitator", "--provenance", "hotline", "--handling", "clear"]

  private func sample(_ name: String) -> String {
    RepositoryFiles.folder.appending(path: "Samples/exchange/\(name)").path
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// Imports the samples of all forms at se, and waits until they are signed.
  private func filled(_ alliance: TestAlliance) throws {
    try start(alliance)
    let wallets = ["--phone-wallet", "swish", "--email-wallet", "paypal"]
    let stix = try alliance.run("se", ["indicator", "import", sample("indicators.stix.json")] + Self.saying + wallets)
    #expect(stix.status == 1 && stix.output.contains("listed 11"), "\(stix.output)\(stix.errors)")
    let misp = try alliance.run("se", ["indicator", "import", sample("event.misp.json")] + Self.saying + wallets)
    #expect(misp.status == 1 && misp.output.contains("listed 11"), "\(misp.output)\(misp.errors)")
    let table = try alliance.run(
      "se",
      ["indicator", "import", sample("accounts.windows-1252.csv"), "--mapping", sample("accounts.mapping.json")]
        + Self.saying)
    #expect(table.status == 0 && table.output.contains("read as windows-1252"), "\(table.output)\(table.errors)")
    try waitUntilSigned(alliance, "se", 25)
  }

  /// All of them: a node signs once it has heard from others what it signed before.
  private func start(_ alliance: TestAlliance) throws {
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    for coalition in TestAlliance.coalitions {
      try alliance.wait(for: "\(coalition)'s node") {
        (try alliance.status(coalition)["node"] as? [String: Any])?["running"] as? Bool == true
      }
    }
  }

  private func waitUntilSigned(_ alliance: TestAlliance, _ coalition: String, _ count: Int) throws {
    try alliance.wait(for: "\(coalition)'s signature") {
      let positions = try alliance.status(coalition)["positions"] as? [[String: Any]] ?? []
      return positions.first { $0["coalition"] as? String == coalition }?["statements"] as? Int == count
    }
  }

  private func export(_ alliance: TestAlliance, _ coalition: String, _ format: String, _ options: [String]) throws
    -> String
  {
    let file = alliance.path("\(coalition)-\(options.joined()).\(format)")
    let run = try alliance.run(
      coalition, ["indicator", "export", "--format", format, "--output", file] + options)
    #expect(run.status == 0, "\(run.errors)")
    return file
  }

  @Test func anExportInTheClearGivesTheSameListingsElsewhere() throws {
    let alliance = try TestAlliance()
    try filled(alliance)
    let ours = try text(export(alliance, "se", "csv", ["--reveal"]))
    #expect(ours.split(separator: "\n").count == 26)
    for (coalition, format) in [("no", "stix"), ("us", "misp")] {
      let file = try export(alliance, "se", format, ["--reveal"])
      // What the file says comes before what the command says.
      let run = try alliance.run(coalition, ["indicator", "import", file] + Self.other)
      #expect(run.status == 0 && run.output.contains("listed 25"), "\(run.output)\(run.errors)")
      try waitUntilSigned(alliance, coalition, 25)
      #expect(try text(export(alliance, coalition, "csv", ["--reveal"])) == ours, "\(format)")
      let again = try alliance.run(coalition, ["indicator", "import", file] + Self.other)
      #expect(again.output.contains("listed 0 · already listed 25"))
    }
    // Its own table, at a node of another alliance, whose key is another one.
    let elsewhere = try TestAlliance()
    try start(elsewhere)
    let run = try elsewhere.run(
      "se", ["indicator", "import", alliance.path("se---reveal.csv")] + Self.other)
    #expect(run.status == 0 && run.output.contains("listed 25"), "\(run.output)\(run.errors)")
    try waitUntilSigned(elsewhere, "se", 25)
    func withoutDigest(_ table: String) -> Set<String> {
      Set(table.split(separator: "\n").map { String($0).replacing(/[0-9a-f]{64}/, with: "") })
    }
    #expect(try withoutDigest(text(export(elsewhere, "se", "csv", ["--reveal"]))) == withoutDigest(ours))
  }

  @Test func digestsLeaveWithoutPlaintextAndAreRefusedAgain() throws {
    let alliance = try TestAlliance()
    try filled(alliance)
    let plain = try text(export(alliance, "se", "csv", ["--reveal"])).split(separator: "\n").dropFirst()
      .map { String($0.split(separator: ",")[1]) }
    for format in ["csv", "stix", "misp"] {
      for options in [[], ["--merged"]] {
        let file = try export(alliance, "se", format, options)
        let content = try text(file)
        #expect(!plain.contains { content.contains($0) }, "\(format) \(options)")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
      }
      let run = try alliance.run("no", ["indicator", "import", alliance.path("se-.\(format)")] + Self.saying)
      #expect(format == "csv" ? run.status == 2 : run.status == 1, "\(run.output)\(run.errors)")
      #expect(format == "csv" || run.output.contains("rejected: digest-only  25"), "\(run.output)")
    }
    // Elsewhere the merged view shows what se lists, and none of its plaintext.
    let standard = try alliance.run("se", ["indicator", "export", "--format", "csv"])
    #expect(standard.output.hasPrefix("type,digest,") && standard.errors.contains("exported 25 indicators"))
  }

  @Test func whatIsRefusedIsNamedWithoutItsValue() throws {
    let alliance = try TestAlliance()
    for name in ["indicators.stix.json", "event.misp.json"] {
      let report = alliance.path("report.csv")
      let run = try alliance.run(
        "se", ["indicator", "import", sample(name), "--dry-run", "--report", report] + Self.saying)
      #expect(run.status == 1)
      #expect(run.output.contains("rejected: role-refused") && run.output.contains("rejected: handling-not-sealed"))
      let document = try text(sample(name))
      let values = document.matches(of: /[A-Z]{2}[0-9]{20}|[13][a-km-zA-HJ-NP-Z1-9]{30,}|[0-9]{16}|\+46[0-9]+/)
      #expect(values.count > 5)
      let said = try run.output + text(report)
      #expect(!values.contains { said.contains($0.output) })
      #expect(try text(report).contains("rejected,,,role-refused"))
    }
    let forced = try alliance.run(
      "se", ["indicator", "import", sample("event.misp.json"), "--format", "csv"] + Self.saying)
    #expect(forced.status == 2 && forced.errors.contains("[no-columns]"))
    let piped = try alliance.run(
      "se", ["indicator", "import", "-", "--dry-run"] + Self.saying, input: text(sample("event.misp.json")))
    #expect(piped.output.contains("read as MISP"))
  }
}
