import Alliance
import AllianceBench
import Signing
import Testing
import Wire

/// What a member publishes of itself, and how one record follows another.
@Suite struct MemberRecordTests {
  private let alliance: FoundedAlliance
  private let record: MemberRecord
  private let identity: SigningKey

  init() throws {
    alliance = try FoundedAlliance(["no", "se"], seed: 31)
    record = alliance.records[1]
    identity = try #require(alliance.identities[record.coalition])
  }

  private func made(
    by key: SigningKey? = nil, _ change: (inout WireMemberRecord) -> Void
  ) throws -> MemberRecord {
    var wire = try WireMemberRecord(serializedBytes: record.signed.body)
    change(&wire)
    return try MemberRecord(SignedObject(type: .record, body: try wire.serializedBytes(), key: key ?? identity))
  }

  private func next(_ change: (inout WireMemberRecord) -> Void = { _ in }) throws -> MemberRecord {
    try made {
      $0.number = 2
      $0.alliance = .init(alliance.membership.alliance.bytes)
      $0.previous = .init(record.hash.bytes)
      change(&$0)
    }
  }

  @Test func readsItself() throws {
    #expect(try MemberRecord(record.signed) == record)
    #expect(record.number == 1 && record.coalition.rawValue == "se" && record.epochs.map(\.number) == [1])
  }

  @Test func aNodeMayHaveNoEndpoint() throws {
    #expect(try made { $0.endpoints = [] }.endpoints == [])
  }

  @Test func refusesWhatIsNotWhole() throws {
    let changes: [(String, (inout WireMemberRecord) -> Void)] = [
      ("coalition", { $0.coalition = "SE" }), ("number", { $0.number = 0 }),
      ("identity", { $0.identityKey = .init([1]) }), ("domain", { $0.trustDomain = "one" }),
      ("domain", { $0.trustDomain = "Two.Labels" }), ("name", { $0.name = "" }),
      ("name", { $0.name = "a\u{1B}[31mb" }), ("name", { $0.name = "a\u{202E}b" }),
      ("name", { $0.name = String(repeating: "x", count: 121) }), ("sealing", { $0.sealingKey = .init([1]) }),
      ("authorities", { $0.authorities = [] }),
      ("authorities", { $0.authorities = Array(repeating: .init([0x30, 0]), count: 65) }),
      ("endpoints", { $0.endpoints = Array(repeating: "a:1", count: 65) }),
      ("endpoints", { $0.endpoints = ["no port"] }),
      ("serials", { $0.revokedSerials = Array(repeating: .init([1]), count: 1_025) }),
      ("contact", { $0.contact = String(repeating: "x", count: 257) }), ("epochs", { $0.epochs[0].number = 2 }),
      ("epochs", { $0.epochs[0].suite = 2 }), ("epochs", { $0.epochs[0].key = .init([1]) }),
      ("epochs", { $0.epochs[0].continues.headHash = .init([1]) }),
      ("previous", { $0.previous = .init(repeating: 0, count: 32) }),
      ("alliance", { $0.alliance = .init(repeating: 0, count: 32) }), ("later", { $0.number = 2 }),
    ]
    for (name, change) in changes {
      #expect(problemCode { _ = try made(change) } == "record-malformed", "\(name)")
    }
    let other = try SigningKey(seed: [UInt8](repeating: 9, count: 32))
    #expect(problemCode { _ = try made(by: other) { _ in } } == "record-signature")
    for body in [[0xff], [UInt8](repeating: 0, count: 300_000)] {
      let signed = try SignedObject(type: .record, body: body, key: identity)
      #expect(problemCode { _ = try MemberRecord(signed) } == "record-unreadable")
    }
  }

