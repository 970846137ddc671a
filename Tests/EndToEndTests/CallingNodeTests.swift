import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// A node that nobody can dial is heard all the same: it calls, and is asked over its own connections.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct CallingNodeTests {
  private static let address = "12HQDsicffSBaYdJ6BhnE22sfjTESmmzKx"
  private static let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source"]

  private func peer(_ of: String, at coalition: String, in alliance: TestAlliance) throws -> [String: Any] {
    let peers = try alliance.status(coalition)["peers"] as? [[String: Any]] ?? []
    return peers.first { $0["coalition"] as? String == of } ?? [:]
  }

  private func agree(_ alliance: TestAlliance, on statements: Int) throws -> Bool {
    let ours = try alliance.liveDigests("no")
    let held = (try alliance.status("se")["holding"] as? [String: Any])?["statements"] as? Int
    return try held == statements && alliance.liveDigests("se") == ours && alliance.liveDigests("us") == ours
  }

  @Test func aNodeWithoutAnEndpointIsHeardAndCopied() throws {
    let alliance = try TestAlliance(callers: ["no"])
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "se hears no") { try peer("no", at: "se", in: alliance)["link"] as? String == "open" }
    let added = try alliance.run("no", Self.add, input: Self.address)
    let reference = String(try #require(added.output.split(separator: " ").first { $0.count == 16 }))
    try alliance.wait(for: "no's listing at se") {
      try alliance.run("se", ["screen", "--value"], input: Self.address).status == 1
    }
    #expect(try peer("no", at: "se", in: alliance)["note"] as? String == "calls us: we cannot dial it")
    let probe = try alliance.run("se", ["peer", "probe", "no"])
    #expect(probe.status == 0, "\(probe.output)\(probe.errors)")

    // Nobody else has it: the whole position comes from the node that nobody can dial.
    for coalition in ["se", "us"] { alliance.kill(coalition) }
    let imported = try alliance.run(
      "no",
      [
        "indicator", "import", RepositoryFiles.sanctionsList, "--map", "crypto-address=address", "--reason",
        "sanctions-list", "--provenance", "open-source",
      ])
    #expect(imported.output.contains("listed 639"), "\(imported.output)\(imported.errors)")
    try alliance.start("us")
    try alliance.wait(60, for: "no's position at us") {
      try alliance.liveDigests("us")["no"] == alliance.liveDigests("no")["no"]
        && (alliance.status("us")["holding"] as? [String: Any])?["statements"] as? Int == 640
    }
    try alliance.start("se")
    try alliance.wait(60, for: "agreement") { try agree(alliance, on: 640) }
    let withdrawn = try alliance.run("no", ["indicator", "withdraw", reference, "--wait"])
    #expect(withdrawn.status == 0, "\(withdrawn.output)\(withdrawn.errors)")
    for coalition in TestAlliance.coalitions { #expect(alliance.stop(coalition) == 0) }
  }

  /// The record names a place where nobody listens, as behind a firewall that lets nothing in.
  @Test func aNodeWhoseEndpointIsDeadIsHeard() throws {
    let alliance = try TestAlliance()
    let port = try #require(TestAlliance.freePorts(1).first)
    try alliance.start("no", ["--listen-port", "\(port)"])
    for coalition in ["se", "us"] { try alliance.start(coalition) }
    try alliance.wait(90, for: "se hears no") { try peer("no", at: "se", in: alliance)["link"] as? String == "open" }
    #expect(try alliance.run("no", Self.add, input: Self.address).status == 0)
    try alliance.wait(for: "no's listing at se") {
      try alliance.run("se", ["screen", "--value"], input: Self.address).status == 1
    }
    // It listens where it should again: it is dialled again, and calls no more.
    alliance.kill("no")
    try alliance.start("no")
    try alliance.wait(120, for: "se dials no") {
      let peer = try peer("no", at: "se", in: alliance)
      return peer["link"] as? String == "open" && peer["note"] == nil
    }
  }

  /// A copy of the folder, started beside it: the peers meet both, and tell both.
  @Test func twoNodesWithTheSameKeysAreTold() throws {
    let alliance = try TestAlliance()
    try FileManager.default.copyItem(atPath: alliance.path("se"), toPath: alliance.path("copy"))
    let ports = try TestAlliance.freePorts(2)
    for coalition in ["se", "no"] { try alliance.start(coalition) }
    try alliance.start("copy", ["--listen-port", "\(ports[0])", "--health-listen", "127.0.0.1:\(ports[1])"])
    for node in ["se", "copy"] {
      try alliance.wait(180, for: "\(node) is told") {
        (try alliance.status(node)["node"] as? [String: Any])?["doubled-by"] as? [String] == ["no"]
      }
    }
    #expect(
      try peer("se", at: "no", in: alliance)["note"] as? String == "two nodes run with its keys: it has been told")
    let status = try alliance.run("copy", ["status"])
    #expect(status.status == 1)
    #expect(status.output.contains("a second node runs with our keys, say no"), "\(status.output)")
    #expect((try alliance.status("no")["node"] as? [String: Any])?["doubled-by"] as? [String] == [])
  }
}
