import Foundation
import NodeBench
import Testing

/// An alliance that changes who is in it, by the commands that people type, with real nodes that pass on what is signed.
@Suite(.timeLimit(.minutes(20)))
struct GovernanceTests {
  /// "Admit", "Remove" and "Admit again" of `Docs/operations.md`.
  @Test func admitsRemovesAndAdmitsAgain() throws {
    let council = try CouncilRun(founders: ["se", "no"], newcomers: ["de"])
    try council.start(["se", "no"])
    try council.list("se", "SE4550000000058398257466")
    // It is not se's turn, and nothing is signed by saying so.
    let refused = try council.run("se", ["propose", "--admit", council.path("de.card"), "--yes"])
    #expect(refused.status == 2 && refused.errors.contains("[roster-turn]"), "\(refused.errors)")
    let proposed = try council.propose("no", ["--admit", council.path("de.card")])
    #expect(proposed.errors.contains("compare by telephone: de must read"), "\(proposed.errors)")
    #expect(try council.run("de", ["join", council.invitation(by: "no")]).errors.contains("[not-in-roster]"))
    func deciding(_ coalition: String) throws -> [String: Any]? {
      try council.alliance.status(coalition)["deciding"] as? [String: Any]
    }
    try council.alliance.wait(for: "word of it in se's status") { try deciding("se")?["awaits-us"] as? Bool == true }
    #expect(try deciding("no")?["awaits-us"] as? Bool == false)
    let shown = try council.alliance.run("se", ["status"]).output
    #expect(shown.contains("roster 2 is being decided, and waits for us: vaka alliance proposals"), "\(shown)")
    try council.approve(2, ["se"], of: ["se", "no"])
    #expect(try deciding("se") == nil)
    try council.join("de", invitedBy: "se")
    try council.start(["de"])
    try council.waitForAgreement(["se", "no", "de"])
    #expect(try council.finds("de", "SE4550000000058398257466"), "it has the position and the hash key")
    try council.list("de", "DK5000400440116243")
    try council.waitForAgreement(["se", "no", "de"])
    #expect(try council.finds("no", "DK5000400440116243"))

    try council.propose(council.turn("se"), ["--remove", "de"])
    try council.approveByAll(3, of: ["se", "no"])
    try council.alliance.wait(for: "the position to be gone") {
      try ["se", "no"].allSatisfy { try council.alliance.liveDigests($0)["de"] == nil }
    }
    #expect(try !council.finds("no", "DK5000400440116243"), "what it listed is gone")
    #expect(try council.hashKeys("se") == 2 && council.hashKeys("no") == 2, "it knew the hash key")
    #expect(try council.hashKeys("de") == 1)

    try council.alliance.write(
      council.good("se", ["record", "export", "de"]).output, to: "de.records")
    try council.propose(council.turn("se"), ["--admit", council.path("de.records")])
    try council.approveByAll(4, of: ["se", "no"])
    try council.alliance.wait(60, for: "de to be back") { try council.roster("de") == 4 }
    let rotated = try council.alliance.rotate("de")
    #expect(rotated.status == 0, "\(rotated.errors)")
    try council.waitForAgreement(["se", "no", "de"])
    #expect(try council.finds("no", "DK5000400440116243"), "what it says again in its new epoch")
    let log = try council.good("de", ["log"]).output
    for words in ["admits de (Demo de)", "removes de", "admits de (Demo de) again", "verified from roster 1 to 4"] {
      #expect(log.contains(words), "\(log)")
    }
  }

