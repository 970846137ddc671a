import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// A node that starts when the others have long been signing takes whole positions by snapshot.
@Suite(.timeLimit(.minutes(20)))
struct LateNodeTests {
  @Test func copiesEverythingFromWhoeverHasIt() throws {
    let alliance = try TestAlliance()
    try alliance.start("se")
    try alliance.start("no")
    try alliance.wait(for: "se's node") {
      (try alliance.status("se")["signing"] as? [String: Any])?["state"] as? String == "waiting"
    }
    #expect(try alliance.run("se", ["key", "sign-now"], input: "this is no copy\n").status == 0)
    let imports = [
      "indicator", "import", RepositoryFiles.sanctionsList, "--map", "crypto-address=address", "--reason",
      "sanctions-list", "--provenance", "open-source", "--batch", "100",
    ]
    #expect(try alliance.run("se", imports).output.contains("listed 640"))
    try alliance.wait(for: "no to agree with se") {
      let theirs = try alliance.liveDigests("se")
      return try !theirs.isEmpty && alliance.liveDigests("no") == theirs
        && (alliance.status("se")["signing"] as? [String: Any])?["queued"] as? Int == 0
    }
    // From here on only a relay has se's position.
    #expect(alliance.stop("se") == 0)
    try alliance.start("us")
    try alliance.wait(for: "us to agree with no") {
      let theirs = try alliance.liveDigests("no")
      return try theirs["se"] != nil && alliance.liveDigests("us") == theirs
    }
    let log = try String(contentsOfFile: alliance.path("us.log"), encoding: .utf8)
    #expect(log.contains("a copy of a whole position is in force"), "\(log)")
    // What comes later comes by deltas again, and the heads before it are known by their hashes.
    try alliance.start("se")
    try alliance.wait(for: "se's node again") {
      (try alliance.status("se")["node"] as? [String: Any])?["running"] as? Bool == true
    }
    let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"]
    #expect(try alliance.run("se", add, input: "SE4550000000058398257466").output.contains("listed"))
    try alliance.wait(for: "all to agree") {
      let ours = try alliance.liveDigests("se")
      return try alliance.liveDigests("us") == ours && alliance.liveDigests("no") == ours
        && (alliance.status("se")["signing"] as? [String: Any])?["queued"] as? Int == 0
    }
    #expect(try alliance.run("us", ["screen", "--value"], input: "SE4550000000058398257466").status == 1)
  }
}
