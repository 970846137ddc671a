import Foundation
import NodeBench
import Testing

/// A new hash key comes by roster to three real nodes, all listings move to it while everybody goes on finding them, and the older key is
/// closed by another roster.
@Suite(.timeLimit(.minutes(20)))
struct HashKeyTests {
  private static let shared = "SE4550000000058398257466"
  private static let single = "DK5000400440116243"
  private static let later = "NO9386011117947"

  @Test func listingsMoveToANewKeyAndTheOldOneCloses() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    for coalition in TestAlliance.coalitions { try ready(alliance, coalition) }
    for coalition in ["se", "no"] { try add(alliance, coalition, Self.shared) }
    try add(alliance, "se", Self.single)
    try everywhere(alliance, "three statements") { try holding(alliance, $0)["statements"] as? Int == 3 }
    let remembered = try alliance.run(
      "us", ["screen", "-", "--remember", "30d", "--json"], input: "iban\n\(Self.shared)\n\(Self.later)\n")
    #expect(remembered.status == 0, "\(remembered.errors)")
    let before = try #require(try hit(alliance, "us", Self.shared))
    #expect(before.verdict == "corroborated(2)")

    try decide(alliance, 2, ["--hash-key"])
    try everywhere(alliance, "every listing to move") { try keys(alliance, $0) == ["no": [2: 1], "se": [2: 2]] }
    try everywhere(alliance, "the key to be everywhere") {
      (try alliance.status($0)["hash-keys"] as? [[String: Any]])?.allSatisfy { $0["here"] as? Bool == true } == true
    }
    for coalition in TestAlliance.coalitions {
      let hit = try #require(try hit(alliance, coalition, Self.shared))
      #expect(hit == before, "one indicator of two coalitions, under the same reference")
      #expect(try holding(alliance, coalition)["statements"] as? Int == 3)
      try alliance.wait(for: "\(coalition) to count") { try holding(alliance, coalition)["indicators"] as? Int == 2 }
      let table = try alliance.run(
        coalition, ["screen", "-", "--json"], input: "iban\n\(Self.shared)\n\(Self.single)\n\(Self.later)\n")
      let answer = try #require(try json(table.output)["summary"] as? [String: Any])
      #expect(answer["hits"] as? Int == 2 && answer["indicators"] as? Int == 2)
      let shown = try json(try alliance.run(coalition, ["indicator", "show", before.reference, "--json"]).output)
      #expect(shown["verdict"] as? String == "corroborated(2)")
      #expect((shown["listings"] as? [Any])?.count == 2)
    }
    #expect(try alliance.run("us", ["match", "list", "--new"]).output.contains(before.reference) == false)

    // Who has not got the newer key yet finds the listings all the same, and is told.
    #expect(alliance.stop("us") == 0)
    let key = alliance.path("us/keys/hash-2.key")
    try FileManager.default.moveItem(atPath: key, toPath: alliance.path("hash-2.key"))
    #expect(try hit(alliance, "us", Self.shared) == before)
    let warned = try alliance.run("us", ["screen", "--value"], input: Self.single)
    #expect(warned.status == 1)
    #expect(warned.errors.contains("hash key 2 is not here yet: listings under it do not match"), "\(warned.errors)")
    #expect(try alliance.run("us", ["status"]).output.contains("hash key 2 is not here yet"))
    try FileManager.default.moveItem(atPath: alliance.path("hash-2.key"), toPath: key)
    try alliance.start("us")
    try ready(alliance, "us")

    // A listing of now raises the alarm on what was remembered when there was only the older key; a dispute and a withdrawal by the
    // reference of before reach what has moved.
    try add(alliance, "no", Self.later)
    try alliance.wait(for: "the alarm") { try alliance.status("us")["unseen-late-matches"] as? Int == 1 }
    let dispute = try alliance.run("us", ["indicator", "dispute", before.reference, "--ground", "lawful-business"])
    #expect(dispute.status == 0, "\(dispute.errors)")
    try everywhere(alliance, "the dispute") { try hit(alliance, $0, Self.shared)?.verdict == "disputed" }
    let single = try #require(try hit(alliance, "se", Self.single))
    #expect(try alliance.run("se", ["indicator", "withdraw", single.reference]).status == 0)
    try everywhere(alliance, "the withdrawal") { try hit(alliance, $0, Self.single) == nil }

