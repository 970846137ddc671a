import Alliance
import AllianceBench
import Signing
import SwiftProtobuf
import Testing
import Wire

/// What a roster may change of the one before.
@Suite struct RosterFollowsTests {
  private let council: Council
  private let later: Council

  init() throws {
    council = try Council(seed: 61)
    // Roster 2 admits fi, roster 3 removes it again.
    var later = council
    try later.decide(later.admitting("fi"))
    var change = RosterChange()
    change.removes = [try #require(CoalitionID("fi")): 3]
    change.hashKey = ObjectHash(sha256: [2])
    try later.decide(later.chain.next(change, issuedAt: 6))
    self.later = later
  }

  private func code(after council: Council, _ change: (inout WireRoster) -> Void) throws -> String? {
    let roster = try council.renamed("Another name")
    var wire = try WireRoster(serializedBytes: roster.signed.body)
    change(&wire)
    let body: [UInt8] = try wire.serializedBytes()
    return problemCode { try council.chain.check(Roster(SignedObject(type: .roster, body: body, signatures: []))) }
  }

  @Test func founders() throws {
    func key(_ closes: UInt32 = 0) -> WireHashKeyCommitment {
      var key = WireHashKeyCommitment()
      key.keyEpoch = 2
      key.suite = 1
      key.commitment = .init(repeating: 2, count: 32)
      key.closes = closes
      return key
    }
    func retired(_ coalition: String, _ epoch: UInt32 = 1) -> WireRetiredCoalition {
      var entry = WireRetiredCoalition()
      entry.coalition = coalition
      entry.lastEpoch = epoch
      return entry
    }
    let cases: [(String, String?, (inout WireRoster) -> Void)] = [
      ("renamed", nil, { _ in }), ("alliance", "roster-order", { $0.alliance = .init(repeating: 1, count: 32) }),
      ("number", "roster-order", { $0.number = 3 }),
      ("previous", "roster-order", { $0.previous = .init(repeating: 1, count: 32) }),
      ("number 1", "roster-malformed", { $0.number = 1 }), ("number 0", "roster-malformed", { $0.number = 0 }),
      ("no alliance", "roster-malformed", { $0.alliance = .init() }),
      ("purpose", "roster-order", { $0.purpose = .production }), ("issued before", "roster-order", { $0.issuedAt = 0 }),
      ("quota", nil, { $0.members[0].quota.statements = 5 }),
      ("no quota", "roster-quota", { $0.members[0].quota.statements = 0 }),
      ("quota too high", "roster-quota", { $0.members[0].quota.liveBytes = 1 << 41 }),
      (
        "pin", nil,
        {
          $0.members[0].recordNumber = 2
          $0.members[0].recordHash = .init(repeating: 7, count: 32)
        }
      ),
      ("another pin", "roster-pin", { $0.members[0].recordHash = .init(repeating: 7, count: 32) }),
      ("identity", nil, { $0.members[0].identityKey = .init(repeating: 7, count: 32) }),
      (
        "identity of another", "roster-malformed",
        { $0.members[0].identityKey = $0.members[1].identityKey }
      ),
      (
        "two identities", "roster-too-many-new",
        {
          $0.members[0].identityKey = .init(repeating: 7, count: 32)
          $0.members[1].identityKey = .init(repeating: 8, count: 32)
        }
      ),
      ("domain", nil, { $0.members[0].trustDomain = "new.example.org" }),
      (
        "domains change hands", "roster-reuse",
        {
          $0.members[0].trustDomain = $0.members[1].trustDomain
          $0.members[1].trustDomain = "new.example.org"
        }
      ),
      (
        "removed in silence", "roster-retired",
        {
          $0.members.removeLast()
          $0.hashKeys.append(key())
        }
      ),
      (
        "removed without a new key", "roster-hash-keys",
        {
          $0.members.removeLast()
          $0.retired = [retired("us")]
        }
      ),
      (
        "removed", nil,
        {
          $0.members.removeLast()
          $0.retired = [retired("us")]
          $0.hashKeys.append(key())
        }
      ),
      ("a member retired", "roster-retired", { $0.retired = [retired("us")] }),
      ("a stranger retired", "roster-retired", { $0.retired = [retired("fi")] }),
      ("retired without epoch", "roster-malformed", { $0.retired = [retired("fi", 0)] }),
      ("retired, not sorted", "roster-malformed", { $0.retired = [retired("us"), retired("fi")] }),
      ("new key", nil, { $0.hashKeys.append(key()) }),
      ("closed key", "roster-hash-keys", { $0.hashKeys[0].closes = 9 }),
      (
        "key in turn", nil,
        {
          $0.hashKeys[0].closes = 9
          $0.hashKeys.append(key())
        }
      ),
      ("new key closed", "roster-hash-keys", { $0.hashKeys.append(key(9)) }),
      ("another commitment", "roster-hash-keys", { $0.hashKeys[0].commitment = .init(repeating: 9, count: 32) }),
    ]
    for (name, expected, change) in cases { #expect(try code(after: council, change) == expected, "\(name)") }
  }

  @Test func whoWasRemovedIsRemembered() throws {
    let fi = try #require(later.records.values.first { $0.coalition.rawValue == "fi" })
    func member(_ change: (inout WireRosterMember) -> Void = { _ in }) -> WireRosterMember {
      var member = WireRosterMember()
      member.coalition = "fi"
      member.name = "Demo fi"
      member.identityKey = .init(fi.identityKey.bytes)
      member.trustDomain = fi.trustDomain
      member.recordNumber = 1
      member.recordHash = .init(fi.hash.bytes)
      member.quota.statements = 1
      member.quota.liveBytes = 1
      change(&member)
      return member
    }
    let cases: [(String, String?, (inout WireRoster) -> Void)] = [
      ("stays retired", nil, { _ in }), ("forgotten", "roster-retired", { $0.retired = [] }),
      ("later", "roster-retired", { $0.retired[0].lastEpoch = 4 }),
      ("earlier", "roster-retired", { $0.retired[0].lastEpoch = 2 }),
      ("comes back", nil, { $0.members.insert(member(), at: 1) }),
      (
        "comes back with another record 1", "roster-pin",
        {
          $0.members.insert(member { $0.recordHash = .init(repeating: 1, count: 32) }, at: 1)
        }
      ),
      (
        "comes back with another key", nil,
        {
          $0.members.insert(member { $0.identityKey = .init(repeating: 1, count: 32) }, at: 1)
        }
      ),
      (
        "comes back and is not retired", "roster-retired",
        {
          $0.members.insert(member(), at: 1)
          $0.retired = []
        }
      ),
      ("its trust domain to another", "roster-reuse", { $0.members[0].trustDomain = fi.trustDomain }),
      ("its identity key to another", "roster-reuse", { $0.members[0].identityKey = .init(fi.identityKey.bytes) }),
      ("hash key taken back", "roster-hash-keys", { $0.hashKeys.removeLast() }),
    ]
    for (name, expected, change) in cases { #expect(try code(after: later, change) == expected, "\(name)") }
    #expect(later.chain.newest.retiredEpoch(of: fi.coalition) == 3)
    // Gone once more, it is retired at a later epoch and never at an earlier one.
    var again = later
    var change = RosterChange()
    change.admits = [fi]
    try again.decide(again.chain.next(change, issuedAt: 7))
    #expect(
      again.chain.newest.differences(from: later.chain.newest).map(\.description).first?.contains("again") == true)
    change = RosterChange()
    change.hashKey = ObjectHash(sha256: [3])
    change.removes = [fi.coalition: 2]
    #expect(try again.chain.next(change, issuedAt: 8).retiredEpoch(of: fi.coalition) == 3)
    change.removes = [fi.coalition: 5]
    #expect(try again.chain.next(change, issuedAt: 8).retiredEpoch(of: fi.coalition) == 5)
  }

  /// Who comes must not be needed to decide what comes after: newcomers who never vote would stop the alliance for ever.
  @Test func thoseWhoStayCanDecideAlone() throws {
    var small = try Council(["no", "se"], seed: 62)
    var change = RosterChange()
    change.admits = [try small.newcomer("dk")]
    #expect(try small.chain.next(change, issuedAt: 2).members.count == 3)
    change.admits.append(try small.newcomer("fi"))
    #expect(problemCode { _ = try small.chain.next(change, issuedAt: 2) } == "roster-too-many-new")
    change = RosterChange()
    change.identityKeys = [small.members[0]: try SigningKey(seed: [UInt8](repeating: 3, count: 32)).verifyingKey]
    #expect(problemCode { _ = try small.chain.next(change, issuedAt: 2) } == "roster-too-many-new")
    change = RosterChange()
    change.names = [try #require(CoalitionID("xx")): "Nobody"]
    #expect(problemCode { _ = try small.chain.next(change, issuedAt: 2) } == "not-in-roster")
  }

  @Test func tellsWhatChanges() throws {
    var council = council
    let (dk, us) = (council.members[0], council.members[3])
    let fi = try council.newcomer("fi")
    let key = try SigningKey(seed: [UInt8](repeating: 3, count: 32)).verifyingKey
    var change = RosterChange()
    change.admits = [fi]
    change.removes = [us: 2]
    change.hashKey = ObjectHash(sha256: [2])
    change.closes = [1: 20_500]
    change.quotas = [dk: .init(statements: 5, liveBytes: 6)]
    change.trustDomains = [dk: "new.example.org"]
    change.names = [dk: "Denmark"]
    change.allianceName = "New name"
    change.expires = 30_000
    let before = council.chain.newest
    let next = try council.chain.next(change, issuedAt: 9)
    #expect(
      next.differences(from: before).map(\.description) == [
        "changes the trust domain of dk from dk.example.org to new.example.org",
        "names dk Denmark, no longer Demo dk",
        "changes the quota of dk from 10000000 statements and 4294967296 bytes to 5 statements and 6 bytes",
        "admits fi (Demo fi), identity fingerprint \(fi.fingerprint), trust domain fi.example.org, "
          + "quota 10000000 statements and 4294967296 bytes",
        "removes us (Demo us), after its epoch 2", "closes hash key 1 on day 20500", "brings hash key 2",
        "names the alliance New name, no longer Simulated alliance", "expires on day 30000",
      ])
    change = RosterChange()
    change.identityKeys = [dk: key]
    let replaced = try council.chain.next(change, issuedAt: 9)
    #expect(
      replaced.differences(from: before).map(\.description) == [
        "gives dk another identity key: fingerprint \(Fingerprint(identity: key, of: dk)) in the place of "
          + "\(before.members[0].fingerprint)"
      ])
    #expect(before.differences(from: before).isEmpty)
    var wire = try WireRoster(serializedBytes: next.signed.body)
    var member = try wire.members[0].serializedBytes() as [UInt8]
    member += [0x9a, 0x06, 0x01, 0x01]
    wire.members[0] = try WireRosterMember(serializedBytes: member)
    let unknown = try Roster(SignedObject(type: .roster, body: wire.serializedBytes(), signatures: []))
    #expect(unknown.differences(from: next) == [.unknown])
    #expect(problemCode { try council.chain.check(unknown) } == nil, "it may be voted for by who knows")
  }
}
