import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// What is erased is nowhere in any node's files afterwards, and who was away catches up.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct ErasureTests {
  private static let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source"]
  private static let account = "SE4550000000058398257466"

  /// What must be found nowhere: taken from the ledger while it is still there.
  private struct Traces {
    let key: Data
    let salt: Data
    let statement: Data
    let vault: Data
  }

  private func traces(_ alliance: TestAlliance, _ reference: String) throws -> Traces {
    func ask(_ file: String, _ sql: String) throws -> [Data] {
      let script =
        "import sqlite3,sys\nfor r in sqlite3.connect('file:%s?mode=ro' % sys.argv[1],uri=True).execute(sys.argv[2]):\n"
        + "  print('\\n'.join(bytes(c).hex() for c in r))"
      let run = try CommandRun.run(
        URL(fileURLWithPath: "/usr/bin/python3"), ["-c", script, alliance.path("se/\(file).sqlite"), sql])
      return run.output.split(separator: "\n").map { line in
        Data(stride(from: 0, to: line.count, by: 2).compactMap { UInt8(line.dropFirst($0).prefix(2), radix: 16) })
      }
    }
    let found = try ask(
      "ledger", "SELECT key, salt, statement FROM statements WHERE hex(key) LIKE '01\(reference.uppercased())%'")
    let sealed = try ask("vault", "SELECT sealed FROM items WHERE hex(key) LIKE '01\(reference.uppercased())%'")
    try #require(found.count == 3 && found[0].count == 33 && found[1].count == 16 && sealed.count == 1)
    return Traces(key: found[0], salt: found[1], statement: found[2], vault: sealed[0])
  }

  /// Which of the traces lie in a node's files, write-ahead logs included.
  private func residue(_ traces: Traces, _ alliance: TestAlliance, _ coalition: String) throws -> [String] {
    let files = try FileManager.default.contentsOfDirectory(atPath: alliance.path(coalition))
      .filter { $0.contains(".sqlite") }
    try #require(files.contains("ledger.sqlite") && files.contains("vault.sqlite"))
    return try files.sorted().flatMap { file in
      let bytes = try Data(contentsOf: URL(fileURLWithPath: alliance.path("\(coalition)/\(file)")))
      return [
        ("key", traces.key), ("digest", traces.key.dropFirst()), ("salt", traces.salt),
        ("statement", traces.statement), ("vault", traces.vault),
      ].filter { bytes.range(of: $0.1) != nil }.map { "\(coalition)/\(file): \($0.0)" }
    }
  }

  private func agree(_ alliance: TestAlliance, _ coalitions: [String]) throws -> Bool {
    let ours = try alliance.liveDigests("se")
    return try ours["se"] != nil && coalitions.allSatisfy { try alliance.liveDigests($0) == ours }
      && (alliance.status("se")["signing"] as? [String: Any])?["queued"] as? Int == 0
  }

  private func begin() throws -> (TestAlliance, reference: String, Traces) {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "se's node") {
      (try alliance.status("se")["signing"] as? [String: Any])?["state"] as? String == "ready"
    }
    let imports = [
      "indicator", "import", RepositoryFiles.sanctionsList, "--map", "crypto-address=address", "--reason",
      "sanctions-list", "--provenance", "open-source", "--batch", "100",
    ]
    #expect(try alliance.run("se", imports).output.contains("listed 640"))
    // A case reference of its own, so that its statement is nobody else's.
    let added = try alliance.run(
      "se", Self.add + ["--type", "iban", "--case-reference", "ERASE/ME-4711"], input: Self.account)
    let reference = try #require(added.output.split(separator: " ").first { $0.count == 16 })
    try alliance.wait(for: "agreement") { try agree(alliance, ["no", "us"]) }
    let traces = try traces(alliance, String(reference))
    for coalition in TestAlliance.coalitions {
      #expect(try residue(traces, alliance, coalition).count >= 4, "it is there before: the search finds it")
    }
    return (alliance, String(reference), traces)
  }

  @Test func leavesNothingBehindOnAnyNode() throws {
    let (alliance, reference, traces) = try begin()
    let erased = try alliance.run("se", ["indicator", "erase", reference, "--wait"])
    #expect(erased.status == 0, "\(erased.output)\(erased.errors)")
    #expect(erased.output.contains("erased everywhere"))
    for coalition in TestAlliance.coalitions { #expect(try residue(traces, alliance, coalition) == []) }
    #expect(try alliance.run("se", ["indicator", "list"]).output.contains("erased everywhere"))
    #expect(try alliance.run("no", ["indicator", "show", reference]).errors.contains("reference-unknown"))
    #expect(try agree(alliance, ["no", "us"]), "and the others are what they were")
    for coalition in TestAlliance.coalitions { #expect(alliance.stop(coalition) == 0) }
    for coalition in TestAlliance.coalitions { #expect(try residue(traces, alliance, coalition) == []) }
  }

  @Test func reachesWhoWasAway() throws {
    let (alliance, reference, traces) = try begin()
    alliance.kill("us")
    let early = try alliance.run("se", ["indicator", "erase", reference, "--wait", "--timeout", "2"])
    #expect(early.status == 1, "not erased while one lacks it")
    #expect(early.output.contains("lacking the receipts of us"))
    #expect(!(try alliance.run("se", ["indicator", "list"]).output.contains("erased everywhere")))
    #expect(try !residue(traces, alliance, "us").isEmpty)
    try alliance.start("us")
    try alliance.wait(60, for: "the erasure's end") {
      try alliance.run("se", ["indicator", "list"]).output.contains("erased everywhere")
    }
    for coalition in TestAlliance.coalitions { #expect(try residue(traces, alliance, coalition) == []) }
  }
}
