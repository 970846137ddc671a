import Foundation
import NodeBench
import Testing

/// Which of the things that can be signed is meant, here and on a machine without a node: `approve --promise`, `approve --proposal`.
@Suite(.timeLimit(.minutes(20)))
struct ApprovalTests {
  private let council: CouncilRun
  private let away: String

  /// The identity key of `se` lies on another machine.
  init() throws {
    council = try CouncilRun(founders: ["se", "no", "us"], newcomers: [])
    away = council.path("away")
    try FileManager.default.createDirectory(atPath: away, withIntermediateDirectories: true)
    for file in ["identity.key", "identity.key.pledge"] {
      try FileManager.default.moveItem(atPath: council.path("se/\(file)"), toPath: "\(away)/\(file)")
    }
  }

  /// Exports what is asked, signs it where the key lies, and hands it over.
  private func signAway(_ approval: [String]) throws -> CommandRun {
    _ = try council.good("se", ["approve", "2"] + approval + ["--export", council.path("question")])
    let before = try files(of: away)
    try council.alliance.good(
      [
        "alliance", "sign", council.path("question"), "--identity-key", "\(away)/identity.key", "--output",
        council.path("signed"), "--yes", "--expect", council.alliance.fingerprint,
      ] + council.passphrase)
    #expect(try files(of: away) == before, "nothing but the pledge is written there, and that was there")
    return try council.good("se", ["approve", "2", "--import", council.path("signed")])
  }

  private func files(of folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// Hash and first words of every proposal that a member knows, by round.
  private func proposals(_ coalition: String) throws -> [Int: (hash: String, changes: String)] {
    let shown = try JSONSerialization.jsonObject(
      with: Data(council.good(coalition, ["proposals", "--json"]).output.utf8))
    let rounds = (shown as? [String: Any])?["rounds"] as? [[String: Any]] ?? []
    var found: [Int: (hash: String, changes: String)] = [:]
    for round in rounds {
      guard let number = round["round"] as? Int,
        let proposal = (round["proposals"] as? [[String: Any]])?.first, let hash = proposal["proposal"] as? String
      else { continue }
      found[number] = (hash, (proposal["changes"] as? [String] ?? []).joined(separator: "; "))
    }
    return found
  }

  @Test func promisesWithoutVotingThenVotesForTheOneThatIsNamed() throws {
    try council.start(["se", "no", "us"])
    let turn = try council.turn("no")
    try #require(turn == "no", "the first in the order of ids")
    try council.propose("no", ["--name", "One"])
    try council.propose("us", ["--name", "Two", "--open-round"])
    try council.alliance.wait(for: "both to be known at se") {
      try proposals("se")[1] != nil && council.good("se", ["proposals", "--json"]).output.contains("\"us\"")
    }
    // A vote for One is what it could sign; a promise is what it is asked for.
    try council.alliance.wait(for: "the round to be open at se") {
      try council.run("se", ["approve", "2", "--promise", "--export", council.path("question")]).status == 0
    }
    let promised = try signAway(["--promise"])
    #expect(promised.output.contains("a promise in round 2"), "\(promised.output)")
    #expect(try council.alliance.run("se", ["audit", "list", "--json"]).output.contains("roster-promised"))
    try council.alliance.wait(for: "the promise at us") {
      try council.run("us", ["propose", "--continue", "--yes"] + council.passphrase).status == 0
    }
    try council.alliance.wait(for: "the second proposal at se") { try proposals("se")[2] != nil }
    let known = try proposals("se")
    let (one, two) = (try #require(known[1]), try #require(known[2]))
    #expect(one.changes.contains("One") && two.changes.contains("Two"), "\(known)")
    for wrong in [one.hash, "ffff00"] {
      let refused = try council.run("se", ["approve", "2", "--proposal", wrong, "--export", council.path("none")])
      #expect(refused.errors.contains("[roster-not-proposed]"), "\(refused.errors)")
    }
    #expect(try council.roster("se") == 1)
    let voted = try signAway(["--proposal", String(two.hash.prefix(12))])
    #expect(voted.output.contains("a vote for"), "\(voted.output)")
    try council.waitForRoster(2, ["se", "no", "us"])
    #expect(try council.good("no", ["show"]).output.hasPrefix("Two"))
    let acts = try council.alliance.run("se", ["audit", "list", "--json"]).output
    #expect(acts.contains("roster-voted"))
  }
}
