import Alliance
import AllianceBench
import CertificateBench
import Foundation
import GRDB
import Indicators
import Ledger
import Replication
import Signing
import Testing
import Wire

@testable import Store

/// While a hash key is replaced, a statement is found by its digest under either key, and is one.
@Suite struct LinkedDigestTests {
  private let folder: TemporaryFolder
  private let alliance: FoundedAlliance
  private let store: LedgerStore

  init() throws {
    folder = try TemporaryFolder()
    alliance = try FoundedAlliance(seed: 31)
    try LedgerStore.create(folder.path("ledger"))
    store = try LedgerStore.open(folder.path("ledger"))
  }

  private func digest(_ name: String) throws -> IndicatorDigest {
    try #require(IndicatorDigest(ObjectHash(sha256: Array(name.utf8)).bytes))
  }

  private func listing(key epoch: UInt32, before: String? = nil, of older: UInt32 = 1) throws -> [UInt8] {
    var listing = WireListing()
    listing.type = .iban
    (listing.keyEpoch, listing.normaliser) = (epoch, 1)
    (listing.reason, listing.role, listing.provenance, listing.handling) = (.csamSale, .payee, .hotline, .green)
    (listing.validFrom, listing.validUntil) = (1, 90)
    if let before {
      listing.previousDigest = Data(try digest(before).bytes)
      listing.previousKeyEpoch = older
    }
    return try listing.serializedBytes()
  }

  private func dispute(key epoch: UInt32) throws -> [UInt8] {
    var dispute = WireDispute()
    (dispute.type, dispute.keyEpoch, dispute.ground) = (.iban, epoch, .lawfulBusiness)
    return try dispute.serializedBytes()
  }

  private func put(_ facet: Facet, _ name: String, _ statement: [UInt8]) throws -> QueuedChange.Content {
    .put(StatementKey(facet, try digest(name)), statement: statement)
  }

