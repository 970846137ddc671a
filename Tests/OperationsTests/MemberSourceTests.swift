import Alliance
import AllianceBench
import CertificateBench
import Formats
import Indicators
import Keys
import Store
import Testing
import Wire

@testable import Operations

/// A member screens with a copy alone: it trusts one coalition, is told how old the copy is, and learns of late hits from the next one.
@Suite struct MemberSourceTests {
  private static let iban = "SE4550000000058398257466"
  private static let day: UInt64 = 86_400_000
  private let founded: FoundedAlliance
  private let folder: TemporaryFolder
  private let home: MemberHome
  private let hashKey: HashKey

  init() throws {
    founded = try FoundedAlliance(seed: 11)
    folder = try TemporaryFolder()
    home = try MemberHome.make(#require(MemberID("bank-a")), name: "Demo Bank A", in: NodeFolder(folder.path("bank")))
    hashKey = try #require(HashKey(epoch: 1, bytes: [UInt8](repeating: 5, count: 32)))
  }

  /// Writes a copy of a coalition's that lists these, until a day.
  private func list(
    _ texts: [String], madeAt: UInt64, by name: String = "se", until: UInt32 = 30_000
  ) throws -> String {
    let coalition = try #require(CoalitionID(name))
    var content = MemberListContent(keys: [hashKey])
    let digests = try texts.map { DigestFunction(key: hashKey).digest(of: try Indicator.parse($0, as: nil)) }
    for digest in digests.sorted() {
      try content.append(
        digest,
        .init(
          verdict: "corroborated(2)", ceiling: "review", reasons: ["csam-sale"], coalitions: [coalition],
          validUntil: until))
    }
    let file = try MemberListFile(
      sealing: content, for: home.card, in: founded.membership.alliance,
      records: RecordChain(first: #require(founded.records.first { $0.coalition == coalition })),
      key: #require(founded.signingKeys[coalition]),
      facts: .init(madeAt: madeAt, policy: "eu", peers: 2, stalePeers: 0, held: [], heardAt: madeAt - 5_000))
    let path = folder.path("\(name)-\(madeAt).list")
    try DurableFile.write(file.bytes(), to: path)
    return path
  }

  private func screen(_ list: String) throws -> Screen { try Screen(home, list: list) { _, _, _ in true } }

  @Test func findsWhatIsListed() throws {
    let screen = try screen(list([Self.iban], madeAt: 100 * Self.day))
    let (answer, hit) = try screen.value(Self.iban, type: nil, now: 100 * Self.day + 7_000)
    #expect(hit?.verdict == "corroborated(2)" && hit?.ceiling == "review" && answer.hits == 1)
    #expect(answer.freshness.madeSecondsAgo == 7 && answer.freshness.asOfSeconds == 12)
    #expect(answer.freshness.isOld == false && answer.freshness.madeBy?.rawValue == "se")
    #expect(try screen.value("GB82WEST12345698765432", type: nil, now: 100 * Self.day).hit == nil)
    var hits: [Screen.Hit] = []
    let table = try screen.table(
      .bytes(Array("id,iban\n1,\(Self.iban)\n2,GB82WEST12345698765432\n".utf8)), maps: [], now: 100 * Self.day
    ) { hits.append($0) }
    #expect(hits.map(\.row) == [2] && table.identifiers == 2)
    #expect(try ListMatches.run(home.folder, since: 0, lateOnly: false, unseenOnly: false, limit: 9).matches.count == 2)
  }

  @Test func saysWhenTheCopyIsOld() throws {
    let first = try list([Self.iban], madeAt: 100 * Self.day)
    let old = try screen(first).value(Self.iban, type: nil, now: 101 * Self.day + 1)
    #expect(old.0.freshness.isOld == true && old.hit != nil)
    #expect(try screen(first).value(Self.iban, type: nil, now: 101 * Self.day).0.freshness.isOld == false)
    _ = try screen(list([], madeAt: 100 * Self.day + 1))
    let behind = try screen(first).value(Self.iban, type: nil, now: 100 * Self.day + 2)
    #expect(behind.0.freshness.isOld == true, "a newer one was used here before")
  }

  @Test func anEntryEndsWithItsDay() throws {
    let screen = try screen(list([Self.iban], madeAt: 100 * Self.day, until: 100))
    #expect(try screen.value(Self.iban, type: nil, now: 101 * Self.day - 1).hit != nil)
    #expect(try screen.value(Self.iban, type: nil, now: 101 * Self.day).hit == nil)
  }

  @Test func trustsOneCoalitionAndAsksOnce() throws {
    let list = try list([Self.iban], madeAt: Self.day)
    var asked: [Fingerprint] = []
    #expect(
      problemCode {
        _ = try Screen(home, list: list) { _, _, fingerprint in
          asked.append(fingerprint)
          return false
        }
      } == "fingerprint-refused")
    let record = try #require(founded.records.first { $0.coalition.rawValue == "se" })
    #expect(asked == [record.fingerprint])
    _ = try screen(list)
    _ = try Screen(home, list: list) { _, _, _ in
      Issue.record("asked again")
      return false
    }
    let other = try self.list([Self.iban], madeAt: Self.day, by: "no")
    #expect(problemCode { _ = try screen(other) } == "list-of-another-coalition")
  }

  @Test func aFileThatIsNoneTeachesNoTrust() throws {
    var bytes = try DurableFile.read(list([Self.iban], madeAt: Self.day), noun: "list")
    bytes[bytes.count - 1] ^= 1
    let path = folder.path("altered.list")
    try DurableFile.write(bytes, to: path)
    #expect(problemCode { _ = try screen(path) } == "list-altered")
    #expect(!DurableFile.exists(home.folder.trustedCoalition))
  }

  @Test func theNextCopyFindsWhatPassedBefore() throws {
    let payments = TableSource.bytes(Array("id,iban\n1,GB82WEST12345698765432\n2,\(Self.iban)\n".utf8))
    let first = try screen(list([], madeAt: 100 * Self.day)).table(
      payments, maps: [], rememberDays: 10, now: 100 * Self.day
    ) { _ in Issue.record("nothing is listed yet") }
    #expect(first.remembered == 2)
    let later = try screen(list([Self.iban], madeAt: 101 * Self.day))
    let other = TableSource.bytes(Array("id,iban\n1,GB82WEST12345698765432\n".utf8))
    #expect(try later.table(other, maps: [], now: 101 * Self.day) { _ in }.lateHits == 1)
    #expect(try later.table(other, maps: [], now: 101 * Self.day) { _ in }.lateHits == nil, "told once")
    let matches = try ListMatches.run(home.folder, since: 0, lateOnly: true, unseenOnly: true, limit: 9).matches
    #expect(
      matches.map(\.row) == [3] && matches.first?.column == "iban"
        && matches.first?.screenedAt.hasPrefix("1970-04-11") == true)
    #expect(try ListMatches.markSeen(home.folder) == 1)
    #expect(try ListMatches.run(home.folder, since: 0, lateOnly: true, unseenOnly: true, limit: 9).matches.isEmpty)
    // After its time nothing is left of it.
    let tooLate = try screen(list([Self.iban, "GB82WEST12345698765432"], madeAt: 111 * Self.day))
    #expect(try tooLate.table(other, maps: [], now: 111 * Self.day) { _ in }.lateHits == nil)
  }

