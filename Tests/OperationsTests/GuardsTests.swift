import AllianceBench
import CertificateBench
import Foundation
import Indicators
import Keys
import Ledger
import Operations
import Protected
import Store
import Testing
import Verdicts
import Wire

/// What guards do in one node's folder. What is shipped is real, so tests take rows of it by what they are, never by name.
@Suite struct GuardsTests {
  private let folder: TemporaryFolder
  private let home: NodeHome
  private static let passphrase = "a long test passphrase"
  private static let now: UInt64 = 1_790_000_000_000
  private static let today = Day.of(milliseconds: now)
  private static let template = ListingTemplate(reason: .sanctionsList, provenance: .openSource)
  private static let header = "type,scheme,value,covers,category,source,noted\n"

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.founded.get().path("se"), toPath: folder.path("se"))
    home = try NodeHome(NodeFolder(folder.path("se")))
  }

  /// Two coalitions found an alliance, once for all tests: sealing identity keys takes seconds.
  private static let founded = Result { try found() }

  private static func found() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let folders = ["se", "no"].map { NodeFolder(folder.path($0)) }
    var cards: [(text: String, file: String)] = []
    for (id, node) in zip(["se", "no"], folders) {
      let coalition = try #require(CoalitionID(id))
      _ = try InitialiseNode(
        coalition: coalition, name: "Demo \(id)", endpoints: ["127.0.0.1:7473"], trustDomain: nil,
        listenHost: "127.0.0.1", listenPort: 7473
      ).run(in: node, passphrase: passphrase, now: .now)
      cards.append((try NodeHome(node).card.text, "\(id).card"))
    }
    var file = try FoundAlliance(name: "Test", purpose: .exercise, cards: cards)
      .run(in: folders[0], passphrase: passphrase, now: now).text
    for node in [folders[1], folders[0]] {
      file = try JoinAlliance(files: [(file, "alliance")])
        .run(in: node, passphrase: { passphrase }, confirm: { _ in true }).text
    }
    return folder
  }

  private func shipped(_ type: IndicatorType, _ cover: NeverListEntry.Cover = .exact) throws -> NeverListEntry {
    try #require(NeverList.shipped.entries.first { $0.indicator.type == type && $0.cover == cover })
  }

  private func add(_ text: String, _ type: IndicatorType) throws -> AddIndicator {
    try AddIndicator.run(home, text: text, type: type, template: Self.template, now: Self.now)
  }

  private func refusal(_ text: String, _ type: IndicatorType) throws -> Problem? {
    let indicator = try Indicator.parse(text, as: type)
    do {
      try Guards(home, today: Self.today).check(indicator)
      return nil
    } catch let problem as Problem {
      return problem
    }
  }

  private func own(_ rows: String) throws -> ImportNeverList {
    try ImportNeverList.run(home, .bytes(Array((Self.header + rows).utf8)))
  }

  @Test func whatIsShippedIsNotPublished() throws {
    for (entry, text, type) in try [
      (shipped(.domain, .mail), "https://pay.\(shipped(.domain, .mail).indicator.value)/x", IndicatorType.url),
      (shipped(.domain, .subdomains), "a.\(shipped(.domain, .subdomains).indicator.value)", .domain),
      (shipped(.cryptoAddress), shipped(.cryptoAddress).indicator.value, .cryptoAddress),
      (shipped(.merchantDescriptor), shipped(.merchantDescriptor).indicator.value, .merchantDescriptor),
    ] {
      #expect(problemCode { _ = try add(text, type) } == "never-list")
      let problem = try #require(try refusal(text, type))
      #expect(problem.what.contains(entry.category.rawValue) && problem.what.contains(entry.source))
      #expect(problem.next?.contains("vaka guard allow") == true)
      #expect(!problem.description.lowercased().contains(entry.indicator.value.lowercased()), "the value is withheld")
    }
    #expect(try add("shop.example", .domain).outcome == "listed")
    #expect(try refusal("co.uk", .domain)?.code == "public-suffix")
    #expect(try add("shop.co.uk", .domain).outcome == "listed")
    let page = "https://a.\(try shipped(.domain, .subdomains).indicator.value)/seller"
    #expect(try add(page, .url).outcome == "listed", "a page on a marketplace may be listed")
  }

  @Test func anImportRejectsTheRowAndGoesOn() throws {
    let table = "domain\nfirst.example\n\(try shipped(.domain, .mail).indicator.value)\nlast.example\n"
    let operation = try ImportIndicators(home, template: Self.template, batch: 100)
    var verdicts: [ImportIndicators.RowVerdict] = []
    let answer = try operation.run(
      ImportSource(.bytes(Array(table.utf8))), dryRun: false, now: Self.now, report: { verdicts.append($0) })
    #expect(verdicts.map(\.outcome) == [.new, .rejected, .new])
    #expect(answer.rejections == ["never-list": 1] && answer.acknowledged == 2)
    #expect(verdicts[1].reason.contains("bank") || verdicts[1].reason.contains("-"), "the category is named")
  }

  @Test func theOperatorsListReplacesItselfOrNothing() throws {
    let first = try own(
      "domain,,a.example,mail,own,register A,2026-11-25\niban,,GB33BUKB20201555555555,exact,bank,register B,2026-11-25\n"
    )
    #expect(first.installed && first.added == 2 && first.removed == 0 && first.categories == ["own": 1, "bank": 1])
    #expect(try folder.permissions("se/never-list.csv") == 0o600)
    #expect(try refusal("https://x.a.example/", .url)?.what.contains("own never-list") == true)

    let bad = try own("domain,,b.example,mail,own,register B,2026-11-25\ndomain,,-,mail,own,register,2026-11-25\n")
    #expect(!bad.installed && bad.rejected.map(\.line) == [3])
    #expect(try refusal("a.example", .domain) != nil && refusal("b.example", .domain) == nil, "nothing was changed")

    let second = try own(
      "domain,,A.example,exact,own,register A,2026-11-26\ndomain,,c.example,exact,own,r,2026-11-26\n")
    #expect(second.installed && (second.added, second.changed, second.removed) == (1, 1, 1))
    #expect(try refusal("https://x.a.example/", .url) == nil && refusal("c.example", .domain) != nil)

    let listed = try ListGuards.run(home, met: false, today: Self.today)
    #expect(listed.own == 2 && listed.shipped == NeverList.shipped.entries.count && listed.ownImported != nil)
    #expect(listed.categories.first { $0.category == "own" }?.own == 2 && listed.met == nil)
  }

  @Test func anExceptionIsForOneIdentifierAndIsTakenBack() throws {
    let entry = try shipped(.domain, .mail)
    let page = "https://www.\(entry.indicator.value)/x"
    func allow(_ text: String, _ type: IndicatorType) throws -> AllowIndicator {
      try AllowIndicator.allow(
        home, text: text, type: type, reason: .courtOrder, caseReference: "A/17", today: Self.today)
    }
    let allowed = try allow(page, .url)
    #expect(allowed.outcome == "allowed" && !allowed.wholeEntry && allowed.category == entry.category.rawValue)
    #expect(try allow(page, .url).outcome == "already-allowed")
    #expect(try folder.permissions("se/never-list-allowed.json") == 0o600)
    #expect(try refusal(page, .url) == nil && refusal(page + "/y", .url) != nil)
    #expect(try add(page, .url).outcome == "listed")

    #expect(try allow(entry.indicator.value, .domain).wholeEntry)
    #expect(try refusal(page + "/y", .url) == nil && refusal(entry.indicator.value, .domain) == nil)
    let listed = try ListGuards.run(home, met: false, today: Self.today).allowed
    #expect(listed.map(\.wholeEntry) == [false, true] && listed.allSatisfy { $0.caseReference == "A/17" })
    #expect(listed.allSatisfy { $0.reason == .courtOrder && $0.source == entry.source })

    #expect(
      try AllowIndicator.forbid(home, text: entry.indicator.value, type: .domain, today: Self.today).outcome
        == "forbidden")
    #expect(try refusal(page + "/y", .url) != nil)
    _ = try AllowIndicator.forbid(home, text: page, type: .url, today: Self.today)
    #expect(
      problemCode { _ = try AllowIndicator.forbid(home, text: page, type: .url, today: Self.today) } == "not-allowed")
    #expect(problemCode { _ = try allow("shop.example", .domain) } == "not-protected")
    _ = try own("domain,,\(entry.indicator.value),mail,own,register,2026-11-25\n")
    #expect(problemCode { _ = try allow(page, .url) } == "never-list-own", "the own list has no exceptions")
  }

  @Test func aDigestIsFoundUnderEveryHashKey() throws {
    _ = try own("domain,,a.example,mail,own,register A,2026-11-25\n")
    let functions = try home.openHashKeys(on: Self.today).functions
    let guards = try Guards(home, today: Self.today)
    #expect(!functions.isEmpty)
    for function in functions {
      for entry in NeverList.shipped.entries {
        guard
          case .neverList(entry.category.rawValue, entry.source)? = guards.finding(
            on: function.digest(of: entry.indicator))
        else {
          Issue.record("an entry of \(entry.category.rawValue) is not found")
          continue
        }
      }
      let below = try Indicator.parse("b.a.example", as: .domain)
      #expect(guards.finding(on: function.digest(of: below)) == nil, "at receipt only the entry itself is known")
    }
  }

  @Test func theHitRateStandsBehindTheNeverList() throws {
    _ = try own("domain,,a.example,mail,own,register A,2026-11-25\n")
    let function = try #require(try home.openHashKeys(on: Self.today).functions.last)
    let digests = try ["a.example", "b.example"].map { function.digest(of: try Indicator.parse($0, as: .domain)) }
    let held = GuardFinding.hitRate(rows: 300, screened: 1_000)
    let guards = try Guards(home, today: Self.today, held: Dictionary(uniqueKeysWithValues: digests.map { ($0, held) }))
    #expect(guards.finding(on: digests[0]) == .neverList(category: "own", source: "register A"))
    #expect(guards.finding(on: digests[1]) == held)
    #expect(GuardNote(held).text.contains("300 rows of 1000 identifiers"))
  }

  @Test func aDamagedFileIsNamed() throws {
    try folder.write(Array("{".utf8), to: "se/never-list-allowed.json")
    #expect(problemCode { _ = try Guards(home, today: Self.today) } == "never-list-malformed")
    try folder.write(Array("[]".utf8), to: "se/never-list-allowed.json")
    try folder.write(Array("type\n".utf8), to: "se/never-list.csv")
    #expect(problemCode { _ = try Guards(home, today: Self.today) } == "never-list-malformed")
    #expect(try own("domain,,a.example,mail,own,register A,2026-11-25\n").installed, "a good list mends it")
    #expect(try refusal("a.example", .domain) != nil)
  }

  @Test func aPolicyOfBeforeMeansTheStandard() throws {
    let text = #"{"name":"x","rules":[],"confirmed-by":[],"type-ceilings":{}}"#
    try folder.write(Array(text.utf8), to: "policy.json")
    #expect(try PolicyFile.use(folder.path("policy.json"), in: home.folder).hitRate == .standard)
    let changed =
      #"{"name":"x","rules":[],"confirmed-by":[],"type-ceilings":{},"hit-rate":{"least-rows":5,"one-in":10,"window-days":7}}"#
    try folder.write(Array(changed.utf8), to: "policy.json")
    let policy = try PolicyFile.use(folder.path("policy.json"), in: home.folder)
    #expect(policy.hitRate == HitRateGuard(leastRows: 5, oneIn: 10, windowDays: 7))
  }
}
