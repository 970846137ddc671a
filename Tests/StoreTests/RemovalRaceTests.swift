import Alliance
import AllianceBench
import CertificateBench
import Ledger
import Replication
import Seeded
import Signing
import Simulation
import Store
import Testing
import Wire

/// A removal and the removed coalition's heads, pages and receipts, in whatever order they come: nothing of it is left, and nothing of
/// it counts again until it comes back with a later epoch.
@Suite struct RemovalRaceTests {
  enum Step: CaseIterable {
    case firstHeads, lastHead, page, receipt, removal
  }

  private let alliance: FoundedAlliance
  private let no: CoalitionID
  /// Of `no`: what it signed in its first epoch, and goes on signing.
  private let source = SimulatedDisk()
  private let author: Author
  private let heads: [StoredEntry]
  private let removed: Membership

  init() throws {
    alliance = try FoundedAlliance(seed: 83)
    no = try #require(CoalitionID("no"))
    author = Author(coalition: no, epoch: 1, key: try #require(alliance.signingKeys[no]))
    var random = SeededRandom(seed: 3)
    for number in UInt8(1)...3 {
      let key = try #require(StatementKey([Facet.listing.rawValue] + [UInt8](repeating: number, count: 32)))
      try source.write { try $0.enqueue([.put(key, statement: [number, 1, 2])]) }
      let prepared = try #require(
        try author.prepare(in: source, membership: alliance.membership, now: 9) { random.bytes($0) })
      _ = try author.publish(prepared, in: source, membership: alliance.membership)
    }
    let signer = no
    heads = try source.read { try $0.entries(of: signer, epoch: 1, from: 0, maximumBytes: .max) }
    var change = RosterChange()
    change.removes = [no: 1]
    change.hashKey = ObjectHash(sha256: [7])
    let chain = try alliance.membership.rosters.appending(alliance.decided(change))
    removed = Membership.make(chain, records: alliance.records).membership
  }

  private func receipt() throws -> Receipt {
    try author.receipt(alliance: alliance.membership.alliance, number: 5, signedAt: 5, entries: [])
  }

  private func apply(_ entries: [StoredEntry], _ membership: Membership, to store: LedgerStore) throws -> Int {
    try Replica.apply(entries, of: no, membership: membership, in: store, now: 1).applied.count
  }

  private func take(_ step: Step, _ membership: inout Membership, _ store: LedgerStore) throws {
    switch step {
    case .firstHeads: _ = try apply(Array(heads[..<2]), membership, to: store)
    case .lastHead: _ = try apply(Array(heads[2...]), membership, to: store)
    case .page:
      let outcome = try Snapshot.take(.begin, of: no, membership: membership, in: store, now: 1)
      guard case .goOn(let need) = outcome else { return }
      let page = try SnapshotSource(source, of: no, in: alliance.membership).input(need)
      _ = try Snapshot.take(page, of: no, membership: membership, in: store, now: 1)
    case .receipt:
      let se = try #require(CoalitionID("se"))
      _ = try Receipts.keep([receipt()], besides: se, membership: membership, in: store, now: 1)
    case .removal:
      membership = removed
      try store.write { try $0.forgetPosition(of: no) }
    }
  }

  private func expectNothing(_ store: LedgerStore, _ order: [Step]) throws {
    #expect(try store.view { try $0.coalitions() } == [], "\(order)")
    #expect(try store.view { try $0.statementCount() } == 0, "\(order)")
    #expect(try store.read { try $0.staged(of: no) } == nil, "\(order)")
  }

  private static func orders(of steps: [Step]) -> [[Step]] {
    steps.isEmpty
      ? [[]]
      : steps.indices.flatMap { index in
        var rest = steps
        let first = rest.remove(at: index)
        return orders(of: rest).map { [first] + $0 }
      }
  }

  @Test func nothingIsLeftInAnyOrder() throws {
    let folder = try TemporaryFolder()
    let orders = Self.orders(of: Step.allCases)
    #expect(orders.count == 120)
    for (number, order) in orders.enumerated() {
      let path = folder.path("ledger-\(number)")
      try LedgerStore.create(path)
      let store = try LedgerStore.open(path)
      var membership = alliance.membership
      for step in order { try take(step, &membership, store) }
      try expectNothing(store, order)
      // All of it once more: what was in flight, and a removed member that goes on talking.
      for step in order where step != .removal { try take(step, &membership, store) }
      try expectNothing(store, order)
      try store.close()
    }
  }

