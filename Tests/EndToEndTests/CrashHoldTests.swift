import Foundation
import NodeBench
import Testing

/// A node that dies twice in the midst of the same head holds that coalition and starts; the operator lets it go on.
@Suite(.timeLimit(.minutes(20)))
struct CrashHoldTests {
  private static let iban = "SE4550000000058398257466"
  private let alliance: TestAlliance

  init() throws {
    alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.signNow("se")
    try add("se", "NO9386011117947")
    try alliance.wait(for: "no to hold se's first head") { try position()?["index"] as? Int == 0 }
  }

  @Test func startsHoldsAndGoesOnWhenReleased() throws {
    for death in 1...2 {
      try dieWhileApplying(death)
      if death == 1 {
        #expect(try alliance.run("no", ["hold", "list"]).output.contains("nobody is held"), "once is no pattern")
      }
    }
    try alliance.start("no")
    try alliance.wait(for: "no to start all the same and hold se") {
      try (position()?["hold"] as? [String: Any])?["code"] as? String == "crash-hold"
    }
    let held = try alliance.run("no", ["hold", "list"]).output
    #expect(held.contains("crash-hold") && held.contains("1/0") && held.contains("vaka hold release se"), "\(held)")
    let status = try alliance.run("no", ["status"])
    #expect(status.output.contains("held") && status.output.contains("se"), "\(status.output)")
    // The same, while se's next head is there to be applied, and another coalition goes on.
    try alliance.start("us")
    try alliance.signNow("us")
    try add("us", "DK5000400440116243")
    try alliance.wait(for: "us's listing at no") { try screened("DK5000400440116243") == 1 }
    #expect(try position()?["index"] as? Int == 0)
    #expect(try screened(Self.iban) == 0 && screened("NO9386011117947") == 1, "what came before stays in force")
    #expect(alliance.stop("no") == 0)
    try alliance.start("no")
    try alliance.wait(for: "the hold to outlast a start in good order") {
      try (position()?["hold"] as? [String: Any])?["code"] as? String == "crash-hold" && isRunning("no")
    }

    let released = try alliance.run("no", ["hold", "release", "se"])
    #expect(released.status == 0, "\(released.errors)")
    try alliance.wait(for: "se's head at no") { try screened(Self.iban) == 1 }
    #expect(try alliance.run("no", ["hold", "list"]).output.contains("nobody is held"))
    #expect(try position()?["hold"] == nil)
  }

  /// Another process holds the store's write lock, so that the node stands still in the midst of applying se's next head.
  private func dieWhileApplying(_ death: Int) throws {
    for coalition in ["se", "us"] { _ = alliance.stop(coalition) }
    if try !isRunning("no") {
      try alliance.start("no")
      try alliance.wait(for: "no's node") { try isRunning("no") }
    }
    if death == 1 {
      try alliance.start("se")
      try alliance.signNow("se")
      try alliance.wait(for: "no's link to se") {
        let peers = try alliance.status("no")["peers"] as? [[String: Any]] ?? []
        return peers.contains { $0["coalition"] as? String == "se" && $0["link"] as? String == "open" }
      }
    }
    let lock = try Lock(alliance.path("no/ledger.sqlite"))
    defer { lock.release() }
    if death == 1 { try add("se", Self.iban) } else { try alliance.start("se") }
    // Whatever else the node writes meanwhile waits ten seconds for the lock, and the head for that.
    try alliance.wait(120, for: "no to be at se's head") {
      // The note of the death before stays until then.
      (try? String(contentsOfFile: alliance.path("no/applying"), encoding: .utf8)) == "\(death - 1) se se 1/1\n"
    }
    alliance.kill("no")
  }

  /// The write lock of a store, in a process of its own.
  private final class Lock {
    private let process = Process()
    private let input = Pipe()

    init(_ path: String) throws {
      let script = """
        import sqlite3, sys
        store = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
        store.execute("BEGIN IMMEDIATE")
        print("locked", flush=True)
        sys.stdin.read()
        """
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
      process.arguments = ["-c", script, path]
      (process.standardInput, process.standardOutput) = (input, output)
      try process.run()
      _ = output.fileHandleForReading.availableData
    }

    func release() {
      try? input.fileHandleForWriting.close()
      process.waitUntilExit()
    }
  }

  // MARK: steps

  private func add(_ coalition: String, _ text: String) throws {
    let run = try alliance.run(
      coalition,
      ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"],
      input: text)
    try #require(run.status == 0, "\(run.errors)")
  }

  private func screened(_ text: String) throws -> Int32 {
    try alliance.run("no", ["screen", "--value"], input: text).status
  }

  private func isRunning(_ coalition: String) throws -> Bool {
    (try alliance.status(coalition)["node"] as? [String: Any])?["running"] as? Bool == true
  }

  /// se's position at no's node.
  private func position() throws -> [String: Any]? {
    let positions = try alliance.status("no")["positions"] as? [[String: Any]] ?? []
    return positions.first { $0["coalition"] as? String == "se" }
  }
}
