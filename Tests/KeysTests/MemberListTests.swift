import Alliance
import AllianceBench
import Indicators
import Keys
import Seeded
import Testing
import Wire

/// The member's copy comes out as it went in, for its member alone, and any change of it is refused.
@Suite struct MemberListTests {
  private let founded: FoundedAlliance
  private let key = SealingKey()
  private let card: MemberCard
  private let se: CoalitionID

  init() throws {
    founded = try FoundedAlliance(seed: 7)
    card = try MemberCard(member: #require(MemberID("bank-a")), name: "Demo Bank A", sealingKey: key.publicKey)
    se = try #require(CoalitionID("se"))
  }

  private func content(_ count: Int, seed: UInt64) throws -> MemberListContent {
    var random = SeededRandom(seed: seed)
    let hashKey = try #require(HashKey(epoch: 1, bytes: random.bytes(32)))
    var content = MemberListContent(keys: [hashKey])
    let digests = try (0..<count).map { _ in try #require(IndicatorDigest(random.bytes(32))) }
    for digest in digests.sorted() {
      let number = random.below(UInt64(max(1, count / 3)))
      try content.append(
        digest,
        .init(
          verdict: "corroborated(\(number))", ceiling: "review", reasons: ["csam-sale"], coalitions: [se],
          validUntil: UInt32(number)))
    }
    return content
  }

  private func sealed(_ content: MemberListContent, for card: MemberCard? = nil) throws -> MemberListFile {
    let record = try #require(founded.records.first { $0.coalition == se })
    return try MemberListFile(
      sealing: content, for: card ?? self.card, in: founded.membership.alliance,
      records: RecordChain(first: record), key: #require(founded.signingKeys[se]),
      facts: .init(madeAt: 1_000, policy: "eu", peers: 2, stalePeers: 1, held: [], heardAt: nil))
  }

  /// Around the size of a part, and with sayings that first come in later parts.
  @Test(arguments: [0, 1, 2, 300, 24_999, 25_000, 25_001, 60_000])
  func comesOutAsItWentIn(_ count: Int) throws {
    let content = try content(count, seed: UInt64(count))
    let file = try MemberListFile(bytes: sealed(content).bytes(), file: "a.list")
    #expect(file.head.entries == UInt64(count) && file.head.policy == "eu" && file.head.stalePeers == 1)
    let opened = try file.open(with: key, of: card.member)
    #expect(opened.count == count && opened.keys == content.keys)
    for place in 0..<count {
      guard opened.digest(at: place) == content.digest(at: place), opened.saying(at: place) == content.saying(at: place)
      else {
        Issue.record("entry \(place) differs")
        return
      }
    }
    #expect(opened.digest(at: count) == nil && opened.digest(at: -1) == nil && opened.saying(at: count) == nil)
  }

  @Test func isFoundByItsDigest() throws {
    let content = try content(500, seed: 9)
    for place in 0..<500 {
      let digest = try #require(content.digest(at: place))
      #expect(content.place(notBefore: digest) == place)
    }
    let last = try #require(IndicatorDigest([UInt8](repeating: 0xFF, count: 32)))
    #expect(content.place(notBefore: last) == 500)
  }

  @Test func anyChangedBitIsRefused() throws {
    let bytes = try sealed(content(40, seed: 1)).bytes()
    var random = SeededRandom(seed: 2)
    var accepted = 0
    for _ in 0..<1_500 {
      var changed = bytes
      let place = Int(random.below(UInt64(bytes.count)))
      changed[place] ^= 1 << UInt8(random.below(8))
      do throws(Problem) {
        let file = try MemberListFile(bytes: changed, file: "a.list")
        let opened = try file.open(with: key, of: card.member)
        // What no signature covers says nothing: the number of an unknown field, or a signature's own key id beside a good one.
        #expect(file.head.madeAt == 1_000 && opened.count == 40)
        accepted += 1
      } catch {
        #expect(["not-a-list", "list-altered", "list-for-another"].contains(error.code), "\(error)")
      }
    }
    #expect(accepted == 0)
    for length in [0, 5, 8, 9, 100, bytes.count - 1] {
      #expect(problemCode { _ = try MemberListFile(bytes: Array(bytes.prefix(length)), file: "a") } != nil)
    }
  }

  @Test func nobodyElseOpensIt() throws {
    let file = try sealed(content(3, seed: 1))
    let other = try #require(MemberID("bank-b"))
    #expect(problemCode { _ = try file.open(with: SealingKey(), of: card.member) } == "list-for-another")
    #expect(problemCode { _ = try file.open(with: key, of: other) } == "list-for-another")
  }

  @Test func onlyTheNewestSigningKeyMakesOne() throws {
    let record = try #require(founded.records.first { $0.coalition == se })
    let no = try #require(CoalitionID("no"))
    let stranger = try #require(founded.signingKeys[no])
    #expect(
      problemCode {
        _ = try MemberListFile(
          sealing: content(1, seed: 1), for: card, in: founded.membership.alliance, records: RecordChain(first: record),
          key: stranger, facts: .init(madeAt: 1, policy: "eu", peers: 0, stalePeers: 0, held: [], heardAt: nil))
      } == "no-epoch")
  }

  @Test func entriesComeInOrder() throws {
    var content = try content(2, seed: 5)
    let first = try #require(content.digest(at: 0))
    let saying = try #require(content.saying(at: 0))
    #expect(problemCode { try content.append(first, saying) } == "internal")
    #expect(content.count == 2)
  }
}