    let today = Self.today()
    try decide(alliance, 3, ["--close-hash-key", "1:\(today)"])
    try everywhere(alliance, "the references of the newer key") {
      let hit = try hit(alliance, $0, Self.shared)
      return hit?.verdict == "disputed" && hit?.reference != before.reference
    }
    try everywhere(alliance, "no digest under the closed key to be left") { coalition in
      let gone = try alliance.run(coalition, ["indicator", "show", before.reference])
      return gone.errors.contains("reference-unknown")
    }
    let text = try alliance.run("se", ["status"]).output
    #expect(!text.contains("hash key 1"), "nobody has anything under it: \(text)")
    let digests = try TestAlliance.coalitions.map { try alliance.liveDigests($0) }
    #expect(Set(digests).count == 1)
  }

  /// Nobody has a new key but who proposed it: if there was no room for it when its roster came, it is taken as soon as there is.
  @Test func aKeyThatThereWasNoRoomForIsTakenLater() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    for coalition in TestAlliance.coalitions { try ready(alliance, coalition) }
    // Where the file is written first, something else stands.
    let obstacles = TestAlliance.coalitions.map { alliance.path("\($0)/keys/hash-2.key.new") }
    for path in obstacles { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
    try decide(alliance, 2, ["--hash-key"])
    func isHere(_ coalition: String) -> Bool {
      FileManager.default.fileExists(atPath: alliance.path("\(coalition)/keys/hash-2.key"))
    }
    #expect(TestAlliance.coalitions.allSatisfy { !isHere($0) })
    for path in obstacles { try FileManager.default.removeItem(atPath: path) }
    try everywhere(alliance, "the key") { isHere($0) }
  }

  // MARK: steps

  /// The member whose turn it is proposes, another approves: a quorum of three.
  private func decide(_ alliance: TestAlliance, _ roster: Int, _ change: [String]) throws {
    let sign = ["--yes", "--passphrase-file", alliance.path("passphrase")]
    var proposer: String?
    for coalition in TestAlliance.coalitions where proposer == nil {
      let run = try alliance.run(coalition, ["alliance", "propose"] + change + sign)
      if run.status == 0 { proposer = coalition } else { #expect(run.errors.contains("roster-turn"), "\(run.errors)") }
    }
    let other = try #require(TestAlliance.coalitions.first { $0 != proposer })
    try alliance.wait(for: "the proposal to reach \(other)") {
      try alliance.run(other, ["alliance", "approve", "\(roster)"] + sign).status == 0
    }
    try everywhere(alliance, "roster \(roster)") {
      (try alliance.status($0)["alliance"] as? [String: Any])?["roster"] as? Int == roster
    }
  }

  private func everywhere(_ alliance: TestAlliance, _ what: String, _ condition: (String) throws -> Bool) throws {
    // Positions are compared once a minute, whatever was announced.
    try alliance.wait(150, for: what) { try TestAlliance.coalitions.allSatisfy(condition) }
  }

  private func ready(_ alliance: TestAlliance, _ coalition: String) throws {
    try alliance.wait(for: "\(coalition) to sign") {
      (try alliance.status(coalition)["signing"] as? [String: Any])?["state"] as? String == "ready"
    }
  }

  private func add(_ alliance: TestAlliance, _ coalition: String, _ iban: String) throws {
    let run = try alliance.run(
      coalition,
      ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"],
      input: iban)
    try #require(run.status == 0, "\(run.errors)")
  }

  private struct Hit: Equatable {
    let verdict, reference: String
  }

  private func hit(_ alliance: TestAlliance, _ coalition: String, _ iban: String) throws -> Hit? {
    let run = try alliance.run(coalition, ["screen", "--value", "--json"], input: iban)
    guard let hit = (try json(run.output)["hits"] as? [[String: Any]])?.first,
      let verdict = hit["verdict"] as? String, let reference = hit["reference"] as? String
    else { return nil }
    return Hit(verdict: verdict, reference: reference)
  }

  private func holding(_ alliance: TestAlliance, _ coalition: String) throws -> [String: Any] {
    try alliance.status(coalition)["holding"] as? [String: Any] ?? [:]
  }

  /// Listings of each coalition by hash key, as one of them sees it.
  private func keys(_ alliance: TestAlliance, _ coalition: String) throws -> [String: [Int: Int]] {
    let positions = try alliance.status(coalition)["positions"] as? [[String: Any]] ?? []
    return positions.reduce(into: [:]) { counts, position in
      guard let of = position["coalition"] as? String, let keys = position["listings-by-key"] as? [[String: Int]] else {
        return
      }
      for key in keys { counts[of, default: [:]][key["key-epoch"] ?? 0] = key["listings"] }
    }
  }

  private func json(_ text: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }

  /// Of UTC, such as 2027-05-31.
  private static func today() -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd"
    return format.string(from: Date())
  }
}
