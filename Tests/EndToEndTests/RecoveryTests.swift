import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// Nodes that come back older than they were, or twice: nobody forks by it, or the fork is proven and cured.
@Suite(.timeLimit(.minutes(20)))
struct RecoveryTests {
  private let alliance: TestAlliance

  init() throws {
    alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try add("SE4550000000058398257466")
    try waitForAgreement()
  }

  /// A backup from before the newest head, with the sign mark that was never in it: the node finds that it signed more, and
  /// has it back from its peers by itself.
  @Test func anOlderStoreWithItsMarkComesBackByItself() throws {
    try stopAndKeepOldStore()
    try alliance.start("se")
    try waitForAgreement()
    try alliance.wait(for: "se to sign again") { try signing()["state"] as? String == "ready" }
    #expect(try ours() == 3)
    try add("DK5000400440116243")
    try waitForAgreement()
    #expect(try ours() == 4 && forkedAnywhere() == false)
  }

  /// Without the mark nobody knows who signed what the peers hold: the operator says, and a new epoch goes on from there.
  @Test func anOlderStoreWithoutItsMarkAsks() throws {
    try stopAndKeepOldStore()
    try FileManager.default.removeItem(atPath: alliance.path("se/sign-mark"))
    try alliance.start("se")
    try alliance.wait(for: "the choice") { try problemCode() == "own-head-choice" }
    let unchosen = try rotate([])
    #expect(unchosen.status == 2 && unchosen.errors.contains("--from peers"), "\(unchosen.errors)")
    #expect(try ours() == 1, "nothing was laid over our own position")
    let chosen = try rotate(["--from", "peers"])
    #expect(chosen.status == 0, "\(chosen.errors)")
    try waitForAgreement()
    #expect(try ours() == 3 && signing()["epoch"] as? Int == 2)
    try add("DK5000400440116243")
    try waitForAgreement()
    #expect(try ours() == 4 && forkedAnywhere() == false)
  }

  /// A copy of the folder signs beside the original: proven to everyone, counted for nothing, cured by a new epoch.
  @Test func twoNodesOfOneCoalitionAreProvenAndCured() throws {
    #expect(alliance.stop("se") == 0)
    try copy("se", to: "clone")
    // The original signs one head, which no holds; then the clone, which sees nobody but us, signs another.
    try start()
    try add("NO9386011117947")
    try waitForAgreement()
    #expect(alliance.stop("se") == 0)
    for coalition in ["no", "us"] { #expect(alliance.stop(coalition) == 0) }
    try FileManager.default.moveItem(atPath: alliance.path("se"), toPath: alliance.path("original"))
    try FileManager.default.moveItem(atPath: alliance.path("clone"), toPath: alliance.path("se"))
    try alliance.start("se")
    try alliance.wait(for: "the clone to wait") { try signing()["state"] as? String == "waiting" }
    #expect(try alliance.run("se", ["key", "sign-now"], input: "this is no copy\n").status == 0)
    try add("DK5000400440116243")
    try alliance.wait(for: "the clone to sign") {
      try signing()["queued"] as? Int == 0 && signing()["index"] as? Int == 1
    }
    for coalition in ["no", "us"] { try alliance.start(coalition) }
    try alliance.wait(for: "the proof everywhere") {
      try TestAlliance.coalitions.allSatisfy { try positions($0)["se"]?["forked"] as? Bool == true }
    }
    #expect(try problemCode() == "forked")
    let shown = try alliance.run("no", ["status"]).output
    #expect(shown.contains("forked"), "\(shown)")
    let explained = try alliance.run("no", ["explain", "se"])
    #expect(explained.status == 0 && explained.output.contains("forked: the coalition signed two histories"))
    #expect(explained.output.contains("next: its operator opens a new epoch"), "\(explained.output)")
    #expect(
      try alliance.run("no", ["screen", "--value"], input: "NO9386011117947").status == 0, "it counts for nothing")
    let cured = try rotate(["--from", "here"])
    #expect(cured.status == 0, "\(cured.errors)")
    try waitForAgreement()
    #expect(try forkedAnywhere() == false)
    #expect(try alliance.run("no", ["screen", "--value"], input: "DK5000400440116243").status == 1)
  }

