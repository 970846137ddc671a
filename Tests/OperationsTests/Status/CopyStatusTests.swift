import Alliance
import AllianceBench
import Ledger
import Replication
import Signing
import Testing
import Wire

@testable import Operations

/// How far a first copy is, for a newcomer who waits.
@Suite struct CopyStatusTests {
  private func staged(_ statements: UInt64, of all: UInt64?) throws -> StagedPosition {
    let alliance = try FoundedAlliance(["no", "se"], seed: 48)
    let no = try #require(CoalitionID("no"))
    var staged = StagedPosition(coalition: no)
    staged.statements = statements
    guard let all else { return staged }
    let hash = alliance.membership.roster.hash
    let claims = HeadClaims(
      historyRoot: hash, deltaHash: hash, deltaChanges: 0, deltaBytes: 0, liveDigest: hash, statements: all,
      liveBytes: all, floorEpoch: 1, floorIndex: 0, roster: 1, rosterHash: hash, recordHash: hash, signedAt: 1)
    let body = try Head.body(
      alliance: alliance.membership.alliance, coalition: no, epoch: 1, index: 4, claims: claims)
    staged.target = try Head(SignedObject(type: .head, body: body, key: #require(alliance.signingKeys[no])))
    return staged
  }

  @Test func countsRowsAndTellsWhatIsLeft() throws {
    let copy = CopyStatus(try staged(500, of: 1_000), pace: .init(since: 1_000, statements: 100), now: 3_000)
    #expect(copy.of == 1_000 && copy.perSecond == 200 && copy.secondsLeft == 3, "500 more at 200 a second")
  }

  @Test func saysNothingThatItDoesNotKnow() throws {
    let first = CopyStatus(try staged(0, of: nil), pace: nil, now: 0)
    #expect(first.of == nil && first.perSecond == nil && first.secondsLeft == nil)
    let early = CopyStatus(try staged(500, of: 1_000), pace: .init(since: 1_000, statements: 100), now: 1_500)
    #expect(early.perSecond == nil, "half a second is no rate")
    let still = CopyStatus(try staged(500, of: 1_000), pace: .init(since: 1_000, statements: 500), now: 9_000)
    #expect(still.perSecond == nil)
    // A copy that began before its coalition removed some: no time is left, and none below nothing.
    let over = CopyStatus(try staged(1_200, of: 1_000), pace: .init(since: 0, statements: 0), now: 2_000)
    #expect(over.secondsLeft == 0)
  }
}
