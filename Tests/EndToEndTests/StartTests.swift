import Foundation
import NodeBench
import Testing

/// What a node says and does when it cannot simply start.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct StartTests {
  private static let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source"]

  @Test func waitsForItsPeersBeforeSigningUntilToldThatItIsNoCopy() throws {
    let alliance = try TestAlliance()
    try alliance.start("se")
    try alliance.wait(for: "se's node") {
      (try alliance.status("se")["node"] as? [String: Any])?["running"] as? Bool == true
    }
    #expect(try alliance.run("se", Self.add, input: "12HQDsicffSBaYdJ6BhnE22sfjTESmmzKx").status == 0)
    let waiting = try alliance.run("se", ["status"])
    #expect(waiting.status == 1)
    #expect(
      waiting.output.contains(
        "waiting for 2 of 2 peers before signing; 1 change queued. If this is not a restored copy: vaka key sign-now"))
    #expect(try alliance.run("se", ["key", "sign-now"], input: "yes").status == 2, "only the exact words count")
    #expect(try alliance.run("se", ["key", "sign-now"], input: "this is no copy\n").status == 0)
    try alliance.wait(for: "a signed head") {
      (try alliance.status("se")["signing"] as? [String: Any])?["queued"] as? Int == 0
    }
    let second = try alliance.run("se", ["serve"])
    #expect(second.status == 2 && second.errors.contains("home-in-use"))
  }

  /// 0: the file does not begin as a database; 4,096: its second page is damaged.
  @Test(arguments: [0, 4_096])
  func refusesADamagedStoreAndLeavesItAlone(from offset: Int) throws {
    let alliance = try TestAlliance()
    let store = URL(fileURLWithPath: alliance.path("us/ledger.sqlite"))
    let whole = try Data(contentsOf: store)
    let damaged = whole.prefix(offset) + Data(repeating: 0x5A, count: 4_096) + whole.dropFirst(offset + 4_096)
    try damaged.write(to: store)
    let run = try alliance.run("us", ["serve"])
    #expect(run.status == 2)
    #expect(run.errors.contains("store-damaged"))
    #expect(try Data(contentsOf: store) == damaged)
  }

  @Test func refusesThePayersSideAndWhatItCannotSeal() throws {
    let alliance = try TestAlliance()
    let refusals = [
      ("--role", "buyer", "role-refused"), ("--role", "victim", "role-refused"),
      ("--handling", "amber", "handling-not-sealed"), ("--handling", "amber-strict", "handling-not-sealed"),
      ("--handling", "red", "handling-not-sealed"),
    ]
    for (option, value, code) in refusals {
      let run = try alliance.run("se", Self.add + [option, value], input: "12HQDsicffSBaYdJ6BhnE22sfjTESmmzKx")
      #expect(run.status == 2 && run.errors.contains(code), "\(value): \(run.errors)")
    }
  }
}
