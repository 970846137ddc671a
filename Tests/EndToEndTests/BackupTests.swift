import Foundation
import NodeBench
import Testing

/// A backup of a running node, whole and without what makes it sign; and the node that comes back from it.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct BackupTests {
  private static let add = [
    "indicator", "add", "-", "--reason", "csam-sale", "--provenance", "hotline", "--type", "iban",
  ]
  private static let account = "SE4550000000058398257466"

  @Test func comesBackWithoutItsSignMark() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "a node that may sign") {
      (try alliance.status("se")["signing"] as? [String: Any])?["state"] as? String == "ready"
    }
    let added = try alliance.run("se", Self.add, input: Self.account)
    let reference = String(try #require(added.output.split(separator: " ").first { $0.count == 16 }))
    try alliance.wait(for: "a head") { try alliance.liveDigests("us")["se"] != nil }

    let backup = alliance.path("backup")
    let made = try alliance.run("se", ["backup", backup])
    #expect(made.status == 0 && made.output.contains("read back and checked"), "\(made.errors)")
    let files = Set(try FileManager.default.subpathsOfDirectory(atPath: backup))
    #expect(files.isSuperset(of: ["ledger.sqlite", "vault.sqlite", "keys/vault.key", "tls/node.pem", "alliance.pem"]))
    let signing = ["sign-mark", "lease", "control.sock", "identity.key", "ledger.sqlite-wal", "ledger.sqlite-shm"]
    #expect(files.isDisjoint(with: signing), "\(files)")
    let attributes = try FileManager.default.attributesOfItem(atPath: backup)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    #expect(try alliance.run("se", ["backup", backup]).errors.contains("[backup-exists]"))
    let whole = try alliance.run("se", ["backup", alliance.path("whole"), "--with-identity"])
    #expect(whole.status == 0 && FileManager.default.fileExists(atPath: alliance.path("whole/identity.key")))

    #expect(try alliance.run("se", ["restore", backup]).errors.contains("[home-taken]"))
    #expect(alliance.stop("se") == 0)
    try FileManager.default.moveItem(atPath: alliance.path("se"), toPath: alliance.path("lost"))
    let restored = try alliance.run("se", ["restore", backup])
    #expect(restored.status == 0 && restored.output.contains("asks all peers"), "\(restored.errors)")
    #expect(!FileManager.default.fileExists(atPath: alliance.path("se/sign-mark")))
    #expect(!FileManager.default.fileExists(atPath: alliance.path("se/backup.json")))
    let shown = try alliance.run("se", ["indicator", "show", reference, "--reveal"])
    #expect(shown.output.contains(Self.account), "the vault opens: \(shown.errors)")
    try alliance.start("se")
    try alliance.wait(60, for: "all peers to have answered") {
      (try alliance.status("se")["signing"] as? [String: Any])?["state"] as? String == "ready"
    }
    #expect(try alliance.run("se", Self.add, input: "NO9386011117947").output.contains("listed"))
    try alliance.wait(for: "agreement") {
      let ours = try alliance.liveDigests("se")
      return try alliance.liveDigests("no") == ours && alliance.liveDigests("us") == ours
        && (alliance.status("se")["signing"] as? [String: Any])?["index"] as? Int == 1
    }
  }

  @Test func refusesWhatIsNotAsItWasWritten() throws {
    let alliance = try TestAlliance()
    let backup = alliance.path("backup")
    #expect(try alliance.run("se", ["backup", backup]).status == 0, "with no node running too")
    func restore() throws -> CommandRun { try CommandRun.vaka(["restore", backup, "--home", alliance.path("other")]) }
    let vault = alliance.path("backup/keys/vault.key")
    let good = try Data(contentsOf: URL(fileURLWithPath: vault))
    try Data("0".utf8).write(to: URL(fileURLWithPath: vault))
    #expect(try restore().errors.contains("[backup-bad]"))
    #expect(!FileManager.default.fileExists(atPath: alliance.path("other")), "nothing half restored")
    try FileManager.default.removeItem(atPath: vault)
    #expect(try restore().errors.contains("[backup-bad]"))
    try good.write(to: URL(fileURLWithPath: vault))
    #expect(try restore().status == 0)
    #expect(
      try CommandRun.vaka(["restore", alliance.path("no"), "--home", alliance.path("b")]).errors.contains(
        "[backup-bad]"))
  }
}