  /// The folder is gone, and only the identity key with its passphrase is left: everything that was published comes back
  /// from the peers, and the coalition speaks again under a new key.
  @Test func aLostNodeComesBackFromItsPeers() throws {
    try add("NO9386011117947")
    try waitForAgreement()
    #expect(alliance.stop("se") == 0)
    let file = alliance.path("se/alliance.pem")
    try FileManager.default.copyItem(atPath: alliance.path("se/identity.key"), toPath: alliance.path("identity.key"))
    try FileManager.default.copyItem(atPath: file, toPath: alliance.path("copy.alliance"))
    let shown =
      try JSONSerialization.jsonObject(
        with: Data(alliance.run("no", ["alliance", "show", "--json"]).output.utf8)) as? [String: Any]
    let members = try #require(shown?["members"] as? [[String: Any]])
    let endpoint = try #require(
      (members.first { $0["coalition"] as? String == "se" }?["endpoints"] as? [String])?.first)
    try FileManager.default.removeItem(atPath: alliance.path("se"))
    let restored = try alliance.run(
      "se",
      [
        "restore", "--from-peers", alliance.path("copy.alliance"), "--identity-key", alliance.path("identity.key"),
        "--passphrase-file", alliance.path("passphrase"), "--record-file", alliance.path("se.records"), "--yes",
        "--expect", try #require(shown?["fingerprint"] as? String), "--listen-host", "127.0.0.1", "--health-listen",
        "off", "--endpoint", endpoint,
      ])
    try #require(restored.status == 0, "\(restored.errors)")
    try alliance.start("se")
    try alliance.wait(for: "se to be refused until a peer knows its record") {
      let peers = try alliance.status("se")["peers"] as? [[String: Any]] ?? []
      return peers.contains { ($0["note"] as? String)?.contains("refused") == true }
    }
    let taken = try alliance.run("no", ["alliance", "record", "import", alliance.path("se.records")])
    #expect(taken.status == 0 && taken.output.contains("record 2 of se"), "\(taken.errors)")
    try alliance.wait(60, for: "our position to be here") { try self.plan() == "own-head-choice" }
    let rotated = try rotate(["--from", "peers", "--identity-key", alliance.path("identity.key")])
    try #require(rotated.status == 0, "\(rotated.errors)")
    try waitForAgreement()
    #expect(try ours() == 2)
    // The hash key came from a peer too, sealed to the new key: the node screens, and what it lists is found elsewhere.
    #expect(try alliance.run("se", ["screen", "--value"], input: "NO9386011117947").status == 1)
    try add("DK5000400440116243")
    try waitForAgreement()
    #expect(try alliance.run("us", ["screen", "--value"], input: "DK5000400440116243").status == 1)
  }

  /// What keeps a rotation waiting, or `own-head-choice` once both positions are here.
  private func plan() throws -> String? {
    let run = try rotate(["--identity-key", "/nonexistent"])
    return run.errors.split(separator: "[").last?.split(separator: "]").first.map(String.init)
  }

  // MARK: steps

  private func start() throws {
    try alliance.start("se")
    try alliance.wait(for: "se's node") {
      (try alliance.status("se")["node"] as? [String: Any])?["running"] as? Bool == true
    }
  }

  private func add(_ iban: String) throws {
    let run = try alliance.run(
      "se", ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"],
      input: iban)
    try #require(run.status == 0, "\(run.errors)")
  }

  /// Two more listings are signed than the store that is put back knows of.
  private func stopAndKeepOldStore() throws {
    #expect(alliance.stop("se") == 0)
    let store = alliance.path("se/ledger.sqlite")
    try FileManager.default.copyItem(atPath: store, toPath: store + ".old")
    try start()
    try add("NO9386011117947")
    try waitForAgreement()
    try add("FI2112345600000785")
    try waitForAgreement()
    #expect(alliance.stop("se") == 0)
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: store + suffix) }
    try FileManager.default.moveItem(atPath: store + ".old", toPath: store)
  }

  private func copy(_ home: String, to other: String) throws {
    try FileManager.default.copyItem(atPath: alliance.path(home), toPath: alliance.path(other))
  }

  private func rotate(_ options: [String]) throws -> CommandRun {
    try alliance.rotate("se", options)
  }

  // MARK: looking

  private func signing() throws -> [String: Any] { try alliance.status("se")["signing"] as? [String: Any] ?? [:] }

  private func problemCode() throws -> String? { (try signing()["problem"] as? [String: Any])?["code"] as? String }

  private func positions(_ coalition: String) throws -> [String: [String: Any]] {
    let positions = try alliance.status(coalition)["positions"] as? [[String: Any]] ?? []
    return positions.reduce(into: [:]) { $0[$1["coalition"] as? String ?? ""] = $1 }
  }

  private func ours() throws -> Int? { try positions("se")["se"]?["statements"] as? Int }

  private func forkedAnywhere() throws -> Bool {
    try TestAlliance.coalitions.contains { try positions($0)["se"]?["forked"] as? Bool == true }
  }

  private func waitForAgreement() throws {
    try alliance.wait(60, for: "all to agree") {
      let digests = try TestAlliance.coalitions.map { try alliance.liveDigests($0) }
      return try digests[0]["se"] != nil && digests.allSatisfy { $0 == digests[0] } && signing()["queued"] as? Int == 0
        && signing()["state"] as? String == "ready"
    }
  }
}
