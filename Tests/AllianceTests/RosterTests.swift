import Alliance
import AllianceBench
import Signing
import Testing
import Wire

/// Roster 1: who is in the alliance.
@Suite struct RosterTests {
  private let alliance: FoundedAlliance

  init() throws { alliance = try FoundedAlliance(seed: 41) }

  private func code(_ change: (inout WireRoster) -> Void) throws -> String? {
    var wire = try WireRoster(serializedBytes: alliance.membership.roster.signed.body)
    change(&wire)
    let body: [UInt8] = try wire.serializedBytes()
    return problemCode { _ = try Roster(SignedObject(type: .roster, body: body, signatures: [])) }
  }

  @Test func readsItself() throws {
    let roster = alliance.membership.roster
    #expect(roster.coalitions.map(\.rawValue) == ["no", "se", "us"])
    #expect(roster.signers == roster.coalitions)
    #expect(roster.member(alliance.coalitions[1])?.recordHash == alliance.records[1].hash)
    #expect(roster.members.allSatisfy { $0.quota == Roster.firstQuota })
    #expect(try code { _ in } == nil)
  }

  @Test func refusesWhatIsNotWhole() throws {
    let changes: [(String, (inout WireRoster) -> Void)] = [
      ("number", { $0.number = 2 }), ("alliance", { $0.alliance = .init(repeating: 0, count: 32) }),
      ("previous", { $0.previous = .init(repeating: 0, count: 32) }), ("name", { $0.name = "a\nb" }),
      ("purpose", { $0.purpose = .unspecified }), ("purpose", { $0.purpose = .UNRECOGNIZED(9) }),
      ("members", { $0.members = [] }), ("order", { $0.members.swapAt(0, 1) }),
      ("twice", { $0.members.append($0.members[2]) }), ("member", { $0.members[0].coalition = "nor" }),
      ("member", { $0.members[0].name = "" }), ("member", { $0.members[0].recordHash = .init([1]) }),
      ("member", { $0.members[0].recordNumber = 0 }), ("member", { $0.members[0].identityKey = .init([1]) }),
      ("domain", { $0.members[0].trustDomain = $0.members[1].trustDomain }),
      ("identity", { $0.members[0].identityKey = $0.members[1].identityKey }), ("keys", { $0.hashKeys = [] }),
      ("keys", { $0.hashKeys[0].keyEpoch = 2 }), ("keys", { $0.hashKeys[0].suite = 2 }),
      ("keys", { $0.hashKeys[0].commitment = .init([1]) }),
    ]
    for (name, change) in changes { #expect(try code(change) == "roster-malformed", "\(name)") }
    let unreadable = SignedObject(type: .roster, body: [0xff], signatures: [])
    #expect(problemCode { _ = try Roster(unreadable) } == "roster-unreadable")
  }

  @Test func isFoundedByTwoOrMoreDifferentCoalitions() throws {
    let key = HashKeyCommitment(keyEpoch: 1, nonce: [], key: [])
    func code(_ records: [MemberRecord]) -> String? {
      problemCode {
        _ = try Roster.founding(name: "Alliance", purpose: .demo, records: records, hashKey: key, issuedAt: 1)
      }
    }
    #expect(code(alliance.records) == nil)
    #expect(code([alliance.records[0]]) == "founders")
    #expect(code([]) == "founders")
    #expect(code([alliance.records[0], alliance.records[1], alliance.records[0]]) == "founders")
    let bodies = try [alliance.records, alliance.records.reversed()].map {
      try Roster.founding(name: "Alliance", purpose: .demo, records: $0, hashKey: key, issuedAt: 1)
    }
    #expect(bodies[0] == bodies[1], "the order of the cards does not matter")
  }

  @Test func receiptsCountForTheirOwnCoalitionOnly() throws {
    let (no, se) = (alliance.coalitions[0], alliance.coalitions[1])
    func receipt(by signer: CoalitionID, epoch: UInt32 = 1, in other: ObjectHash? = nil) throws -> Receipt {
      try Receipt.make(
        alliance: other ?? alliance.membership.alliance, coalition: no, epoch: epoch, number: 5, signedAt: 1,
        entries: [], key: try #require(alliance.signingKeys[signer]))
    }
    #expect(try receipt(by: no).isValid(in: alliance.membership))
    #expect(try !receipt(by: se).isValid(in: alliance.membership))
    #expect(try !receipt(by: no, epoch: 2).isValid(in: alliance.membership))
    #expect(try !receipt(by: no, in: alliance.records[0].hash).isValid(in: alliance.membership))
    let first = try receipt(by: no)
    #expect(first.isNewer(than: nil) && !first.isNewer(than: first))
    #expect(try receipt(by: no, epoch: 2).isNewer(than: first))
  }
}
