import Foundation
import NodeBench
import Testing

/// A disk that fills up in the middle of an import: a clear error, nothing lost, and on with it once there is room.
@Suite(.timeLimit(.minutes(20)), .enabled(if: SmallDisk.isAllowed, "a small file system can only be mounted by root"))
struct DiskFullTests {
  private func mount(_ arguments: [String]) throws {
    let run = try CommandRun.run(URL(fileURLWithPath: "/bin/mount"), arguments)
    try #require(run.status == 0, "\(run.errors)")
  }

  @Test func stopsClearlyAndGoesOnWhenThereIsRoom() throws {
    let alliance = try TestAlliance()
    let home = alliance.path("se")
    let files = FileManager.default
    try files.moveItem(atPath: home, toPath: alliance.path("elsewhere"))
    try files.createDirectory(atPath: home, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try mount(["-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", home])
    defer { _ = try? CommandRun.run(URL(fileURLWithPath: "/bin/umount"), ["-l", home]) }
    for name in try files.contentsOfDirectory(atPath: alliance.path("elsewhere")) {
      try files.copyItem(atPath: alliance.path("elsewhere/\(name)"), toPath: "\(home)/\(name)")
    }
    try alliance.start("se")
    try alliance.start("no")
    try alliance.wait(for: "links") {
      try (alliance.status("se")["peers"] as? [[String: Any]] ?? []).contains { $0["link"] as? String == "open" }
    }
    #expect(try alliance.run("se", ["key", "sign-now"], input: "this is no copy\n").status == 0)
    let rows = (0..<30_000).map { "412345|SHOP\($0)" }.joined(separator: "\n")
    try alliance.write("merchant-id\n\"" + rows.replacing("\n", with: "\"\n\"") + "\"\n", to: "list.csv")
    let imports = [
      "indicator", "import", alliance.path("list.csv"), "--reason", "sanctions-list", "--provenance", "open-source",
      "--batch", "1000",
    ]
    let stopped = try alliance.run("se", imports)
    #expect(stopped.status == 2 && stopped.errors.contains("import-stopped"), "\(stopped.errors)")
    #expect(stopped.errors.contains("the disk is full"), "\(stopped.errors)")
    #expect(stopped.errors.contains("rows are acknowledged and safe"))
    #expect(try alliance.run("se", ["doctor"]).output.contains("free space now"))
    let words = stopped.errors.split(whereSeparator: { " ;".contains($0) }).map(String.init)
    let acknowledged = try #require(words.firstIndex(of: "of").flatMap { Int(words[$0 - 1]) })
    #expect(acknowledged > 0 && acknowledged < 30_000)

    try mount(["-o", "remount,size=64m", home])
    let again = try alliance.run("se", imports)
    #expect(again.output.contains("already listed \(Self.spaced(acknowledged))"), "\(again.output)\(again.errors)")
    try alliance.wait(60, for: "all of them at no") {
      let positions = try alliance.status("no")["positions"] as? [[String: Any]]
      return positions?.first?["statements"] as? Int == 30_000
    }
    #expect(try alliance.liveDigests("no") == alliance.liveDigests("se"))
    #expect(try alliance.run("se", ["doctor"]).output.contains("30000 statements of 1 coalitions agree"))
  }

  /// As counts are printed.
  private static func spaced(_ count: Int) -> String {
    count < 1_000 ? "\(count)" : "\(count / 1_000) \(String(format: "%03d", count % 1_000))"
  }
}

/// A file system of a few MiB.
enum SmallDisk {
  static var isAllowed: Bool { geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/bin/mount") }
}
