import Alliance
import Foundation
import Indicators
import Keys
import Links
import Operations
import Store
import Wire

/// The demo, told in plain lines; every line is checked, and what does not hold ends it.
struct DemoStory {
  private let alliance: DemoAlliance
  private let shares: [String: [Range<Int>]] = ["se": [0..<300], "no": [220..<460], "us": [280..<300, 460..<640]]
  private static let saying = ["--reason", "sanctions-list", "--provenance", "open-source"]

  init(_ alliance: DemoAlliance) { self.alliance = alliance }

  func tell() async throws {
    Terminal.say("Demo alliance (sample data): a public sanctions list, reason sanctions-list, provenance open-source.")
    Terminal.say("\(alliance.addresses.count) distinct addresses that this version understands")
    try check(alliance.addresses.count == 640, "the list has 640 of them")
    let fingerprint = try alliance.found()
    Terminal.say("\nfounded by se, no and us; every founder reads \(fingerprint)")
    for coalition in DemoAlliance.coalitions { try alliance.start(coalition) }
    try wait("the links come up") {
      try DemoAlliance.coalitions.allSatisfy { try alliance.status($0).peers.allSatisfy { $0.link == "open" } }
    }
    try importShares()
    try agree()
    try cutAndRelay()
    try withdraw()
    try screen()
    try killAndReturn()
    try countVerdicts()
    try await refuseImpostor()
  }

  private func importShares() throws {
    for coalition in DemoAlliance.coalitions {
      let share = (shares[coalition] ?? []).flatMap { alliance.addresses[$0] }
      let file = alliance.path("share-\(coalition).csv")
      try DurableFile.write(DemoList.table(share), to: file)
      try alliance.vaka(["indicator", "import", file, "--home", alliance.home(coalition)] + Self.saying)
      Terminal.say("\(coalition) lists \(share.count) addresses")
    }
  }

  private func agree() throws {
    try wait("all three hold equal live digests of all three positions") { try isAgreed() }
    for coalition in DemoAlliance.coalitions {
      Terminal.say("  \(coalition)  \(try alliance.digest(of: coalition, at: "no")?.prefix(32) ?? "")")
    }
  }

  private func isAgreed() throws -> Bool {
    let views = try DemoAlliance.coalitions.map { try alliance.status($0) }
    guard views.allSatisfy({ $0.signing.queued == 0 && $0.positions.count == 3 }) else { return false }
    return Set(views.map { $0.positions.map(\.liveDigest) }).count == 1
  }

  private func cutAndRelay() throws {
    try alliance.vaka(["peer", "pause", "us", "--home", alliance.home("se")])
    Terminal.say("\nthe link between se and us is cut, in both directions")
    try alliance.vaka(
      ["indicator", "add", "-", "--home", alliance.home("se")] + Self.saying, input: alliance.addresses[600])
    try wait("us receives what se says through no") {
      let ours = try alliance.digest(of: "se", at: "se")
      return try alliance.status("se").signing.queued == 0 && alliance.digest(of: "se", at: "us") == ours
    }
    Terminal.say(try alliance.vaka(["status", "--home", alliance.home("us")], ending: [0, 1]))
    try alliance.vaka(["peer", "resume", "us", "--home", alliance.home("se")])
  }

  private func withdraw() throws {
    let reference = try self.reference(alliance.addresses[600])
    let answer = try alliance.vaka(["indicator", "withdraw", reference, "--wait", "--home", alliance.home("se")])
    Terminal.say("se \(answer)")
    try check(answer.contains("receipts of no, us"), "receipts of no and us came in")
  }

  private func reference(_ address: String) throws -> String {
    let home = try alliance.open("se")
    let digests = try home.openHashKeys(on: Day.of(milliseconds: currentMilliseconds())).functions
    let indicator = try Indicator.parse(address, as: .cryptoAddress)
    guard let digest = digests.first?.digest(of: indicator) else {
      throw Problem("demo-failed", "there is no hash key")
    }
    return Reference.of(digest)
  }