  @Test func aNameMayHaveAnyScript() throws {
    for name in ["Ålands bank", "金融連合", "تحالف", "x"] { #expect(MemberRecord.isName(name)) }
    for name in ["", "a\nb", "\u{200B}", "\u{0}"] { #expect(!MemberRecord.isName(name)) }
  }

  @Test func recordsFollowEachOther() throws {
    let chain = try RecordChain(first: record)
    let id = alliance.membership.alliance
    let second = try next {
      $0.endpoints = ["other.example.org:7473"]
      var epoch = WireSigningEpoch()
      epoch.number = 2
      epoch.suite = 1
      epoch.key = .init(repeating: 3, count: 32)
      epoch.continues.epoch = 1
      epoch.continues.index = 4
      epoch.continues.headHash = .init(repeating: 4, count: 32)
      $0.epochs.append(epoch)
    }
    let longer = try chain.appending(second, in: id)
    #expect(longer.newest == second && longer.first == record && longer.records.count == 2)
    #expect(problemCode { _ = try longer.appending(second, in: id) } == "record-order", "not twice")
    #expect(problemCode { _ = try RecordChain(first: second) } == "record-order")
    #expect(problemCode { _ = try CoalitionCard(record: second) } == "card-order")
    #expect(problemCode { _ = try chain.appending(second, in: record.hash) } == "record-order", "another alliance")
    let wrong: [(String, (inout WireMemberRecord) -> Void)] = [
      ("record-order", { $0.number = 3 }), ("record-order", { $0.previous = .init(repeating: 1, count: 32) }),
      ("record-order", { $0.coalition = "no" }), ("record-changes-identity", { $0.trustDomain = "other.example.org" }),
      ("record-epochs", { $0.epochs = [] }), ("record-epochs", { $0.epochs[0].key = .init(repeating: 3, count: 32) }),
    ]
    for (code, change) in wrong {
      #expect(problemCode { _ = try chain.appending(next(change), in: id) } == code)
    }
    let thief = try SigningKey(seed: [UInt8](repeating: 9, count: 32))
    let stolen = try made(by: thief) {
      $0.number = 2
      $0.alliance = .init(id.bytes)
      $0.previous = .init(record.hash.bytes)
      $0.identityKey = .init(thief.verifyingKey.bytes)
    }
    #expect(problemCode { _ = try chain.appending(stolen, in: id) } == "record-changes-identity")
  }

  /// Every member must be able to show the whole chain in one answer, and what contradicts it too.
  @Test func aChainFitsOneAnswer() throws {
    let id = alliance.membership.alliance
    var chain = try RecordChain(first: record)
    var bytes = record.answerBytes
    while true {
      let newest = chain.newest
      let large = try made {
        $0.number = newest.number + 1
        $0.alliance = .init(id.bytes)
        $0.previous = .init(newest.hash.bytes)
        $0.authorities = Array(repeating: .init(repeating: 7, count: 4_000), count: 64)
      }
      bytes += large.answerBytes
      guard bytes <= RecordChain.mostBytes else {
        #expect(problemCode { _ = try chain.appending(large, in: id) } == "record-chain-full")
        break
      }
      chain = try chain.appending(large, in: id)
    }
    #expect(chain.records.count > 8)
    let newest = chain.newest
    let small = try made {
      $0.number = newest.number + 1
      $0.alliance = .init(id.bytes)
      $0.previous = .init(newest.hash.bytes)
    }
    #expect(try chain.appending(small, in: id).newest == small, "a small one still fits")
  }

  /// Whoever passes a record on could add to it what others would keep and pass on.
  @Test func keepsOneSignatureOfItsOwn() throws {
    var junk = try #require(record.signed.signatures.first)
    junk.bytes = .init(repeating: 1, count: 64)
    let plain = try #require(record.signed.signatures.first)
    let ours = try WireSignature(serializedBytes: plain.serializedBytes() + [0xF8, 0x07, 0x01])
    let more = SignedObject(
      type: .record, body: record.signed.body, signatures: Array(repeating: junk, count: 40) + [ours, junk])
    #expect(try MemberRecord(more).signed.signatures == record.signed.signatures)
  }

  @Test func membershipTakesWhatFollowsAndPassesOverWhatItKnows() throws {
    var membership = alliance.membership
    let second = try next { $0.endpoints = ["other.example.org:7473"] }
    #expect(try membership.extend(record.coalition, with: [second, record]) == [second])
    #expect(membership.record(of: record.coalition) == second)
    #expect(try membership.extend(record.coalition, with: [record, second]).isEmpty)
    let gap = try next { $0.number = 4 }
    #expect(problemCode { _ = try membership.extend(record.coalition, with: [gap]) } == "record-order")
    #expect(membership.record(of: record.coalition) == second, "as before")
    let stranger = try #require(CoalitionID("dk"))
    #expect(problemCode { _ = try membership.extend(stranger, with: [second]) } == "not-in-roster")
  }
}
