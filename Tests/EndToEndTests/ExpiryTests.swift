import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// A listing past its last day: hidden by every query at once, and taken out of the position by its own coalition alone, with
/// a remove that everyone receives. Clocks are moved under the real processes.
@Suite(.timeLimit(.minutes(20)))
struct ExpiryTests {
  private static let iban = "SE4550000000058398257466"
  private static let days = 3

  @Test func isHiddenAtOnceAndRemovedByItsCoalition() throws {
    let alliance = try TestAlliance()
    try watchClocks(alliance)
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try ready(alliance, "se")
    try add(alliance, "se", Self.iban, ["--valid-until", Self.day(in: 1)])
    try alliance.wait(for: "all to hold it") {
      try TestAlliance.coalitions.allSatisfy { try ours(alliance, $0)?["statements"] as? Int == 1 }
    }
    for coalition in TestAlliance.coalitions { #expect(try screened(alliance, coalition) == 1) }

    // Our own clock alone hides, and removes nothing: it may be wrong.
    #expect(alliance.stop("se") == 0)
    try step(alliance, "se")
    try alliance.start("se")
    try ready(alliance, "se")
    #expect(try screened(alliance, "se") == 0)
    try alliance.wait(for: "se to find it past") {
      (try alliance.status("se")["holding"] as? [String: Any])?["unconfirmed-past"] as? Int == 1
    }
    #expect(try alliance.run("se", ["indicator", "list"]).output.contains("1 past their last day"))
    #expect(try screened(alliance, "no") == 1)
    #expect(try ours(alliance, "no")?["index"] as? Int == 0)

    // The day is over for the others too: hidden there with the next question, though the position is what it was.
    for coalition in ["no", "us"] { try step(alliance, coalition) }
    try alliance.wait(2, for: "no's clock to be read again") { try screened(alliance, "no") == 0 }
    #expect(try ours(alliance, "no")?["index"] as? Int == 0 && ours(alliance, "no")?["statements"] as? Int == 1)

    // A change makes their receipts, which are of the later day; with that word se removes it, in a head.
    try ready(alliance, "us")
    try add(alliance, "us", "DK5000400440116243", [])
    try alliance.wait(100, for: "the remove to reach everyone") {
      try TestAlliance.coalitions.allSatisfy { try ours(alliance, $0)?["statements"] as? Int == 0 }
    }
    for coalition in TestAlliance.coalitions { #expect(try ours(alliance, coalition)?["index"] as? Int == 1) }
    let log = try String(contentsOfFile: alliance.path("se.log"), encoding: .utf8)
    #expect(log.contains("past their last day and are removed"), "\(log)")
    #expect(try alliance.run("no", ["screen", "--value"], input: "DK5000400440116243").status == 1)
    #expect((try alliance.status("se")["holding"] as? [String: Any])?["unconfirmed-past"] as? Int == 0)
  }

  // MARK: clocks

  /// Every process of a coalition reads how far its wall clock is off from a file.
  private func watchClocks(_ alliance: TestAlliance) throws {
    let library = alliance.path("clock_skew.so")
    let source = RepositoryFiles.folder.appending(path: "Tests/Soak/clock_skew.c").path
    let built = try CommandRun.run(
      URL(fileURLWithPath: "/usr/bin/env"), ["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"])
    try #require(built.status == 0, "\(built.errors)")
    for coalition in TestAlliance.coalitions {
      try alliance.write("0\n", to: "\(coalition).skew")
      alliance.environments[coalition] = ["LD_PRELOAD": library, "SKEW_FILE": alliance.path("\(coalition).skew")]
    }
  }

  private func step(_ alliance: TestAlliance, _ coalition: String) throws {
    try alliance.write("\(Self.days * 86_400)\n", to: "\(coalition).skew")
  }

  /// Of UTC, such as 2027-05-31.
  private static func day(in days: Int) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd"
    return format.string(from: Date() + TimeInterval(days * 86_400))
  }

  // MARK: steps

  private func ready(_ alliance: TestAlliance, _ coalition: String) throws {
    try alliance.wait(for: "\(coalition) to sign") {
      (try alliance.status(coalition)["signing"] as? [String: Any])?["state"] as? String == "ready"
    }
  }

  private func add(_ alliance: TestAlliance, _ coalition: String, _ text: String, _ options: [String]) throws {
    let run = try alliance.run(
      coalition,
      ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"]
        + options,
      input: text)
    try #require(run.status == 0, "\(run.errors)")
  }

  private func screened(_ alliance: TestAlliance, _ coalition: String) throws -> Int32 {
    try alliance.run(coalition, ["screen", "--value"], input: Self.iban).status
  }

  /// se's position at a coalition's node.
  private func ours(_ alliance: TestAlliance, _ coalition: String) throws -> [String: Any]? {
    let positions = try alliance.status(coalition)["positions"] as? [[String: Any]] ?? []
    return positions.first { $0["coalition"] as? String == "se" }
  }
}