  /// After a crash between a roster and what follows from it, or with an older copy of the store, only the store tells.
  @Test func theStoreTellsWhatIsLeftOfWhoWasRemoved() throws {
    let folder = try TemporaryFolder()
    try LedgerStore.create(folder.path("ledger"))
    let store = try LedgerStore.open(folder.path("ledger"))
    let se = try #require(CoalitionID("se"))
    func left(_ membership: Membership) throws -> [CoalitionID] {
      try store.read { try FormerMembers.stored(besides: se, membership: membership, reading: $0) }
    }
    var change = RosterChange()
    change.admits = [try #require(alliance.records.first { $0.coalition == no })]
    let chain = try removed.rosters.appending(alliance.decided(change, after: removed.rosters))
    let back = Membership.make(chain, records: alliance.records).membership
    #expect(try apply(heads, alliance.membership, to: store) == 3)
    let head = try #require(heads.last).head.reference
    #expect(try left(alliance.membership).isEmpty && alliance.membership.counts(head))
    #expect(try left(removed) == [no] && !removed.counts(head))
    #expect(try left(back) == [no] && !back.counts(head), "what it signed before it went")
    try store.write { try $0.forgetPosition(of: no) }
    #expect(try left(removed).isEmpty && left(back).isEmpty)
    _ = try Receipts.keep([receipt()], besides: se, membership: alliance.membership, in: store, now: 1)
    #expect(try left(back) == [no], "a receipt of then")
    try store.close()
  }

  @Test func whatItSignedBeforeCountsForNothingWhenItIsBack() throws {
    let folder = try TemporaryFolder()
    try LedgerStore.create(folder.path("ledger"))
    let store = try LedgerStore.open(folder.path("ledger"))
    #expect(try apply(heads, alliance.membership, to: store) == 3)
    try store.write { try $0.forgetPosition(of: no) }
    let last = try #require(heads.last).head.reference
    let key = try SigningKey(seed: [UInt8](repeating: 4, count: 32))
    let record = try #require(alliance.membership.record(of: no)).next(
      RecordChange(
        epoch: .init(
          key: key.verifyingKey, continues: .init(epoch: last.epoch, index: last.index, hash: last.hash))),
      in: alliance.membership.alliance, identity: try #require(alliance.identities[no]))
    var change = RosterChange()
    change.admits = [record]
    let chain = try removed.rosters.appending(alliance.decided(change, after: removed.rosters))
    let back = Membership.make(chain, records: alliance.records + [record]).membership
    let refused = try Replica.apply(heads, of: no, membership: back, in: store, now: 1)
    #expect(refused.applied.isEmpty, "its first epoch ended with the removal")
    guard case .void(let problem)? = refused.fault, problem.code == "head-retired" else {
      Issue.record("nobody is at fault: \(refused)")
      return
    }
    guard case .goOn(let first) = try Snapshot.take(.begin, of: no, membership: back, in: store, now: 1),
      case .failed(.void, .some) = try Snapshot.take(
        SnapshotSource(source, of: no, in: alliance.membership).input(first), of: no, membership: back, in: store,
        now: 1)
    else {
      Issue.record("a page of what was removed costs no link either")
      return
    }
    #expect(try !receipt().isValid(in: back))
    // Its own store goes on from where it was, in a new epoch, and the others copy that.
    let writer = Author(coalition: no, epoch: 2, key: key)
    var random = SeededRandom(seed: 4)
    let added = try #require(StatementKey([Facet.listing.rawValue] + [UInt8](repeating: 9, count: 32)))
    try source.write { try $0.enqueue([.put(added, statement: [9])]) }
    let prepared = try #require(try writer.prepare(in: source, membership: back, now: 20) { random.bytes($0) })
    _ = try writer.publish(prepared, in: source, membership: back)
    let peer = SnapshotSource(source, of: no, in: back)
    var outcome = try Snapshot.take(.begin, of: no, membership: back, in: store, now: 1)
    var steps = 0
    while case .goOn(let need) = outcome, steps < 50 {
      outcome = try Snapshot.take(peer.input(need), of: no, membership: back, in: store, now: 1)
      steps += 1
    }
    guard case .finished(let head) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(head.epoch == 2 && head.index == 0)
    #expect(try store.read { try $0.position(of: no).statements } == 4)
    try store.close()
  }
}
