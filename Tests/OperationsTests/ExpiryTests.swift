import Alliance
import AllianceBench
import CertificateBench
import Ledger
import Operations
import Replication
import Signing
import Store
import Testing
import Wire

/// What is past its last day gets an explicit remove, but never by one clock alone and never all at once.
@Suite struct ExpiryTests {
  private static let day: UInt64 = 86_400_000
  private let folder: TemporaryFolder
  private let alliance: FoundedAlliance
  private let store: LedgerStore
  private let ours: CoalitionID
  private let author: Author

  init() throws {
    folder = try TemporaryFolder()
    alliance = try FoundedAlliance(seed: 77)
    try LedgerStore.create(folder.path("ledger"))
    store = try LedgerStore.open(folder.path("ledger"))
    ours = alliance.coalitions[0]
    author = Author(coalition: ours, epoch: 1, key: try #require(alliance.signingKeys[ours]))
  }

  private func list(_ numbers: Range<Int>, until day: UInt32) throws {
    var listing = WireListing()
    listing.type = .iban
    (listing.keyEpoch, listing.normaliser) = (1, 1)
    (listing.reason, listing.role, listing.provenance, listing.handling) = (.csamSale, .payee, .hotline, .green)
    (listing.validFrom, listing.validUntil) = (1, day)
    let statement: [UInt8] = try listing.serializedBytes()
    let changes = try numbers.map { number -> QueuedChange.Content in
      let digest = ObjectHash(sha256: Array("\(number)".utf8)).bytes
      return .put(try #require(StatementKey([1] + digest)), statement: statement)
    }
    try store.transaction { try $0.enqueue(changes) }
    try sign(now: 1)
  }

  private func sign(now: UInt64) throws {
    var byte: UInt8 = 0
    while let prepared = try author.prepare(
      in: store, membership: alliance.membership, now: now,
      random: { count in
        byte &+= 1
        return Array(repeating: byte, count: count)
      })
    {
      _ = try author.publish(prepared, in: store, membership: alliance.membership)
    }
  }

  /// Another coalition says that it is this day.
  private func confirm(_ now: UInt64) throws {
    let other = alliance.coalitions[1]
    let peer = Author(coalition: other, epoch: 1, key: try #require(alliance.signingKeys[other]))
    let receipt = try peer.receipt(alliance: alliance.membership.alliance, number: now, signedAt: now, entries: [])
    try store.write { try $0.save(StoredReceipt(receipt: receipt, firstSeen: now)) }
  }

  private func round(_ now: UInt64) throws -> Expiry.Step {
    var expiry = try Expiry(of: ours, in: store, roster: alliance.membership.roster, now: now)
    while true {
      let step = try expiry.step(in: store)
      if step != .goOn { return step }
    }
  }

  private func count() throws -> UInt64 { try store.read { try $0.position(of: ours).statements } }

  @Test func removesWhatIsPastAndNothingElse() throws {
    try list(0..<5, until: 10)
    try list(5..<12, until: 11)
    try confirm(11 * Self.day)
    #expect(try round(10 * Self.day) == .finished(removed: 0, unconfirmed: 0, left: 0), "its last day holds")
    #expect(try round(11 * Self.day) == .finished(removed: 5, unconfirmed: 0, left: 0))
    #expect(try round(11 * Self.day) == .finished(removed: 0, unconfirmed: 0, left: 0), "they are on their way")
    try sign(now: 11 * Self.day)
    #expect(try count() == 7)
    #expect(try store.checkIntegrity().faults == [], "by a head like any other")
  }

  @Test func aClockAloneRemovesNothing() throws {
    try list(0..<5, until: 10)
    #expect(try round(4_000 * Self.day) == .finished(removed: 0, unconfirmed: 5, left: 0), "nobody was heard")
    try confirm(10 * Self.day + 5)
    #expect(
      try round(4_000 * Self.day) == .finished(removed: 0, unconfirmed: 5, left: 0), "for others its day is not over")
    try confirm(11 * Self.day)
    #expect(try round(4_000 * Self.day) == .finished(removed: 5, unconfirmed: 0, left: 0))
    try list(5..<6, until: 20)
    try confirm(9_000 * Self.day)
    #expect(try round(15 * Self.day) == .finished(removed: 0, unconfirmed: 0, left: 0), "nor do others' clocks alone")
  }

  @Test func aFifthAtATime() throws {
    try list(0..<6_000, until: 10)
    try confirm(20 * Self.day)
    #expect(try round(20 * Self.day) == .finished(removed: 1_200, unconfirmed: 0, left: 4_800))
    try sign(now: 20 * Self.day)
    #expect(try count() == 4_800)
    #expect(try round(20 * Self.day) == .finished(removed: 1_000, unconfirmed: 0, left: 3_800))
  }
}
