import Alliance
import AllianceBench
import Seeded
import Signing
import Testing
import Wire

/// The alliance file: a union of signatures over one roster, whoever merges whichever copies in whatever order.
@Suite struct AllianceFileTests {
  private let alliance: FoundedAlliance
  private let file: AllianceFile

  init() throws {
    alliance = try FoundedAlliance(["dk", "fi", "no", "se", "us"], seed: 21)
    file = alliance.unsigned
  }

  private func signed(_ coalitions: [CoalitionID], from start: AllianceFile? = nil) throws -> AllianceFile {
    try coalitions.reduce(start ?? file) { try $0.signed(by: try #require(alliance.identities[$1])) }
  }

  @Test func isCompleteWhenAllHaveSigned() throws {
    #expect(file.signers.isEmpty && file.missing == alliance.coalitions)
    let some = try signed(Array(alliance.coalitions.prefix(4)))
    #expect(!some.isComplete && some.missing == [alliance.coalitions[4]])
    #expect(problemCode { _ = try Membership(some) } == "alliance-incomplete")
    let all = try signed(alliance.coalitions)
    #expect(all.isComplete)
    #expect(try Membership(all).alliance == file.alliance)
    #expect(all.alliance == file.alliance, "signatures do not change the id")
  }

  @Test func signingTwiceChangesNothing() throws {
    let once = try signed([alliance.coalitions[0]])
    #expect(try signed([alliance.coalitions[0]], from: once) == once)
  }

  /// Commutative, associative, idempotent, and never fewer signatures than either side had.
  @Test(arguments: 1...30 as ClosedRange<UInt64>) func mergesInAnyOrder(seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let copies = try (0..<4).map { _ in
      try signed(alliance.coalitions.filter { _ in random.happens(oneIn: 2) }.shuffled(using: &random))
    }
    let signers = alliance.coalitions.filter { one in copies.contains { $0.signers.contains(one) } }
    let orders = (0..<6).map { _ in copies.shuffled(using: &random) }
    for order in orders {
      var merged = try order.dropFirst().reduce(order[0]) { try $0.merging($1) }
      #expect(merged.signers == signers)
      merged = try merged.merging(order[1])
      #expect(merged.signers == signers)
      #expect(merged.roster.signed.signatures.count == signers.count, "a signature stands once")
    }
    let (left, right) = (try copies[0].merging(copies[1]), try copies[2].merging(copies[3]))
    #expect(try left.merging(right).signers == signers)
  }

  @Test func readsWhatItWrites() throws {
    let some = try signed(Array(alliance.coalitions.prefix(2)))
    let (read, dropped) = try AllianceFile.read(text: some.text, file: "alliance")
    #expect(dropped.isEmpty)
    #expect(read == some)
    #expect(read.bytes == some.bytes)
  }

  @Test func refusesToMergeAnotherRoster() throws {
    let other = try FoundedAlliance(["dk", "fi", "no", "se", "us"], seed: 22).unsigned
    #expect(problemCode { _ = try file.merging(other) } == "another-alliance")
  }

  @Test func dropsAndNamesSignaturesThatDoNotCount() throws {
    let stranger = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    let se = try #require(alliance.identities[alliance.coalitions[3]])
    var wire = try WireAllianceFile(serializedBytes: file.bytes)
    var broken = try se.sign(.roster, body: file.roster.signed.body)
    broken.bytes[0] ^= 1
    wire.signatures = [
      try stranger.sign(.roster, body: file.roster.signed.body), broken,
      try se.sign(.record, body: file.roster.signed.body), try se.sign(.roster, body: file.roster.signed.body),
    ]
    let text = Armour.alliance.wrap(try wire.serializedBytes())
    let (read, dropped) = try AllianceFile.read(text: text, file: "alliance")
    #expect(read.signers == [alliance.coalitions[3]])
    #expect(dropped.count == 3)
    #expect(dropped.allSatisfy { $0.hasPrefix("a signature of key ") })
  }

  @Test func needsEveryPinnedRecordAndSealedKey() throws {
    func code(_ change: (inout WireAllianceFile) throws -> Void) throws -> String? {
      var wire = try WireAllianceFile(serializedBytes: file.bytes)
      try change(&wire)
      let text = Armour.alliance.wrap(try wire.serializedBytes())
      return problemCode { _ = try AllianceFile.read(text: text, file: "alliance") }
    }
    #expect(try code { _ in } == nil)
    #expect(try code { $0.records.removeLast() } == "alliance-records")
    #expect(try code { $0.keys.removeFirst() } == "alliance-keys")
    #expect(try code { $0.keys[0].ciphertext = .init([1, 2]) } == "alliance-keys", "impossible sizes are no key")
    #expect(try code { $0.records[1].signatures[0].bytes[5] ^= 1 } == "record-signature")
    let other = try FoundedAlliance(["dk", "fi", "no", "se", "us"], seed: 22)
    #expect(try code { $0.records[2] = other.records[2].signed.wire } == "alliance-records", "not the pinned one")
    #expect(try code { $0.roster = .init([0xff]) } == "roster-unreadable")
  }

  @Test func saysWhatAnotherTextIs() throws {
    #expect(problemCode { _ = try AllianceFile.read(text: "hello", file: "x") } == "not-armoured")
    let card = try CoalitionCard(record: alliance.records[0])
    #expect(problemCode { _ = try AllianceFile.read(text: card.text, file: "x") } == "wrong-file")
    #expect(problemCode { _ = try CoalitionCard(text: file.text, file: "x") } == "wrong-file")
    #expect(
      problemCode { _ = try AllianceFile.read(text: Armour.alliance.wrap([0xff, 1]), file: "x") }
        == "alliance-unreadable")
    #expect(try CoalitionCard(text: card.text, file: "x") == card)
  }

  /// Bytes from outside never trap: every prefix and many changed bytes of a real file.
  @Test func damagedFilesAreRefusedNotFatal() throws {
    var random = SeededRandom(seed: 4)
    let bytes = try signed(alliance.coalitions).bytes
    for length in stride(from: 0, to: bytes.count, by: 37) {
      let text = Armour.alliance.wrap(Array(bytes.prefix(length)))
      #expect(problemCode { _ = try AllianceFile.read(text: text, file: "x") } != nil, "\(length) bytes")
    }
    for _ in 0..<300 {
      var changed = bytes
      changed[Int(random.below(UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
      let text = Armour.alliance.wrap(changed)
      _ = problemCode { _ = try AllianceFile.read(text: text, file: "x") }
    }
  }
}
