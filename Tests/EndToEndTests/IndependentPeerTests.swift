import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// The second implementation, written from the wire contract alone: it agrees with every vector, and with a real node.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct IndependentPeerTests {
  private func peer(_ arguments: [String]) throws -> CommandRun {
    // Debian's own Python, because the packages that it needs are Debian's.
    try CommandRun.run(
      URL(fileURLWithPath: "/usr/bin/python3"),
      ["-B", RepositoryFiles.folder.appending(path: "Tests/IndependentPeer").path] + arguments)
  }

  @Test func agreesWithEveryVector() throws {
    let run = try peer(["check", RepositoryFiles.folder.appending(path: "Tests/Vectors").path])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let agreeing = run.output.split(separator: "\n").filter { $0.hasSuffix(" agree, 0 differ") }
    #expect(agreeing.count == 16)
  }

  @Test func makesTheSameVectorsAgain() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vaka-\(UInt32.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try peer(["make", folder.path])
    #expect(run.status == 0, "\(run.errors)")
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(made.count == 11)
    for name in made {
      let committed = RepositoryFiles.folder.appending(path: "Tests/Vectors/\(name)")
      #expect(try Data(contentsOf: folder.appending(path: name)) == Data(contentsOf: committed), "\(name)")
    }
  }

  @Test func pullsWhatANodeHoldsAndFindsTheSameLiveDigests() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "se's node") {
      (try alliance.status("se")["node"] as? [String: Any])?["running"] as? Bool == true
    }
    let imports = [
      "indicator", "import", RepositoryFiles.sanctionsList, "--map", "crypto-address=address", "--reason",
      "sanctions-list", "--provenance", "open-source", "--batch", "200",
    ]
    #expect(try alliance.run("se", imports).output.contains("listed 640"))
    try alliance.wait(for: "no to agree with se") {
      let theirs = try alliance.liveDigests("se")
      return try !theirs.isEmpty && alliance.liveDigests("no") == theirs
        && (alliance.status("se")["signing"] as? [String: Any])?["queued"] as? Int == 0
    }
    _ = alliance.stop("no")
    let run = try peer(["pull", alliance.path("no"), "se"])
    #expect(run.status == 0, "\(run.errors)")
    let pulled = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let positions = try #require(pulled["positions"] as? [[String: Any]])
    #expect(positions.map { $0["coalition"] as? String } == ["se"])
    #expect(positions.first?["statements"] as? Int == 640)
    #expect(try positions.first?["live-digest"] as? String == alliance.liveDigests("se")["se"])
    #expect(pulled["statements-that-count"] as? Int == 640)
    #expect(pulled["hash-key-opened"] as? Bool == true)
  }
}
