import Foundation
import NodeBench
import Testing

/// Members of a test alliance who propose and approve by the real commands, and what they wait for in between.
struct CouncilRun {
  let alliance: TestAlliance

  init(founders: [String], newcomers: [String]) throws {
    alliance = try TestAlliance(founders: founders, newcomers: newcomers)
  }

  var passphrase: [String] { ["--passphrase-file", path("passphrase")] }

  func path(_ name: String) -> String { alliance.path(name) }

  func start(_ coalitions: [String]) throws {
    for coalition in coalitions { try alliance.start(coalition) }
    for coalition in coalitions {
      try alliance.wait(for: "\(coalition)'s node") {
        (try alliance.status(coalition)["node"] as? [String: Any])?["running"] as? Bool == true
      }
    }
  }

  /// A command of `vaka alliance`.
  func run(_ coalition: String, _ arguments: [String]) throws -> CommandRun {
    try alliance.run(coalition, ["alliance"] + arguments)
  }

  @discardableResult
  func good(_ coalition: String, _ arguments: [String]) throws -> CommandRun {
    let run = try run(coalition, arguments)
    try #require(run.status == 0, "\(coalition): \(arguments.joined(separator: " ")): \(run.errors)")
    return run
  }

  @discardableResult
  func propose(_ coalition: String, _ options: [String]) throws -> CommandRun {
    try good(coalition, ["propose", "--yes"] + options + passphrase)
  }

  /// These members approve, each as soon as its node has what it is to approve; then the roster is in force.
  /// - Parameter members: whose nodes are to have it in force; none if it is not decided by this.
  func approve(_ roster: Int, _ approving: [String], of members: [String]) throws {
    for coalition in approving {
      try alliance.wait(for: "\(coalition) to approve") {
        try run(coalition, ["approve", "\(roster)", "--yes"] + passphrase).status == 0
      }
    }
    try waitForRoster(roster, members)
  }

  /// Everybody approves who has something to approve, until it is decided.
  func approveByAll(_ roster: Int, of members: [String]) throws {
    try alliance.wait(60, for: "roster \(roster) to be decided") {
      for coalition in members where try self.roster(coalition) < roster {
        _ = try run(coalition, ["approve", "\(roster)", "--yes"] + passphrase)
      }
      return try members.allSatisfy { try self.roster($0) == roster }
    }
  }

  func waitForRoster(_ number: Int, _ members: [String]) throws {
    try alliance.wait(for: "roster \(number)") { try members.allSatisfy { try roster($0) == number } }
  }

  func roster(_ coalition: String) throws -> Int { try shown(coalition)["roster"] as? Int ?? 0 }

  /// How many hash keys a member's node has.
  func hashKeys(_ coalition: String) throws -> Int {
    let expected = (try shown(coalition)["hash-keys"] as? [[String: Any]])?.count ?? 0
    var here = 0
    try? alliance.wait(20, for: "hash keys") {
      here = (try shown(coalition)["hash-keys"] as? [[String: Any]])?.count { $0["here"] as? Bool == true } ?? 0
      return here == expected
    }
    return here
  }

  /// Whose the round is that needs no promises.
  func turn(_ coalition: String) throws -> String {
    let proposals = try JSONSerialization.jsonObject(with: Data(good(coalition, ["proposals", "--json"]).output.utf8))
    return try #require((proposals as? [String: Any])?["turn"] as? String)
  }

  func invitation(by coalition: String) throws -> String {
    try alliance.write(good(coalition, ["invite"]).output, to: "invitation")
    return path("invitation")
  }

  func join(_ newcomer: String, invitedBy member: String) throws {
    try good(newcomer, ["join", invitation(by: member), "--yes", "--expect", alliance.fingerprint])
  }

  func list(_ coalition: String, _ iban: String) throws {
    let run = try alliance.run(
      coalition,
      ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source", "--type", "iban"],
      input: iban)
    try #require(run.status == 0, "\(run.errors)")
  }

  func finds(_ coalition: String, _ iban: String) throws -> Bool {
    let run = try alliance.run(coalition, ["screen", "--value"], input: iban)
    try #require([0, 1].contains(run.status), "\(run.errors)")
    return run.status == 1
  }

  func waitForAgreement(_ members: [String]) throws {
    try alliance.wait(90, for: "all to agree") {
      let digests = try members.map { try alliance.liveDigests($0) }
      let isSigned = try members.allSatisfy {
        let signing = try alliance.status($0)["signing"] as? [String: Any]
        return signing?["queued"] as? Int == 0
      }
      return isSigned && !digests[0].isEmpty && digests.allSatisfy { $0 == digests[0] }
    }
  }

  private func shown(_ coalition: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(good(coalition, ["show", "--json"]).output.utf8)) as? [String: Any]
      ?? [:]
  }
}