  private func screen() throws {
    let others = ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]
    let file = alliance.path("payments.csv")
    let payments = [alliance.addresses[3], others[0], alliance.addresses[290], others[1], alliance.addresses[500]]
    try DurableFile.write(DemoList.table(payments), to: file)
    let answer = try alliance.vaka(["screen", file, "--home", alliance.home("no")])
    Terminal.say("no screens a payments file of 5 rows:\n\(answer)")
    try check(answer.contains("3 hits on 3 indicators"), "3 hits and 2 misses")
  }

  private func killAndReturn() throws {
    let rest = Array(alliance.addresses[460..<500])
    let importer = try ImportIndicators(
      alliance.open("no"), template: ListingTemplate(reason: .sanctionsList, provenance: .openSource), batch: 8)
    var acknowledged = 0
    do {
      _ = try importer.run(
        ImportSource(.bytes(DemoList.table(rest))), dryRun: false, now: currentMilliseconds(),
        acknowledged: { done, _ in
          acknowledged = done
          if done == 8 { alliance.kill("no") }
        })
      throw Problem("demo-failed", "the import should have stopped when its node was killed")
    } catch let problem as Problem where problem.code == "import-stopped" {
      Terminal.say("no is killed (SIGKILL) after its first batch: \(problem.what)")
    }
    try check(acknowledged == 8, "8 of 40 rows were acknowledged")
    try alliance.start("no")
    try wait("no is back, and all agree again") { try alliance.status("no").node.running && isAgreed() }
    let again = try importer.run(ImportSource(.bytes(DemoList.table(rest))), dryRun: false, now: currentMilliseconds())
    try check(again.alreadyListed == 8 && again.new == 32, "every acknowledged row is there; the other 32 follow now")
    try wait("all agree with all of them") { try isAgreed() }
  }

  private func countVerdicts() throws {
    let screen = try Screen(alliance.open("us"), now: currentMilliseconds())
    var counts: [String: Int] = [:]
    _ = try screen.table(.bytes(DemoList.table(alliance.addresses)), maps: [], now: currentMilliseconds()) {
      counts[$0.verdict, default: 0] += 1
    }
    Terminal.say(
      "\nby all coalitions together: \(counts["single-source"] ?? 0) single-source, \(counts["corroborated(2)"] ?? 0) by "
        + "two, \(counts["corroborated(3)"] ?? 0) by all three")
    try check(
      counts == ["single-source": 520, "corroborated(2)": 100, "corroborated(3)": 20],
      "100 are listed by two and 20 by all three")
  }

  private func refuseImpostor() async throws {
    let (home, peer) = (try alliance.open("us"), try alliance.open("se"))
    let membership = try home.requireMembership()
    let request = try CertificateRequest.make(trustDomain: peer.card.record.trustDomain)
    let file = alliance.path("impostor.csr")
    try DurableFile.write(Array(request.requestPEM.utf8), to: file)
    let authority = alliance.home("no") + "/tls/authority.pem"
    let certificate = try OpenSSL.run([
      "x509", "-req", "-in", file, "-CA", authority, "-CAkey", authority, "-copy_extensions", "copyall", "-days", "1",
      "-set_serial", "4711",
    ])
    let leaf = try LeafCertificate(chainPEM: certificate, privateKeyPEM: request.privateKeyPEM)
    let trust = PeerTrust(
      members: membership.roster.coalitions.compactMap { membership.record(of: $0).map { MemberAuthority($0) } })
    guard let us = CoalitionID("us"), let record = membership.record(of: us) else { return }
    let client = PeerClient(
      coalition: us, endpoints: record.endpoints.compactMap { Endpoint($0) },
      identity: { LinkIdentity(chain: leaf.chain, privateKeyPEM: leaf.privateKeyPEM) }, trust: { trust })
    var refused: LinkFailure?
    do throws(LinkFailure) {
      _ = try await client.get("/peer/v1/hello", timeout: .seconds(10))
    } catch {
      refused = error
    }
    await client.close()
    try check(refused?.code == .refusedUs, "us refuses a node with se's name and a certificate of no's authority")
    try wait("the reason is in us's status") {
      try alliance.status("us").refusals.contains { $0.code == "another-members-authority" }
    }
    Terminal.say("  \(try alliance.status("us").refusals.first?.reason ?? "")")
  }

  private func check(_ holds: Bool, _ what: String) throws {
    guard holds else { throw Problem("demo-failed", "this did not hold: \(what)", next: "run it again with --keep") }
    Terminal.say("ok  \(what)")
  }

  private func wait(_ what: String, until condition: () throws -> Bool) throws {
    let deadline = Date() + 30
    while Date() < deadline {
      if try condition() { return Terminal.say("ok  \(what)") }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw Problem("demo-failed", "waited 30 s in vain: \(what)", object: alliance.folder)
  }
}

/// The system's OpenSSL, as somebody else's tool.
enum OpenSSL {
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Problem("demo-failed", "openssl could not make a certificate", next: "install Debian's openssl")
    }
    return String(decoding: text, as: UTF8.self)
  }
}
