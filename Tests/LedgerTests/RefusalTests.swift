import AllianceBench
import Ledger
import Replication
import Seeded
import Signing
import Testing
import Wire

/// What a reader refuses, and whose fault it is.
@Suite struct RefusalTests {
  private let alliance: FoundedAlliance
  private let coalition: CoalitionID
  private let key: SigningKey
  private let row: Row

  init() throws {
    var random = SeededRandom(seed: 4)
    alliance = try FoundedAlliance(["se", "no"], random: &random)
    coalition = try #require(CoalitionID("se"))
    key = try #require(alliance.signingKeys[coalition])
    let statementKey = try #require(StatementKey([1] + random.bytes(32)))
    row = Row(key: statementKey, salt: random.bytes(16), statement: random.bytes(30))
  }

  private func code(
    after held: Position? = nil, signer: SigningKey? = nil, epoch: UInt32 = 1, index: UInt64 = 0, delta: [UInt8]? = nil,
    _ change: (inout HeadClaims) -> Void = { _ in }
  ) throws -> String? {
    let position = held ?? Position(coalition: coalition)
    let made = try Delta(nonce: Array(repeating: 9, count: 16), changes: [.put(row)])
    let (after, _) = try position.effect(of: made) { _ in nil }
    let membership = alliance.membership
    let record = try #require(membership.record(of: coalition))
    var claims = HeadClaims(
      historyRoot: HistoryTree().root, deltaHash: made.hash, deltaChanges: 1, deltaBytes: UInt32(made.bytes.count),
      liveDigest: after.digest.hash, statements: 1, liveBytes: after.liveBytes, floorEpoch: 1, floorIndex: 0, roster: 1,
      rosterHash: membership.roster.hash, recordHash: record.hash, signedAt: 5)
    change(&claims)
    let body = try Head.body(
      alliance: membership.alliance, coalition: coalition, epoch: epoch, index: index, claims: claims)
    let head = try Head(SignedObject(type: .head, body: body, key: signer ?? key))
    let authority = try #require(membership.headAuthority(of: coalition))
    do {
      _ = try position.applying(head, delta: delta ?? made.bytes, under: authority) { _ in nil }
      return nil
    } catch let fault as Fault {
      if case .link = fault { return "link " + fault.problem.code }
      return fault.problem.code
    }
  }

  @Test func aGoodHeadIsApplied() throws { #expect(try code() == nil) }

  @Test func wrongBytesAreTheLinksFault() throws {
    #expect(try code(signer: SigningKey(seed: Array(repeating: 1, count: 32))) == "link head-signature")
    #expect(try code(delta: [1, 2, 3]) == "link delta-hash")
  }

  /// Where the key of an epoch is known, a record that is not here says nothing: a roster may have ended it since. Where it is not,
  /// that record may open it.
  @Test func aRecordThatIsNotHereIsWaitedForOnlyWhereItsKeyIs() throws {
    let zero = ObjectHash(sha256: [])
    #expect(try code { $0.recordHash = zero } == nil)
    let other = try SigningKey(seed: Array(repeating: 1, count: 32))
    #expect(try code(signer: other) { $0.recordHash = zero } == "record-unknown", "no fault of the link")
    #expect(try code(epoch: 2) == "link head-epoch")
    #expect(try code(epoch: 2) { $0.recordHash = zero } == "record-unknown")
  }

  /// A position that a new epoch leaves behind may name a newer roster than what comes in its place.
  @Test func onlyWhatFollowsIsComparedWithTheHeadBefore() throws {
    var position = Position(coalition: coalition)
    position.head = HeadReference(coalition: coalition, epoch: 1, index: 7, hash: ObjectHash(sha256: [7]))
    position.roster = 9
    #expect(try code(after: position) == "head-gap")
  }

  @Test func brokenRulesAreTheCoalitionsFault() throws {
    let zero = ObjectHash(sha256: [])
    #expect(try code { $0.liveDigest = zero } == "live-digest-differs")
    #expect(try code { $0.statements = 2 } == "live-counts-differ")
    #expect(try code { $0.liveBytes = 2 } == "live-counts-differ")
    #expect(try code { $0.deltaChanges = 2 } == "delta-count")
    #expect(try code { $0.deltaBytes = 2 } == "delta-size")
    #expect(try code { $0.deltaBytes = .max } == "delta-too-large")
    #expect(try code { $0.statements = .max } == "quota-exceeded")
    #expect(try code { $0.rosterHash = zero } == "head-roster")
    #expect(try code { $0.roster = 9 } == "roster-unknown")
    #expect(try code { $0.historyRoot = ObjectHash(sha256: [1]) } == "history-differs")
    #expect(try code { $0.suite = 2 } == "reader-too-old")
    #expect(try code { $0.lowestReader = 2 } == "reader-too-old")
    #expect(try code(index: 1) == "epoch-gap")
  }

  @Test func malformedDeltasAreTheCoalitionsFault() throws {
    func code(_ bytes: [UInt8]) -> String? {
      do {
        _ = try Delta(bytes: bytes)
        return nil
      } catch {
        return (error as? Fault)?.problem.code
      }
    }
    #expect(code([0xFF]) == "delta-undecodable")
    #expect(code([0x0A, 1, 1]) == "delta-malformed")
    #expect(throws: Fault.self) {
      try Delta(nonce: Array(repeating: 0, count: 16), changes: [.put(row), .remove(row.key)])
    }
    #expect(throws: Fault.self) {
      try Delta(nonce: Array(repeating: 0, count: 16), changes: [.put(Row(key: row.key, salt: [1], statement: []))])
    }
  }
}
