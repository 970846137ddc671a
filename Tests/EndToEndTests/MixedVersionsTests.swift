import Foundation
import NodeBench
import Testing

private let newerBinary = ProcessInfo.processInfo.environment["NEWER_VAKA"].map { URL(fileURLWithPath: $0) }

/// Two real binaries in one alliance: the one that is in use, and one that knows a kind of statement more. Both hash, relay
/// and agree; the older one sets aside what it does not know, and counts it once it is upgraded.
///
/// `make mixed-versions` builds the newer one and names it in `NEWER_VAKA`.
@Suite(.enabled(if: newerBinary != nil), .serialized, .timeLimit(.minutes(20)))
struct MixedVersionsTests {
  private static let iban = "SE4550000000058398257466"
  private let alliance: TestAlliance

  /// `se` and `us` are newer and never see each other; only the older `no` stands between them.
  init() throws {
    alliance = try TestAlliance()
    let newer = try #require(newerBinary)
    for coalition in ["se", "us"] { alliance.binaries[coalition] = newer }
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    for (coalition, other) in [("se", "us"), ("us", "se")] {
      try alliance.wait(for: "\(coalition)'s node") { try alliance.isRunning(coalition) }
      #expect(try alliance.run(coalition, ["peer", "pause", other]).status == 0)
    }
    try alliance.signNow("se")
  }

  @Test func theOlderOneRelaysWhatItDoesNotKnowAndCountsItAfterItsUpgrade() throws {
    #expect(try alliance.status("us").version != alliance.status("no").version)
    let reference = try add(["--trial-round", "7"])
    // What both know goes the same way, so that the position is a mixture.
    try add([], "NO9386011117947")
    try waitForAgreement(statements: 2)
    #expect(try screened("us") == 1, "the newer one beyond the older one counts it")
    #expect(try alliance.run("us", ["indicator", "show", reference]).output.contains("single-source"))
    #expect(try alliance.run("us", ["quarantine", "list"]).output.contains("nothing is set aside"))
    #expect(try screened("no") == 0, "the older one does not know what it means")
    #expect(try screened("no", "NO9386011117947") == 1)
    let aside = try alliance.run("no", ["quarantine", "list"])
    #expect(aside.output.contains(reference) && aside.output.contains("unknown-kind"), "\(aside.output)\(aside.errors)")
    #expect(aside.output.contains("250"), "by its number, for want of a name: \(aside.output)")
    #expect(try alliance.run("no", ["quarantine", "show", reference]).output.contains("upgrade"))
    #expect(try alliance.run("no", ["hold", "list"]).output.contains("nobody is held"))

    try upgrade("no")
    try alliance.wait(for: "the upgraded node to count it") { try screened("no") == 1 }
    #expect(try alliance.run("no", ["quarantine", "list"]).output.contains("nothing is set aside"))
    try waitForAgreement(statements: 2)
    // And it states the new kind itself.
    try alliance.signNow("no")
    try add(["--trial-round", "8"], "DK5000400440116243", by: "no")
    try alliance.wait(for: "no's statement at se") { try screened("se", "DK5000400440116243") == 1 }
  }

  /// A head that older software cannot check: its coalition is held at its last good head, nothing else suffers, and the
  /// upgrade lets it go on.
  @Test func aHeadForALaterReaderIsHeldUntilTheUpgrade() throws {
    try add([], "NO9386011117947")
    try waitForAgreement(statements: 1)
    try add(["--trial-round", "1000"])
    try alliance.wait(for: "no to hold se") {
      try alliance.run("no", ["hold", "list"]).output.contains("reader-too-old")
    }
    let held = try alliance.run("no", ["hold", "list"]).output
    #expect(held.contains("upgrade") && held.contains("1/0"), "\(held)")
    #expect(try alliance.run("no", ["status"]).output.contains("se"))
    #expect(try screened("no", "NO9386011117947") == 1, "what came before stays in force")
    #expect(try position("no", "se")?["statements"] as? Int == 1)
    #expect(try position("se", "se")?["statements"] as? Int == 2)
    // Others are not touched by it.
    try alliance.signNow("us")
    try add([], "DK5000400440116243", by: "us")
    try alliance.wait(for: "us's statement at se, by way of no") { try screened("se", "DK5000400440116243") == 1 }

    try upgrade("no")
    try waitForAgreement(statements: 2)
    #expect(try screened("no") == 1 && screened("us") == 1)
    #expect(try alliance.run("no", ["hold", "list"]).output.contains("nobody is held"))
  }

  // MARK: steps

  @discardableResult
  private func add(_ options: [String], _ text: String = iban, by coalition: String = "se") throws -> String {
    let run = try alliance.run(
      coalition,
      ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"]
        + options,
      input: text)
    try #require(run.status == 0, "\(run.errors)")
    return String(try #require(run.output.split(separator: " ").first { $0.count == 16 }))
  }

  /// The same home, the newer binary.
  private func upgrade(_ coalition: String) throws {
    #expect(alliance.stop(coalition) == 0)
    alliance.binaries[coalition] = newerBinary
    try alliance.start(coalition)
    try alliance.wait(for: "\(coalition)'s new version") { try alliance.isRunning(coalition) }
    #expect(try alliance.status(coalition).version == alliance.status("se").version)
  }

  // MARK: looking

  private func screened(_ coalition: String, _ text: String = iban) throws -> Int32 {
    try alliance.run(coalition, ["screen", "--value"], input: text).status
  }

  private func position(_ coalition: String, _ of: String) throws -> [String: Any]? {
    try (alliance.status(coalition)["positions"] as? [[String: Any]])?.first { $0["coalition"] as? String == of }
  }

  /// The same head and the same live digest of `se` everywhere, byte for byte.
  private func waitForAgreement(statements: Int) throws {
    try alliance.wait(60, for: "all to hold the same position") {
      let positions = try TestAlliance.coalitions.map { try position($0, "se") }
      let seen = Set(positions.map { "\($0?["head-hash"] ?? "-") \($0?["live-digest"] ?? "-")" })
      return seen.count == 1 && positions.allSatisfy { $0?["statements"] as? Int == statements }
    }
  }
}

extension TestAlliance {
  fileprivate func isRunning(_ coalition: String) throws -> Bool {
    (try status(coalition)["node"] as? [String: Any])?["running"] as? Bool == true
  }
}

extension [String: Any] {
  fileprivate var version: String? { (self["node"] as? [String: Any])?["version"] as? String }
}