  /// Whose turn it is not opens a round: a promise of each, then the proposal, then a vote of each.
  @Test func opensARoundOfItsOwn() throws {
    let council = try CouncilRun(founders: ["se", "no", "us"], newcomers: [])
    try council.start(["se", "no", "us"])
    let opener = try ["se", "us"].first { try council.turn("se") != $0 } ?? "se"
    let opened = try council.propose(opener, ["--name", "Another name", "--open-round"])
    #expect(opened.output.contains("a promise in round 2"), "\(opened.output)")
    let early = try council.run(opener, ["propose", "--continue", "--yes"])
    #expect(early.errors.contains("[roster-waits]"), "\(early.errors)")
    let other = try #require(["se", "no", "us"].first { $0 != opener })
    try council.approve(2, [other], of: [])
    try council.alliance.wait(for: "the promise") {
      try council.good(opener, ["proposals"]).output.contains("next: vaka alliance propose --continue")
    }
    let proposed = try council.good(opener, ["propose", "--continue", "--yes"] + council.passphrase)
    #expect(proposed.output.contains("a proposal for"), "\(proposed.output)")
    try council.approve(2, [other], of: ["se", "no", "us"])
    let shown = try council.good("no", ["show"]).output
    #expect(shown.hasPrefix("Another name") && shown.contains("2 of 3 members decide, so 1 may be lost"), "\(shown)")
  }

  /// The key lies on another machine: what is asked is exported, verified and signed there, and handed over.
  @Test func signsWhereTheKeyLies() throws {
    let council = try CouncilRun(founders: ["se", "no"], newcomers: ["de"])
    try council.start(["se", "no"])
    let turn = try council.turn("se")
    let away = council.path("away")
    try FileManager.default.createDirectory(atPath: away, withIntermediateDirectories: true)
    for file in ["identity.key", "identity.key.pledge"] {
      try FileManager.default.moveItem(atPath: council.path("\(turn)/\(file)"), toPath: "\(away)/\(file)")
    }
    let change = ["propose", "--admit", council.path("de.card")]
    let without = try council.run(turn, change + ["--yes"] + council.passphrase)
    #expect(without.errors.contains("[identity-key-away]"), "\(without.errors)")
    _ = try council.good(turn, change + ["--export", council.path("question")])
    let sign = [
      "alliance", "sign", council.path("question"), "--identity-key", "\(away)/identity.key", "--output",
      council.path("signed"),
    ]
    let wrong = try CommandRun.vaka(sign + ["--yes", "--expect", "0000"] + council.passphrase)
    #expect(wrong.errors.contains("[fingerprint-refused]"), "\(wrong.errors)")
    let signed = try council.alliance.good(
      sign + ["--yes", "--expect", council.alliance.fingerprint] + council.passphrase)
    #expect(signed.errors.contains("admits de (Demo de)"), "\(signed.errors)")
    let pledge = try FileManager.default.attributesOfItem(atPath: "\(away)/identity.key.pledge")[.size] as? Int
    #expect(pledge ?? 0 > 0, "what was signed is kept beside the key")
    // The file is lost on its way, and another change is asked for: the same vote comes out again, and no second one.
    _ = try council.good(turn, ["propose", "--name", "Another", "--export", council.path("question")])
    _ = try council.alliance.good(
      sign + ["--yes", "--expect", council.alliance.fingerprint] + council.passphrase)
    let taken = try council.good(turn, ["approve", "2", "--import", council.path("signed")])
    #expect(taken.output.contains("a proposal for"), "\(taken.output)")
    let proposals = try council.good(turn, ["proposals"]).output
    #expect(proposals.contains("admits de (Demo de)") && !proposals.contains("Another"), "\(proposals)")
  }

  /// A key that comes back alone from a safe does not know what it has signed, and asks a quorum first.
  @Test func aKeyWithoutItsPledgeAsksFirst() throws {
    let council = try CouncilRun(founders: ["se", "no"], newcomers: [])
    let turn = try council.turn("se")
    let other = turn == "se" ? "no" : "se"
    try council.start([turn])
    try FileManager.default.removeItem(atPath: council.path("\(turn)/identity.key.pledge"))
    let alone = try council.run(turn, ["propose", "--name", "Another", "--yes"] + council.passphrase)
    #expect(alone.errors.contains("[roster-pledge-missing]") && alone.errors.contains(other), "\(alone.errors)")
    try council.start([other])
    try council.alliance.wait(for: "the other to be heard") {
      try council.run(turn, ["propose", "--name", "Another", "--yes"] + council.passphrase).status == 0
    }
    #expect(FileManager.default.fileExists(atPath: council.path("\(turn)/identity.key.pledge")))
    try council.approve(2, [other], of: ["se", "no"])
  }
}
