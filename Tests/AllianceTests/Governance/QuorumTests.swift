import Alliance
import Testing

/// How many signatures decide.
@Suite struct QuorumTests {
  @Test(arguments: [(1, 0, 1), (2, 0, 2), (3, 0, 2), (4, 1, 3), (5, 1, 4), (6, 1, 4), (7, 2, 5), (47, 15, 32)])
  func table(_ row: (members: Int, faults: Int, size: Int)) {
    let quorum = Quorum(of: row.members)
    #expect(quorum.faults == row.faults && quorum.size == row.size)
    #expect(quorum.isReached(by: row.size) && !quorum.isReached(by: row.size - 1))
  }

  @Test func anyTwoShareMoreThanMayLieAndTheOthersSuffice() {
    for members in 1...256 {
      let quorum = Quorum(of: members)
      #expect(2 * quorum.size - members > quorum.faults, "\(members)")
      #expect(quorum.size <= members - quorum.faults, "\(members): a quorum answers without them")
      #expect(2 * (quorum.size - 1) - members <= quorum.faults, "\(members): no larger than needed")
    }
  }
}
