import Alliance
import AllianceBench
import Signing
import Testing
import Wire

/// Two records of one number: whoever hears of them in whatever order comes to the same view.
@Suite struct RecordConflictTests {
  private let alliance: FoundedAlliance
  private let se: CoalitionID

  init() throws {
    alliance = try FoundedAlliance(seed: 21)
    se = try #require(CoalitionID("se"))
  }

  private func next(
    _ record: MemberRecord?, _ host: String, in other: ObjectHash? = nil
  ) throws -> MemberRecord {
    let record = try record ?? #require(alliance.membership.record(of: se))
    return try record.next(
      RecordChange(endpoints: ["\(host).example.org:7473"]), in: other ?? alliance.membership.alliance,
      identity: #require(alliance.identities[se]))
  }

  @Test func neitherCountsInWhateverOrderTheyCome() throws {
    let (left, right) = (try next(nil, "left"), try next(nil, "right"))
    let later = try next(left, "later")
    let first = try #require(alliance.membership.record(of: se))
    let orders: [[[MemberRecord]]] = [
      [[left], [right]], [[right], [left]], [[left, later], [right]], [[right], [left, later]],
      [[later, right, left]],
    ]
    for order in orders {
      var (membership, kept) = (alliance.membership, Set<MemberRecord>())
      for records in order {
        let taking = try membership.taking(records, of: se)
        #expect(taking.refused == nil)
        membership = taking.membership
        kept.formUnion(taking.added)
      }
      #expect(membership.record(of: se) == first, "neither of the two")
      let conflict = try #require(membership.conflicts[se])
      #expect(Set(conflict.records) == [left, right] && conflict.first.hash < conflict.second.hash)
      #expect(kept.isSuperset(of: [left, right]))
      // The same again, what follows, and a third say nothing new.
      #expect(try membership.taking([first, left, right, later, next(nil, "third")], of: se).added.isEmpty)
      #expect(problemCode { _ = try membership.extend(se, with: [later]) } == "record-conflict")
      // After a restart, from what was kept.
      let (again, problems) = Membership.make(
        alliance.membership.rosters, records: alliance.records + kept.sorted { $0.hash < $1.hash })
      #expect(again.conflicts == membership.conflicts && again.record(of: se) == first)
      #expect(problems.mapValues(\.code) == [se: RecordConflict.code])
    }
  }

  @Test func anEarlierContradictionTakesThePlaceOfALaterOne() throws {
    let (left, right) = (try next(nil, "left"), try next(nil, "right"))
    let (one, two) = (try next(left, "one"), try next(left, "two"))
    var membership = try alliance.membership.taking([left, one, two], of: se).membership
    #expect(membership.record(of: se) == left && membership.conflicts[se]?.number == 3)
    let taking = try membership.taking([right], of: se)
    #expect(taking.added == [right])
    membership = taking.membership
    #expect(membership.record(of: se)?.number == 1 && membership.conflicts[se]?.number == 2)
  }

  /// A coalition may be in two alliances with one card, and then has two record 2s.
  @Test func aRecordOfAnotherAllianceContradictsNothing() throws {
    let other = ObjectHash(sha256: [7])
    let (ours, foreign) = (try next(nil, "ours"), try next(nil, "foreign", in: other))
    let taking = try alliance.membership.taking([ours, foreign], of: se)
    #expect(taking.membership.record(of: se) == ours && taking.membership.conflicts.isEmpty && taking.added == [ours])
    let alone = try alliance.membership.taking([foreign], of: se)
    #expect(alone.added.isEmpty && alone.refused?.code == "record-order")
  }

  @Test func aPinSettlesItWhoeverHasWhat() throws {
    let (left, right) = (try next(nil, "left"), try next(nil, "right"))
    let later = try next(right, "later")
    var change = RosterChange()
    change.pins = [right]
    let chain = try alliance.membership.rosters.appending(alliance.decided(change))
    for kept in [[left, right], [right], [right, later, left], [left, right, later]] {
      let membership = Membership.make(chain, records: alliance.records + kept).membership
      #expect(membership.conflicts.isEmpty && membership.record(of: se) == (kept.contains(later) ? later : right))
      // The other one is settled, and so is everything that would follow it.
      let taking = try membership.taking([left, try next(left, "late"), later], of: se)
      #expect(taking.membership.record(of: se) == later && taking.membership.conflicts.isEmpty)
    }
  }

  @Test func tellsWhatDoesNotFollow() throws {
    let second = try next(nil, "second")
    let third = try next(second, "third")
    #expect(try alliance.membership.taking([third], of: se).refused?.code == "record-order")
    let both = try alliance.membership.taking([third, second], of: se)
    #expect(both.refused == nil && both.added == [second, third] && both.membership.record(of: se) == third)
    let stranger = try #require(CoalitionID("dk"))
    #expect(problemCode { _ = try alliance.membership.taking([second], of: stranger) } == "not-in-roster")
  }
}
