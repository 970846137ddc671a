import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// What monitoring sees of real nodes.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct HealthTests {
  private static let address = "12HQDsicffSBaYdJ6BhnE22sfjTESmmzKx"

  private func ask(_ alliance: TestAlliance, _ coalition: String, _ path: String) -> PlainHTTP? {
    PlainHTTP.ask(alliance.healthPorts[coalition] ?? 0, path)
  }

  private func samples(_ alliance: TestAlliance, _ coalition: String) throws -> [String: Double] {
    let answer = try #require(ask(alliance, coalition, "/metrics"))
    #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    return answer.body.split(separator: "\n").filter { !$0.hasPrefix("#") }.reduce(into: [:]) { samples, line in
      guard let space = line.lastIndex(of: " ") else { return }
      samples[String(line[..<space])] = Double(line[line.index(after: space)...])
    }
  }

  @Test func aNodeTellsOfItsHealthAndOfWhatItDoes() throws {
    let alliance = try TestAlliance()
    #expect(try alliance.run("se", ["health"]).status == 1, "nobody runs yet")
    try alliance.start("se")
    try alliance.wait(for: "se's health") { ask(alliance, "se", "/healthz")?.status == 200 }
    #expect(ask(alliance, "se", "/readyz")?.status == 503)
    #expect(ask(alliance, "se", "/readyz")?.body == "waiting for 2 of 2 peers before signing\n")
    #expect(try alliance.run("se", ["health"]).status == 0)
    let unready = try alliance.run("se", ["health", "--ready"])
    #expect(unready.status == 1 && unready.output == "waiting for 2 of 2 peers before signing\n")

    try alliance.start("no")
    try alliance.start("us")
    try alliance.wait(for: "se's readiness") { ask(alliance, "se", "/readyz")?.body == "ok\n" }
    #expect(try alliance.run("se", ["health", "--ready"]).output == "ok\n")
    let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source"]
    #expect(try alliance.run("se", add, input: Self.address).status == 0)
    try alliance.wait(for: "no to agree, by se's metrics") {
      try samples(alliance, "se")[#"vaka_peer_agreement{peer="no",agreement="yes"}"#] == 1
        && samples(alliance, "no")["vaka_statements"] == 1
        // Indicators are counted beside the node's work, some seconds after a change.
        && samples(alliance, "se")["vaka_indicators"] == 1
    }
    let (se, no) = (try samples(alliance, "se"), try samples(alliance, "no"))
    #expect(se[#"vaka_peers{state="open"}"#] == 2)
    #expect(se[#"vaka_signing_state{state="ready"}"#] == 1)
    #expect(se["vaka_queued_changes"] == 0)
    #expect(se[#"vaka_head_index{coalition="se"}"#] == 0 && se[#"vaka_head_epoch{coalition="se"}"#] == 1)
    #expect(no[#"vaka_applied_changes_total{coalition="se"}"#] == 1)
    #expect(try #require(no[#"vaka_peer_received_bytes_total{peer="se"}"#]) > 100)
    #expect(try #require(se[#"vaka_peer_sent_bytes_total{peer="no"}"#]) > 100)
    #expect(try #require(se[#"vaka_certificate_left_seconds{coalition="us"}"#]) > 59 * 86_400)
    let everything = try #require(ask(alliance, "se", "/metrics")).body
    #expect(!everything.contains(Self.address), "no identifier in the clear")

    alliance.kill("us")
    try alliance.wait(for: "us to be down") {
      try samples(alliance, "se")[#"vaka_peer_link{peer="us",state="down"}"#] == 1
    }
    #expect(ask(alliance, "se", "/healthz")?.status == 200, "one peer less is no illness")
  }

  @Test func aPortThatIsTakenDoesNotStopTheNode() throws {
    let alliance = try TestAlliance()
    try alliance.start("se")
    try alliance.wait(for: "se's health") { ask(alliance, "se", "/healthz")?.status == 200 }
    let taken = "127.0.0.1:\(alliance.healthPorts["se"] ?? 0)"
    try alliance.start("no", ["--health-listen", taken])
    try alliance.wait(for: "a link") {
      try (alliance.status("no")["peers"] as? [[String: Any]] ?? []).contains { $0["link"] as? String == "open" }
    }
    let log = try String(contentsOfFile: alliance.path("no.log"), encoding: .utf8)
    #expect(log.contains("health and metrics are not answered") && log.contains(taken), "\(log)")
    #expect(log.contains("--health-listen"), "says how to name another")
    #expect(try alliance.run("no", ["health"]).status == 0, "asked over the control socket")

    try alliance.start("us", ["--health-listen", "off"])
    try alliance.wait(for: "us's node") { try alliance.run("us", ["health"]).status == 0 }
    #expect(ask(alliance, "us", "/healthz") == nil)
    #expect(try !String(contentsOfFile: alliance.path("us.log"), encoding: .utf8).contains("health"))
    let bad = try alliance.run("us", ["serve", "--health-listen", "7474"])
    #expect(bad.status == 2 && bad.errors.contains("bad-settings"))
    for coalition in TestAlliance.coalitions { #expect(alliance.stop(coalition) == 0) }
  }

  /// As Docs/operations.md shows it: with curl, the node's own certificate, and JSON.
  @Test func everyPeerResourceAnswersJSON() throws {
    let alliance = try TestAlliance()
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    try alliance.wait(for: "se's readiness") { ask(alliance, "se", "/readyz")?.status == 200 }
    let add = ["indicator", "add", "-", "--reason", "sanctions-list", "--provenance", "open-source"]
    #expect(try alliance.run("se", add, input: Self.address).status == 0)
    try alliance.wait(for: "a signed head") { try alliance.liveDigests("se")["se"] != nil }

    let domain = try trustDomain(alliance)
    let port = try listenPort(alliance)
    func get(_ resource: String) throws -> (type: String, object: [String: Any]) {
      let run = try CommandRun.run(
        URL(fileURLWithPath: "/usr/bin/curl"),
        [
          "--silent", "--show-error", "--max-time", "20", "--cert", alliance.path("no/tls/node.pem"), "--key",
          alliance.path("no/tls/node.pem"), "--cacert", alliance.path("se/tls/authority.pem"), "--connect-to",
          "\(domain):7473:127.0.0.1:\(port)", "--header", "Accept: application/json", "--write-out",
          "\n%{content_type}",
          "https://\(domain):7473/peer/v1/\(resource)",
        ])
      #expect(run.status == 0, "\(resource): \(run.errors)")
      let parts = run.output.split(separator: "\n")
      let object = try JSONSerialization.jsonObject(with: Data(parts.first.map(String.init)?.utf8 ?? "".utf8))
      return (parts.last.map(String.init) ?? "", object as? [String: Any] ?? [:])
    }
    let expected = [
      "hello": "alliance", "roster/1": "roster", "records/se": "records", "frontier": "heads", "heads?wait=0": "cursor",
      "deltas/se/1?from=0": "entries", "history/se/1?from=0": "headHashes", "hash-keys/1": "ciphertext",
      "buckets/se": "head", "snapshot/se": "head",
    ]
    for (resource, field) in expected {
      let (type, object) = try get(resource)
      #expect(type == "application/json", "\(resource)")
      #expect(object[field] != nil, "\(resource): \(object)")
    }
    let shown = try (get("frontier").object["heads"] as? [[String: Any]])?.first?["headHash"] as? String
    let hashes = try get("history/se/1?from=0").object["headHashes"] as? [String]
    #expect(try #require(hashes?.last) == shown, "history names the head that the frontier shows")
  }

  private func trustDomain(_ alliance: TestAlliance) throws -> String {
    let run = try CommandRun.run(
      URL(fileURLWithPath: "/usr/bin/openssl"),
      ["x509", "-in", alliance.path("se/tls/node.pem"), "-noout", "-ext", "subjectAltName"])
    return try String(#require(run.output.firstMatch(of: /DNS:([^,\s]+)/)).output.1)
  }

  private func listenPort(_ alliance: TestAlliance) throws -> Int {
    let settings = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: alliance.path("se/node.json"))))
    return try #require(((settings as? [String: Any])?["listen"] as? [String: Any])?["port"] as? Int)
  }
}