  private func sign(_ coalition: Int, _ changes: [QueuedChange.Content]) throws {
    let coalition = alliance.coalitions[coalition]
    let author = Author(coalition: coalition, epoch: 1, key: try #require(alliance.signingKeys[coalition]))
    try store.transaction { try $0.enqueue(changes) }
    var byte: UInt8 = 0
    while let prepared = try author.prepare(
      in: store, membership: alliance.membership, now: 1,
      random: { count in
        byte &+= 1
        return Array(repeating: byte, count: count)
      })
    {
      _ = try author.publish(prepared, in: store, membership: alliance.membership)
    }
  }

  private func who(_ names: String...) throws -> [String] {
    try store.view { view in
      try view.statements(on: names.map(digest)).map { "\($0.coalition) \($0.row.key.facet.map { "\($0)" } ?? "")" }
    }
  }

  @Test func aStatementSpeaksOfItsDigestAndOfTheOneBefore() throws {
    try sign(0, [put(.listing, "new", listing(key: 2, before: "old"))])
    try sign(1, [put(.listing, "old", listing(key: 1))])
    try sign(2, [put(.dispute, "old", dispute(key: 1))])
    #expect(alliance.coalitions.map(\.rawValue) == ["no", "se", "us"])
    #expect(try who("old") == ["no listing", "se listing", "us dispute"], "who has the older key finds all")
    #expect(try who("old", "new") == ["no listing", "se listing", "us dispute"], "and who has both finds each once")
    #expect(try who("new") == ["no listing", "us dispute"], "one coalition's word brings no other's listing along")
    try store.view { view in
      let index = try view.prefixIndex()
      for name in ["old", "new"] {
        #expect(try index.mayContain(digest(name)))
        #expect(try view.digests(from: digest(name), through: digest(name)) == [digest(name)])
      }
      #expect(try view.indicatorCounts().indicators == 1)
      let no = alliance.coalitions[0]
      let old = StatementKey(.listing, try digest("old"))
      #expect(try view.successor(of: old, coalition: no)?.digest == digest("new"))
      #expect(try view.successor(of: old, coalition: alliance.coalitions[1]) == nil)
      #expect(try view.successor(of: StatementKey(.dispute, digest("old")), coalition: no) == nil)
      #expect(try view.listedLater(than: digest("old")).map(\.digest) == [digest("new")])
    }
  }

  /// A false word makes no innocent account one that many list.
  @Test func aFalseWordCountsAsItsOwnCoalitionsAlone() throws {
    for coalition in 1...2 { try sign(coalition, [put(.listing, "seller", listing(key: 1))]) }
    try sign(0, [put(.listing, "innocent", listing(key: 2, before: "seller"))])
    #expect(try who("innocent") == ["no listing"])
    #expect(try who("innocent before", "innocent") == ["no listing"], "by value, under both keys")
  }

  /// Who names one digest in thousands of statements keeps nobody waiting, and hides nobody.
  @Test func aFloodOfOneCoalitionsWordsHidesNoOther() throws {
    try sign(0, (0..<1_100).map { try put(.listing, "n\($0)", listing(key: 2, before: "old")) })
    try sign(1, [put(.listing, "new", listing(key: 2, before: "old"))])
    try store.view { view in
      let found = try view.statements(on: digest("old"))
      #expect(found.count == 9 && Set(found.map(\.coalition)) == Set(alliance.coalitions.prefix(2)))
      #expect(try view.digests(from: digest("old"), through: digest("old")) == [digest("old")])
      try view.eachIndicator(openKeys: [1, 2]) { _, statements in #expect(statements.count == 9) }
    }
  }

  @Test func anIndicatorIsOneUnderTheOlderKeyUntilThatCloses() throws {
    try sign(0, [put(.listing, "new", listing(key: 2, before: "old")), put(.listing, "else", listing(key: 2))])
    try sign(1, [put(.listing, "old", listing(key: 1))])
    func groups(_ keys: Set<UInt32>, of coalition: CoalitionID? = nil) throws -> [IndicatorDigest: Int] {
      var groups: [IndicatorDigest: Int] = [:]
      try store.view { view in
        try view.eachIndicator(of: coalition, openKeys: keys) { digest, statements in
          #expect(groups[digest] == nil)
          groups[digest] = statements.count
        }
      }
      return groups
    }
    #expect(try groups([1, 2]) == [digest("old"): 2, digest("else"): 1])
    #expect(try groups([1, 2], of: alliance.coalitions[0]) == [digest("old"): 1, digest("else"): 1])
    #expect(try groups([2]) == [digest("old"): 1, digest("new"): 1, digest("else"): 1])
  }

  @Test func listingsAreCountedByKeyThroughEveryChange() throws {
    let no = alliance.coalitions[0]
    func counts() throws -> [UInt32: Int] { try store.view { try $0.listingsByHashKey()[no] ?? [:] } }
    try sign(
      0,
      [put(.listing, "a", listing(key: 1)), put(.listing, "b", listing(key: 1)), put(.dispute, "c", dispute(key: 1))])
    #expect(try counts() == [1: 2], "a dispute is no listing")
    try sign(0, [put(.listing, "a2", listing(key: 2, before: "a")), .remove(StatementKey(.listing, digest("a")))])
    #expect(try counts() == [1: 1, 2: 1])
    try sign(0, [put(.listing, "a2", listing(key: 2))])
    #expect(try counts() == [1: 1, 2: 1], "stated anew")
    try sign(0, [.remove(StatementKey(.listing, digest("a2"))), .remove(StatementKey(.listing, digest("b")))])
    #expect(try counts() == [:])
    #expect(try store.view { try $0.prefixIndex() }.count == 1, "no digest before is left behind")
    try store.transaction { try $0.forgetPosition(of: no) }
    #expect(try store.view { try $0.listingsByHashKey() } == [:])
  }

  @Test func aLedgerOfBeforeIsCountedAndLinked() throws {
    let path = folder.path("older")
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "PRAGMA application_id = \(StoreFile.ledger.applicationID)") }
    try StoreFile.ledger.migrator.migrate(queue, upTo: "6 records by hash")
    let rows = [("old", try listing(key: 1)), ("new", try listing(key: 2, before: "before"))]
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO coalitions (id, coalition, signed_at, roster, record, lanes, statements, live_bytes, history_size,
            history_peaks, rowset) VALUES (3, 'se', 0, 1, 1, ?, 2, 200, 0, x'', 5)
          """, arguments: [Data(LiveDigest().bytes)])
      for (name, statement) in rows {
        let key = StatementKey(.listing, try digest(name))
        try database.execute(
          sql: "INSERT INTO statements (rowset, prefix, key, salt, statement) VALUES (5, ?, ?, x'00', ?)",
          arguments: [LedgerView.prefix(of: key), Data(key.bytes), Data(statement)])
      }
    }
    try queue.close()
    let store = try LedgerStore.open(path)
    try store.view { view in
      let se = try #require(CoalitionID("se"))
      #expect(try view.listingsByHashKey() == [se: [1: 1, 2: 1]])
      #expect(try view.statements(on: digest("before")).map(\.row.key.digest) == [digest("new")])
    }
    try store.close()
  }
}
