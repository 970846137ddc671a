import Foundation
import NodeBench
import Testing

/// A coalition whose identity key signs two records of one number, each shown to another peer, on real nodes.
@Suite(.timeLimit(.minutes(20)))
struct RecordConflictTests {
  private let council: CouncilRun
  private let before = "SE4550000000058398257466"
  private let after = "SE3550000000054910000003"

  init() throws { council = try CouncilRun(founders: ["se", "no", "us"], newcomers: []) }

  /// Two machines of se from one folder: one opens an epoch, the other says where it is reached by telephone.
  private func signTwice() throws {
    try council.start(["se", "no", "us"])
    try council.list("se", before)
    try council.waitForAgreement(["se", "no", "us"])
    for coalition in ["se", "no", "us"] { #expect(council.alliance.stop(coalition) == 0) }
    let files = FileManager.default
    try files.copyItem(atPath: council.path("se"), toPath: council.path("copy"))
    try council.start(["se"])
    let rotate = ["key", "rotate", "--yes"] + council.passphrase
    #expect(try council.alliance.run("se", rotate).errors.contains("[peers-unheard]"))
    let rotated = try council.alliance.run("se", rotate + ["--anyway"])
    try #require(rotated.status == 0, "\(rotated.errors)")
    try council.list("se", after)
    try council.alliance.wait(for: "the new epoch's heads") {
      let signing = try council.alliance.status("se")["signing"] as? [String: Any]
      return signing?["queued"] as? Int == 0 && signing?["epoch"] as? Int == 2
    }
    try council.alliance.write(council.good("se", ["record", "export", "se"]).output, to: "epoch.records")
    #expect(council.alliance.stop("se") == 0)
    try files.moveItem(atPath: council.path("se"), toPath: council.path("first"))
    try files.moveItem(atPath: council.path("copy"), toPath: council.path("se"))
    try council.start(["se"])
    let change = ["record", "change", "--contact", "by telephone"] + council.passphrase
    let refused = try council.run("se", change)
    #expect(refused.status == 2 && refused.errors.contains("[peers-unheard]"), "\(refused.errors)")
    _ = try council.good("se", change + ["--anyway"])
    try council.alliance.write(council.good("se", ["record", "export", "se"]).output, to: "contact.records")
    #expect(council.alliance.stop("se") == 0)
  }

  /// The same folder as before the other machine, or the other machine.
  private func useFirst() throws {
    try FileManager.default.moveItem(atPath: council.path("se"), toPath: council.path("second"))
    try FileManager.default.moveItem(atPath: council.path("first"), toPath: council.path("se"))
  }

  private func hand(_ records: String, to coalition: String) throws {
    let run = try council.good(coalition, ["record", "import", council.path(records)])
    #expect(run.output.contains("record 2 of se is in force here"), "\(run.output)")
  }

  private func held(_ coalition: String) throws -> [String] {
    let held = try council.alliance.status(coalition)["held-records"] as? [[String: Any]] ?? []
    return held.compactMap { one in
      (one["problem"] as? [String: Any]).map { "\(one["coalition"] ?? "") \($0["code"] ?? "")" }
    }
  }

  private func waitForProof(_ coalitions: [String]) throws {
    try council.alliance.wait(60, for: "the proof") {
      try coalitions.allSatisfy { try held($0) == ["se record-conflict"] }
    }
  }

  /// The first characters of the hash of the record that opens an epoch, or of the other one.
  private func hash(opensEpoch: Bool, at coalition: String) throws -> String {
    let lines = try council.alliance.run(coalition, ["explain", "se"]).output.split(separator: "\n")
    let shown = lines.filter { $0.contains("record 2 ") && $0.contains("opens epoch 2") == opensEpoch }
    let hashes = shown.compactMap { $0.firstMatch(of: /record 2 ([0-9a-f]{16}):/).map { String($0.output.1) } }
    return try #require(hashes.first, "\(lines)")
  }

  private func epoch(of position: String, at coalition: String) throws -> Int? {
    let positions = try council.alliance.status(coalition)["positions"] as? [[String: Any]] ?? []
    return positions.first { $0["coalition"] as? String == position }?["epoch"] as? Int
  }

  private func signingProblem() throws -> String? {
    let signing = try council.alliance.status("se")["signing"] as? [String: Any]
    return (signing?["problem"] as? [String: Any])?["code"] as? String
  }

  @Test func neitherCountsUntilTheRosterPinsOne() throws {
    try signTwice()
    try council.start(["no"])
    try hand("epoch.records", to: "no")
    #expect(council.alliance.stop("no") == 0)
    try council.start(["us"])
    try hand("contact.records", to: "us")
    try council.start(["no"])
    try waitForProof(["no", "us"])
    #expect(try hash(opensEpoch: true, at: "no") == hash(opensEpoch: true, at: "us"))
    #expect(try hash(opensEpoch: false, at: "no") == hash(opensEpoch: false, at: "us"))
    let explained = try council.alliance.run("us", ["explain", "se"]).output
    #expect(explained.contains("[record-conflict]") && explained.contains("propose --pin se:2:HASH"), "\(explained)")
    let doctor = try council.alliance.run("no", ["doctor"]).output
    #expect(doctor.contains("records of se") && doctor.contains("record 2 of se"), "\(doctor)")
    let status = try council.alliance.run("no", ["status"])
    #expect(status.status == 1 && status.output.contains("records    record 2 of se"), "\(status.output)")

    // Its own node hears of it from the others, and stops; its heads of the epoch in question wait.
    try useFirst()
    try council.start(["se"])
    try waitForProof(["se"])
    #expect(try signingProblem() == "record-conflict")
    let change = try council.run("se", ["record", "change", "--contact", "x"] + council.passphrase)
    #expect(change.errors.contains("[record-conflict]"), "\(change.errors)")
    #expect(try epoch(of: "se", at: "no") == 1 && epoch(of: "se", at: "us") == 1)
    #expect(try council.finds("no", before) && !council.finds("no", after))

    // The number alone does not say which.
    let turn = try council.turn("no")
    let unclear = try council.run(turn, ["propose", "--pin", "se:2", "--yes"] + council.passphrase)
    #expect(unclear.errors.contains("[record-conflict]"), "\(unclear.errors)")
    let pinned = try hash(opensEpoch: true, at: "us")
    try council.propose(turn, ["--pin", "se:2:\(pinned)"])
    try council.approveByAll(2, of: ["no", "se", "us"])
    try council.waitForAgreement(["se", "no", "us"])
    for coalition in ["se", "no", "us"] {
      #expect(try held(coalition).isEmpty)
      #expect(try epoch(of: "se", at: coalition) == 2)
      #expect(try council.finds(coalition, after))
    }
    #expect(try signingProblem() == nil)
  }

  /// A node that had taken the record which the roster does not pin, and heads of its epoch, goes back to what others hold.
  @Test func whatWasSignedUnderTheOtherRecordIsGone() throws {
    try signTwice()
    let second = council.path("second")
    try useFirst()
    try council.start(["se", "no"])
    try council.alliance.wait(60, for: "the heads of the new epoch") { try epoch(of: "se", at: "no") == 2 }
    #expect(council.alliance.stop("se") == 0 && council.alliance.stop("no") == 0)
    try council.start(["us"])
    try hand("contact.records", to: "us")
    try council.start(["no"])
    try waitForProof(["no", "us"])
    #expect(try epoch(of: "se", at: "no") == 2, "nothing is taken back while it is open")
    let pinned = try hash(opensEpoch: false, at: "no")
    try council.propose(council.turn("no"), ["--pin", "se:2:\(pinned)"])
    try council.approveByAll(2, of: ["no", "us"])
    try council.alliance.wait(60, for: "one view of se") {
      let digests = try ["no", "us"].map { try council.alliance.liveDigests($0)["se"] }
      return digests[0] != nil && digests[0] == digests[1]
    }
    #expect(try epoch(of: "se", at: "no") == 1)
    #expect(try council.finds("no", before) && !council.finds("no", after))
    // The machine whose record holds goes on; the other one says what to do.
    try council.start(["se"])
    try council.alliance.wait(60, for: "se to stop") { try signingProblem() == "epoch-void" }
    #expect(council.alliance.stop("se") == 0)
    try FileManager.default.removeItem(atPath: council.path("se"))
    try FileManager.default.moveItem(atPath: second, toPath: council.path("se"))
    try council.start(["se"])
    try council.list("se", after)
    try council.waitForAgreement(["se", "no", "us"])
    #expect(try council.finds("us", after))
  }
}
