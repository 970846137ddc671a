import Foundation
import NodeBench
import RepositoryFiles
import Testing

/// Certificates from an authority elsewhere, taken back, replaced, and all of them ending at once: nodes go on, with no restart.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct CertificateTests {
  private let alliance: TestAlliance

  init() throws { alliance = try TestAlliance() }

  private func startAll() throws {
    for coalition in TestAlliance.coalitions { try alliance.start(coalition) }
    for coalition in TestAlliance.coalitions { try waitForLinks(coalition) }
  }

  private func links(_ coalition: String) throws -> [String: String] {
    let peers = try alliance.status(coalition)["peers"] as? [[String: Any]] ?? []
    return peers.reduce(into: [:]) { links, peer in
      if let name = peer["coalition"] as? String { links[name] = peer["link"] as? String }
    }
  }

  private func waitForLinks(_ coalition: String, _ seconds: TimeInterval = 60) throws {
    try alliance.wait(seconds, for: "\(coalition)'s links") {
      try links(coalition).values.filter { $0 == "open" }.count == 2
    }
  }

  private func show(_ coalition: String) throws -> [String: Any] {
    let run = try alliance.run(coalition, ["cert", "show", "--json"])
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.errors)")
  }

  private func openssl(_ arguments: [String], _ coalition: String = "se") throws {
    let domain = try #require(try trustDomain(coalition))
    let run = try CommandRun.run(
      URL(fileURLWithPath: "/usr/bin/openssl"), arguments,
      environment: ["VAKA_TRUST_DOMAIN": domain, "VAKA_ORGANISATION": "Demo \(coalition)"])
    try #require(run.status == 0, "\(run.errors)")
  }

  private func trustDomain(_ coalition: String) throws -> String? {
    let run = try CommandRun.run(
      URL(fileURLWithPath: "/usr/bin/openssl"),
      ["x509", "-noout", "-ext", "subjectAltName", "-in", alliance.path("\(coalition)/tls/node.pem")])
    return run.output.firstMatch(of: /spiffe:\/\/([a-z0-9.-]+)\/node/).map { String($0.output.1) }
  }

  private var configuration: String { RepositoryFiles.folder.appending(path: "Certs/openssl.cnf").path }
  private var secret: [String] { ["--passphrase-file", alliance.path("passphrase")] }

  private func good(_ coalition: String, _ arguments: [String]) throws {
    let run = try alliance.run(coalition, arguments)
    try #require(run.status == 0, "\(arguments.joined(separator: " ")): \(run.errors)")
  }

  private func waitForRecord(_ number: Int) throws {
    try alliance.wait(60, for: "record \(number) at all") {
      let holders = try show("se")["holders"] as? [String: Any]
      return holders?["record"] as? Int == number && (holders?["held"] as? [String])?.count == 2
    }
  }

  /// What the shipped configuration and the OpenSSL command make of a request, as an authority elsewhere would.
  private func issue(_ request: String, days: Int = 60, extensions: String = "node") throws -> String {
    let certificate = alliance.path("issued-\(UInt32.random(in: .min ... .max)).pem")
    try openssl([
      "x509", "-req", "-in", request, "-extfile", configuration, "-extensions", extensions, "-days", "\(days)",
      "-sha256", "-CA", alliance.path("authority.pem"), "-CAkey", alliance.path("authority-key.pem"), "-out",
      certificate,
    ])
    return certificate
  }

  @Test func anAuthorityElsewhereIsPublishedThenUsedAndNoLinkIsLost() throws {
    try startAll()
    let before = try show("se")
    #expect(before["renews-itself"] as? Bool == true && before["warning"] == nil)
    try openssl([
      "req", "-new", "-x509", "-config", configuration, "-extensions", "authority", "-days", "3652", "-newkey",
      "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", alliance.path("authority-key.pem"), "-out",
      alliance.path("authority.pem"),
    ])
    let request = try alliance.run("se", ["cert", "request"])
    #expect(request.output.contains("BEGIN CERTIFICATE REQUEST") && !request.output.contains("PRIVATE"))
    #expect(try alliance.run("se", ["cert", "request"]).output == request.output, "the same again")
    try alliance.write(request.output, to: "node.csr")
    let issued = try issue(alliance.path("node.csr"))
    // Nobody knows its authority yet, and nothing is changed.
    let early = try alliance.run("se", ["cert", "install", issued])
    #expect(early.errors.contains("[certificate-refused]") && early.errors.contains("authority publish"))
    #expect(try show("se")["serial"] as? String == before["serial"] as? String)

    let keyInIt = try alliance.run(
      "se", ["cert", "authority", "publish", "--file", alliance.path("authority-key.pem")] + secret)
    #expect(keyInIt.errors.contains("[bad-certificate]"))
    try good("se", ["cert", "authority", "publish", "--file", alliance.path("authority.pem")] + secret)
    try waitForRecord(2)
    // A certificate that is no node's is told before it is used.
    let wrong = try issue(alliance.path("node.csr"), extensions: "authority")
    #expect(try alliance.run("se", ["cert", "install", wrong]).errors.contains("[certificate-refused]"))

    var lost: [String] = []
    func watch(_ what: String) throws {
      let deadline = Date() + 5
      repeat {
        for peer in ["no", "us"] where try links(peer)["se"] == "down" { lost.append("\(what): \(peer)") }
        for (peer, link) in try links("se") where link == "down" { lost.append("\(what): se to \(peer)") }
      } while Date() < deadline
    }
    try good("se", ["cert", "install", issued])
    try watch("install")
    let after = try show("se")
    #expect(after["renews-itself"] as? Bool == false && after["request-waits"] as? Bool == false)
    #expect(after["serial"] as? String != before["serial"] as? String)
    #expect((after["issuer"] as? String)?.contains("Demo se") == true)
    // A long poll ends within half a minute, and with it the last link of the old certificate.
    let end = Date() + 32
    try alliance.wait(60, for: "old links to end") { Date() > end }
    try good("se", ["cert", "authority", "retire"] + secret)
    try watch("retire")
    #expect(lost.isEmpty, "\(lost)")
    try waitForRecord(3)
    try waitForLinks("no", 30)
    #expect(try alliance.run("se", ["cert", "authority", "retire"] + secret).errors.contains("[nothing-to-retire]"))
    let acts = try alliance.run("se", ["audit", "list", "--json"]).output
    for act in ["certificate-requested", "authority-published", "certificate-installed"] {
      #expect(acts.contains(act), "\(act)")
    }
    // It ends soon, and nobody here can issue another.
    try good("se", ["cert", "request", "--anew"])
    let brief = try issue(alliance.path("se/tls/request.csr"), days: 6)
    try good("se", ["cert", "install", brief])
    let status = try alliance.run("se", ["status"])
    #expect(status.output.contains("NOW: our certificate ends in 5 days") && status.status == 1, "\(status.output)")
    #expect(try alliance.run("se", ["doctor"]).output.contains("NOW: our certificate ends in 5 days"))
  }

  @Test func ofOurOwnAnotherAuthorityInThreeSteps() throws {
    try startAll()
    #expect(try alliance.run("se", ["cert", "authority", "use"]).errors.contains("[no-authority-published]"))
    // With a node down, nobody can tell whether it has the record.
    #expect(alliance.stop("us") == 0)
    try good("se", ["cert", "authority", "publish"] + secret)
    let early = try alliance.run("se", ["cert", "authority", "use"])
    #expect(early.errors.contains("[record-not-everywhere]") && early.errors.contains("us ("), "\(early.errors)")
    try alliance.start("us")
    try waitForRecord(2)
    let before = try show("se")["serial"] as? String
    try good("se", ["cert", "authority", "use"])
    let after = try show("se")
    #expect(after["serial"] as? String != before && after["renews-itself"] as? Bool == true)
    try good("se", ["cert", "authority", "retire"] + secret)
    try waitForRecord(3)
    for coalition in TestAlliance.coalitions { try waitForLinks(coalition) }
    // What the old one issued opens no link any more, whoever has kept it.
    #expect(alliance.stop("se") == 0)
    try alliance.start("se")
    try waitForLinks("se")
  }

  @Test func whatIsTakenBackClosesItsLinksAtOnce() throws {
    try startAll()
    let stolen = alliance.path("stolen.pem")
    try FileManager.default.copyItem(atPath: alliance.path("se/tls/node.pem"), toPath: stolen)
    let serial = try #require(try show("se")["serial"] as? String)
    let port = try #require(try endpointPort("no"))
    func thiefIsServed() throws -> Bool {
      let run = try CommandRun.run(
        URL(fileURLWithPath: "/usr/bin/curl"),
        [
          "-sk", "--cert", stolen, "--max-time", "10", "-o", "/dev/null", "-w", "%{http_code}",
          "https://127.0.0.1:\(port)/peer/v1/frontier",
        ])
      return run.output == "200"
    }
    #expect(try thiefIsServed())
    // And one whose connection is open already, and is kept in use.
    let (thief, log) = (Process(), alliance.path("thief.log"))
    thief.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    thief.arguments = ["-c", Self.thief, stolen, "\(port)", log]
    try thief.run()
    defer { thief.terminate() }
    func thiefSays() -> String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
    try alliance.wait(for: "the thief's connection") { thiefSays() == "open" }
    let revoked = try alliance.run("se", ["cert", "revoke", serial] + secret)
    #expect(revoked.status == 0 && revoked.output.contains("it was the one in use"), "\(revoked.errors)")
    try waitForRecord(2)
    #expect(try !thiefIsServed())
    try alliance.wait(5, for: "the end of the thief's connection") { thiefSays() == "closed" }
    let no = try alliance.status("no")
    #expect((no["refusals"] as? [[String: Any]])?.contains { $0["code"] as? String == "revoked" } == true)
    for coalition in TestAlliance.coalitions { try waitForLinks(coalition) }
    #expect(try show("se")["serial"] as? String != serial)
    #expect(try alliance.run("se", ["cert", "revoke", serial] + secret).errors.contains("[already-revoked]"))
    #expect(try alliance.run("se", ["cert", "revoke", "xyz"] + secret).errors.contains("[bad-serial]"))
    #expect(try alliance.run("se", ["audit", "list", "--json"]).output.contains("certificate-revoked"))
  }

  /// Asks over one connection until that ends.
  private static let thief = """
    import http.client, ssl, sys, time
    certificate, port, log = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(certificate)
    connection = http.client.HTTPSConnection("127.0.0.1", int(port), context=context, timeout=10)
    connection.connect()
    connection.auto_open = 0
    end = time.time() + 300
    try:
        while time.time() < end:
            connection.request("GET", "/peer/v1/frontier")
            assert connection.getresponse().read() is not None
            open(log, "w").write("open")
            time.sleep(0.1)
    except (OSError, http.client.HTTPException):
        open(log, "w").write("closed")
    """

  /// Whoever kept no authority's key and looked at no warning: every certificate of the alliance ends within the same seconds.
  /// So do their records, whose last day is over.
  @Test func allEndAtOnceAndComeBackWithoutARestart() throws {
    try startAll()
    for coalition in TestAlliance.coalitions {
      try good(coalition, ["alliance", "record", "change", "--expires", "2026-01-31", "--contact", "desk"] + secret)
    }
    try alliance.wait(60, for: "old records everywhere") {
      let members = try show("us")["members"] as? [[String: Any]] ?? []
      return members.count == 3 && members.allSatisfy { $0["record"] as? Int == 2 }
    }
    for coalition in TestAlliance.coalitions {
      let status = try alliance.run(coalition, ["status"]).output
      #expect(
        status.contains("the record of \(coalition) was good until 2026-01-31, and nothing ends by that"), "\(status)")
      #expect(
        try alliance.run(coalition, ["doctor"]).output.contains("its last day was 2026-01-31; nothing ends by that"))
      try endSoon(coalition, seconds: 60)
    }
    for coalition in TestAlliance.coalitions {
      let status = try alliance.run(coalition, ["status"])
      #expect(status.output.contains("NOW: our certificate ends in 0 days"), "\(status.output)")
    }
    try alliance.wait(120, for: "every link to have ended") {
      try TestAlliance.coalitions.allSatisfy { try links($0).values.allSatisfy { $0 != "open" } }
    }
    // Degraded, not dark: what is held answers, what is said is queued and kept, the node is well.
    let add = ["indicator", "add", "-", "--reason", "csam-sale", "--provenance", "hotline", "--type", "iban"]
    #expect(try alliance.run("se", add, input: "SE4550000000058398257466").status == 0)
    #expect(try alliance.run("se", ["health"]).status == 0)
    #expect(try alliance.run("se", ["indicator", "list"]).status == 0)
    #expect(try alliance.run("se", ["doctor"]).output.contains("(expired)"))
    for coalition in TestAlliance.coalitions {
      try FileManager.default.moveItem(
        atPath: alliance.path("\(coalition).authority"), toPath: alliance.path("\(coalition)/tls/authority.pem"))
      try good(coalition, ["cert", "renew"])
    }
    for coalition in TestAlliance.coalitions { try waitForLinks(coalition, 120) }
    try alliance.wait(60, for: "what was queued, at a peer") { try alliance.liveDigests("no")["se"] != nil }
  }

  /// A good certificate of the coalition's own authority that ends in some seconds; the authority's key goes away.
  private func endSoon(_ coalition: String, seconds: Int) throws {
    let home = alliance.path("\(coalition)/tls")
    let work = alliance.path("\(coalition)-ca")
    try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: false)
    try alliance.write("", to: "\(coalition)-ca/index.txt")
    try alliance.write(
      "[ca]\ndefault_ca = one\n[one]\ndatabase = \(work)/index.txt\nnew_certs_dir = \(work)\nrand_serial = yes\n"
        + "default_md = sha256\npolicy = any\nunique_subject = no\n[any]\ncommonName = supplied\n",
      to: "\(coalition)-ca/ca.cnf")
    let time = { (date: Date) in
      date.formatted(
        Date.VerbatimFormatStyle(
          format:
            "\(year: .padded(4))\(month: .twoDigits)\(day: .twoDigits)\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\(second: .twoDigits)Z",
          timeZone: .gmt, calendar: .init(identifier: .gregorian)))
    }
    try openssl(
      [
        "req", "-new", "-config", configuration, "-section", "node_request", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-nodes", "-keyout", "\(work)/key.pem", "-out", "\(work)/node.csr",
      ], coalition)
    try openssl(
      [
        "ca", "-batch", "-notext", "-config", "\(work)/ca.cnf", "-in", "\(work)/node.csr", "-extfile", configuration,
        "-extensions", "node", "-cert", "\(home)/authority.pem", "-keyfile", "\(home)/authority.pem", "-startdate",
        time(Date() - 3_600), "-enddate", time(Date() + Double(seconds)), "-out", "\(work)/node.pem",
      ], coalition)
    try good(coalition, ["cert", "install", "\(work)/node.pem", "--key", "\(work)/key.pem"])
    try FileManager.default.moveItem(
      atPath: "\(home)/authority.pem", toPath: alliance.path("\(coalition).authority"))
  }

  private func endpointPort(_ coalition: String) throws -> Int? {
    let run = try alliance.run("se", ["alliance", "show", "--json"])
    let shown = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let member = (shown?["members"] as? [[String: Any]])?.first { $0["coalition"] as? String == coalition }
    return (member?["endpoints"] as? [String])?.first?.split(separator: ":").last.flatMap { Int($0) }
  }
}