  @Test func remembersNothingUnlessAskedTo() throws {
    let payments = TableSource.bytes(Array("id,iban\n1,\(Self.iban)\n".utf8))
    _ = try screen(list([], madeAt: 100 * Self.day)).table(payments, maps: [], now: 100 * Self.day) { _ in }
    let log = try #require(try ScreeningStore.openReadOnly(home.folder.screening))
    #expect(try log.rememberedCount() == 0 && log.matches(limit: 1).all == 0)
    #expect(
      problemCode {
        _ = try screen(list([], madeAt: 100 * Self.day)).table(payments, maps: [], rememberDays: 0, now: 1) { _ in }
      } == "bad-days")
  }

  /// One account in every second row is no seller's: it is held until somebody has looked and released it.
  @Test func whatMatchesTooMuchIsHeldUntilReleased() throws {
    let list = try list([Self.iban], madeAt: 100 * Self.day)
    let now = 100 * Self.day
    func table(_ rows: Int) -> TableSource {
      .bytes(
        Array(("iban\n" + (0..<rows).map { "\($0 % 2 == 0 ? Self.iban : "GB82WEST12345698765432")\n" }.joined()).utf8))
    }
    let few = try screen(list).table(table(198), maps: [], now: now) { #expect($0.ceiling == "review") }
    #expect(few.hits == 99 && few.held == nil)
    let soon = try screen(list).table(table(2), maps: [], now: now) { #expect($0.ceiling == "review") }
    #expect(soon.held == nil, "all matches are looked at once an hour")
    let later = try screen(list).table(table(2), maps: [], now: now + 3_600_000) { #expect($0.ceiling == "review") }
    #expect(later.held == 1, "by now more than a hundred rows of two hundred matched")
    var after: [Screen.Hit] = []
    _ = try screen(list).table(table(2), maps: [], now: now) { after.append($0) }
    #expect(after.map(\.ceiling) == ["monitor"] && after.first?.guardedBy?.kind == "hit-rate")
    #expect(after.first?.verdict == "corroborated(2)", "what the alliance says of it stays")
    let reference = try #require(after.first?.reference)
    #expect(
      problemCode { _ = try ReleaseIndicator.run(home.folder, reference: "ffffffffffff", now: now) } == "not-held")
    #expect(problemCode { _ = try ReleaseIndicator.run(home.folder, reference: "zz", now: now) } == "bad-reference")
    #expect(try ReleaseIndicator.run(home.folder, reference: reference, now: now).rows == 101)
    let released = try screen(list).table(table(200), maps: [], now: now) { #expect($0.ceiling == "review") }
    #expect(released.held == nil && released.hits == 100)
  }

  @Test func singleValuesNeverHold() throws {
    let screen = try screen(list([Self.iban], madeAt: 100 * Self.day))
    for _ in 0..<150 { _ = try screen.value(Self.iban, type: nil, now: 100 * Self.day) }
    _ = try screen.table(.bytes(Array("iban\n\(Self.iban)\n".utf8)), maps: [], now: 100 * Self.day) { _ in }
    #expect(try screen.value(Self.iban, type: nil, now: 100 * Self.day).hit?.ceiling == "review")
  }
}
