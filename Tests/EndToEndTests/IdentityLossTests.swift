import Foundation
import NodeBench
import Testing

/// "The identity key is lost" of `Docs/operations.md`, with the node still there and without it.
@Suite(.timeLimit(.minutes(20)))
struct IdentityLossTests {
  private let council: CouncilRun

  init() throws {
    council = try CouncilRun(founders: ["no", "se", "us"], newcomers: [])
    try council.start(["no", "se", "us"])
    try council.list("us", "DK5000400440116243")
    try council.waitForAgreement(["no", "se", "us"])
  }

  /// A new identity key in a folder of its own, and the others' votes for it.
  private func replaceIdentity() throws {
    for file in ["identity.key", "identity.key.pledge"] {
      try FileManager.default.removeItem(atPath: council.path("us/\(file)"))
    }
    try council.alliance.good(
      ["init", "us", "--name", "Demo us", "--no-endpoint", "--home", council.path("new")] + council.passphrase)
    let card = try council.alliance.good(["alliance", "card", "--home", council.path("new")])
    try council.alliance.write(card.output, to: "new.card")
    let change = ["propose", "--identity", "us:\(council.path("new.card"))", "--yes"] + council.passphrase
    // The turn is not us's, who has no key to sign with.
    let turn = try council.turn("no")
    let proposer = turn == "us" ? "no" : turn
    if turn == "us" {
      try council.good(proposer, change + ["--open-round"])
      try council.approve(2, ["se"], of: [])
      try council.alliance.wait(for: "the promise") {
        try council.run("no", ["propose", "--continue", "--yes"] + council.passphrase).status == 0
      }
    } else {
      let proposed = try council.good(proposer, change)
      #expect(proposed.errors.contains("compare by telephone: us must read"), "\(proposed.errors)")
    }
    try council.approve(2, [proposer == "no" ? "se" : "no"], of: ["no", "se"])
  }

  private func rotate(_ options: [String], with key: String? = nil) throws -> CommandRun {
    let key = key ?? council.path("new/identity.key")
    return try council.alliance.rotate("us", ["--identity-key", key] + options)
  }

  @Test func theOthersGiveTheNodeAnotherKey() throws {
    try replaceIdentity()
    try council.waitForRoster(2, ["us"])
    let rotated = try rotate([])
    #expect(rotated.status == 0, "\(rotated.errors)")
    try council.waitForAgreement(["no", "se", "us"])
    try council.list("us", "NO9386011117947")
    try council.waitForAgreement(["no", "se", "us"])
    #expect(try council.finds("se", "NO9386011117947"))
  }

  @Test func everythingIsLostWithTheKey() throws {
    let shown = try JSONSerialization.jsonObject(with: Data(council.good("no", ["show", "--json"]).output.utf8))
    let members = (shown as? [String: Any])?["members"] as? [[String: Any]]
    let us = members?.first { $0["coalition"] as? String == "us" }
    let endpoint = try #require((us?["endpoints"] as? [String])?.first)
    #expect(council.alliance.stop("us") == 0)
    try replaceIdentity()
    try FileManager.default.removeItem(atPath: council.path("us"))
    try council.alliance.write(council.good("no", ["invite", "us"]).output, to: "us.alliance")
    try council.alliance.write(council.good("no", ["record", "export", "us"]).output, to: "us.records")
    let restored = try council.alliance.run(
      "us",
      [
        "restore", "--from-peers", council.path("us.alliance"), "--identity-key", council.path("new/identity.key"),
        "--records", council.path("us.records"), "--record-file", council.path("our.records"), "--endpoint", endpoint,
        "--listen-host", "127.0.0.1", "--health-listen", "off", "--yes", "--expect", council.alliance.fingerprint,
      ] + council.passphrase)
    try #require(restored.status == 0, "\(restored.errors)")
    try council.good("no", ["record", "import", council.path("our.records")])
    try council.start(["us"])
    try council.alliance.wait(60, for: "our position to be here") {
      try rotate([], with: "/nonexistent").errors.contains("own-head-choice")
    }
    let rotated = try rotate(["--from", "peers"])
    #expect(rotated.status == 0, "\(rotated.errors)")
    try council.waitForAgreement(["no", "se", "us"])
    #expect(try council.finds("us", "DK5000400440116243"), "what was published came back, and a hash key for it")
  }
}
