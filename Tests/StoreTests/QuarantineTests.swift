import Alliance
import AllianceBench
import CertificateBench
import Ledger
import Replication
import Signing
import Store
import Testing
import Wire

/// Nodes of two versions: what the older does not know is kept, hashed and relayed by it, and counts once it is
/// upgraded.
@Suite struct QuarantineTests {
  private let folder: TemporaryFolder
  private let alliance: FoundedAlliance
  private let ours: CoalitionID
  private let author: Author
  /// As a version knew it that had no company numbers and no sanctions lists yet.
  private let older: ContentRules

  init() throws {
    folder = try TemporaryFolder()
    alliance = try FoundedAlliance(seed: 91)
    ours = alliance.coalitions[0]
    author = Author(coalition: ours, epoch: 1, key: try #require(alliance.signingKeys[ours]))
    var rules = ContentRules(version: 0)
    rules.types.remove(WireIndicatorType.companyNumber.rawValue)
    rules.reasons.remove(WireReason.sanctionsList.rawValue)
    older = rules
  }

  private func store(_ name: String, _ rules: ContentRules = .current) throws -> LedgerStore {
    try LedgerStore.create(folder.path(name))
    return try LedgerStore.open(folder.path(name), rules: rules)
  }

  private func key(_ facet: UInt8, _ number: UInt8) throws -> StatementKey {
    try #require(StatementKey([facet] + [UInt8](repeating: number, count: 32)))
  }

  private func listing(_ change: (inout WireListing) -> Void = { _ in }) throws -> [UInt8] {
    var listing = WireListing()
    listing.type = .iban
    (listing.keyEpoch, listing.normaliser) = (1, 1)
    (listing.reason, listing.role, listing.provenance, listing.handling) = (.csamSale, .payee, .hotline, .green)
    (listing.validFrom, listing.validUntil) = (1, 90)
    change(&listing)
    return try listing.serializedBytes()
  }

  /// Five statements: plain, a newer type, a newer reason, a plain one with a field of the future, a kind of the
  /// future.
  private func publish(in store: LedgerStore) throws -> [StatementKey: [UInt8]] {
    // Field 1000, a number: what a later version might add.
    let future = try listing() + [0xC0, 0x3E, 0x07]
    let statements: [StatementKey: [UInt8]] = [
      try key(1, 1): try listing(), try key(1, 2): try listing { $0.type = .companyNumber },
      try key(1, 3): try listing { $0.reason = .sanctionsList }, try key(1, 4): future, try key(9, 5): [1, 2, 3],
    ]
    try store.transaction { try $0.enqueue(statements.map { .put($0.key, statement: $0.value) }) }
    var byte: UInt8 = 0
    let prepared = try author.prepare(
      in: store, membership: alliance.membership, now: 5,
      random: { count in
        byte += 1
        return [UInt8](repeating: byte, count: count)
      })
    _ = try author.publish(try #require(prepared), in: store, membership: alliance.membership)
    return statements
  }

  private func relay(from: LedgerStore, to: LedgerStore) throws {
    let entries = try from.read { try $0.entries(of: ours, epoch: 1, from: 0, maximumBytes: 1 << 20) }
    let outcome = try Replica.apply(entries, of: ours, membership: alliance.membership, in: to, now: 0)
    #expect(outcome.applied.count == 1 && outcome.fault == nil)
  }

  private func aside(_ store: LedgerStore) throws -> [UInt8: QuarantineReason] {
    try store.view { view in
      var found: [UInt8: QuarantineReason] = [:]
      try view.eachSetAside { held in
        found[held.row.key.bytes[1]] = held.quarantine
        return true
      }
      return found
    }
  }

  @Test func anOlderNodeRelaysAndAnUpgradeFrees() throws {
    let first = try store("first")
    let statements = try publish(in: first)
    #expect(try aside(first) == [5: .unknownKind])
    var middle = try store("middle", older)
    try relay(from: first, to: middle)
    #expect(try aside(middle) == [2: .unknownValue, 3: .unknownValue, 5: .unknownKind])
    let last = try store("last")
    try relay(from: middle, to: last)
    for (key, statement) in statements {
      #expect(try last.read { try $0.row(of: ours, key: key) }?.statement == statement, "bytes as they were signed")
    }
    #expect(try last.read { try $0.position(of: ours) } == first.read { try $0.position(of: ours) })
    #expect(try aside(last) == aside(first))

    #expect(try middle.replayIfNew(by: older) != nil, "noted once")
    #expect(try middle.replayIfNew(by: older) == nil)
    try middle.close()
    middle = try LedgerStore.open(folder.path("middle"))
    let replayed = try #require(try middle.replayIfNew())
    #expect(replayed.freed == 2 && replayed.setAside == 0 && replayed.reasonChanged == 0)
    #expect(try aside(middle) == [5: .unknownKind])
    #expect(try middle.replayIfNew() == nil, "once for a version")
    #expect(try middle.replay().freed == 0, "and by command as often as one likes")
    #expect(try middle.checkIntegrity().faults == [])

    // And back again: what the older does not know must not count there.
    let back = try #require(try middle.replayIfNew(by: older))
    #expect(back.setAside == 2 && back.freed == 0)
    #expect(try aside(middle).count == 3)
  }
}
