import Alliance
import Ledger
import Replication
import Signing
import Testing
import Wire

/// In a closed epoch a head is valid if it is the cut or in the cut's history, and not merely before it.
@Suite struct ClosedEpochTests {
  private let bench: ReplicationBench
  private let no: CoalitionID
  private let heads: [StoredEntry]
  /// What a new epoch makes of the alliance: it goes on from the last of the heads.
  private let membership: Membership

  init() throws {
    bench = try ReplicationBench()
    no = try ReplicationBench.id("no")
    heads = try bench.signMany("no", 4)
    let (last, cut) = (try #require(bench.alliance.membership.record(of: no)), try #require(heads.last).head.reference)
    let record = try last.next(
      RecordChange(
        epoch: .init(
          key: try SigningKey(seed: [UInt8](repeating: 3, count: 32)).verifyingKey,
          continues: .init(epoch: cut.epoch, index: cut.index, hash: cut.hash))),
      in: bench.alliance.membership.alliance, identity: try #require(bench.alliance.identities[no]))
    var extended = bench.alliance.membership
    _ = try extended.extend(no, with: [record])
    membership = extended
  }

  /// Whoever has the old key could sign heads that follow the first ones as well.
  @Test func appliesOnlyWhatLeadsToTheCut() throws {
    let disk = try bench.disk("us")
    let short = try Replica.apply(Array(heads[..<2]), of: no, membership: membership, in: disk, now: 1)
    #expect(short.applied.isEmpty && short.fault?.problem.code == "epoch-gap")
    let whole = try Replica.apply(heads, of: no, membership: membership, in: disk, now: 1)
    #expect(whole.applied.count == 4 && whole.fault == nil)
  }

  /// Of ours a peer may still show the other history of a fork that is over: that stops nobody.
  @Test func needNotKnowTheOtherHistoryOfAClosedEpoch() throws {
    let other = HeadReference(coalition: no, epoch: 1, index: 2, hash: ObjectHash(sha256: [9]))
    let disk = try bench.disk("no")
    func knows(_ membership: Membership) throws -> Bool {
      let authority = try #require(membership.headAuthority(of: no))
      return try disk.read { try SignGate.knows(other, authority: authority, reading: $0) }
    }
    #expect(try !knows(bench.alliance.membership), "while the epoch is open it may be ours")
    #expect(try knows(membership))
  }
}
