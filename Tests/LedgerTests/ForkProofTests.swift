import Alliance
import AllianceBench
import Ledger
import Replication
import Seeded
import Signing
import Testing
import Wire

/// Two histories of one epoch, proven by nobody but the key that signed both.
@Suite struct ForkProofTests {
  private let alliance: FoundedAlliance
  private let authority: HeadAuthority
  private let key: SigningKey

  init() throws {
    alliance = try FoundedAlliance(seed: 5)
    let se = try #require(CoalitionID("se"))
    authority = try #require(alliance.membership.headAuthority(of: se))
    key = try #require(alliance.signingKeys[se])
  }

  /// A chain of heads that differ from another chain from one index on.
  private func chain(_ count: Int, differingFrom fork: Int = .max, by other: SigningKey? = nil) throws -> [Head] {
    var history = HistoryTree()
    return try (0..<count).map { index in
      let claims = HeadClaims(
        historyRoot: history.root, deltaHash: ObjectHash(sha256: [UInt8(index), index >= fork ? 1 : 0]),
        deltaChanges: 0, deltaBytes: 18, liveDigest: ObjectHash(sha256: []), statements: 0, liveBytes: 0,
        floorEpoch: 1, floorIndex: 0, roster: 1, rosterHash: alliance.membership.roster.hash,
        recordHash: ObjectHash(sha256: [9]), signedAt: 1)
      let body = try Head.body(
        alliance: authority.alliance, coalition: authority.coalition, epoch: 1, index: UInt64(index), claims: claims)
      let head = try Head(SignedObject(type: .head, body: body, key: other ?? key))
      history.append(head.reference.hash)
      return head
    }
  }

  @Test func provesTwoHeadsOfOneIndex() throws {
    let (one, other) = (try chain(4)[3], try chain(4, differingFrom: 3)[3])
    let proof = try #require(ForkProof(one, other))
    #expect(proof.isValid(under: authority) && proof.index == 3 && proof.included == nil)
    #expect(ForkProof(one, one) == nil, "one head is no proof")
    #expect(ForkProof(try chain(4)[2], other) == nil, "a head before the fork, without a history, is no proof")
    #expect(try ForkProof(proof.wire) == proof)
  }

  /// Wherever the two chains part and whichever heads are at hand, from any size of history.
  @Test func provesByTheHistoryOfALaterHead() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<200 {
      let fork = Int(random.below(20))
      let (first, second) = (fork + Int(random.below(20)), fork + Int(random.below(20)))
      guard first != second else { continue }
      let (ours, theirs) = (try chain(first + 1), try chain(second + 1, differingFrom: fork))
      let later = first > second ? ours : theirs
      let proof = try #require(ForkProof(ours[first], theirs[second], history: later.map(\.reference.hash)))
      #expect(proof.index == UInt64(min(first, second)))
      #expect(proof.isValid(under: authority))
      #expect(try ForkProof(proof.wire) == proof)
    }
  }

  @Test func nobodyElseCanMakeOne() throws {
    var random = SeededRandom(seed: 8)
    let thief = try SigningKey(seed: random.bytes(32))
    let proof = try #require(ForkProof(try chain(4)[3], try chain(4, differingFrom: 2, by: thief)[3]))
    #expect(!proof.isValid(under: authority), "the second head is not the coalition's")
    // One honest chain, and a lie about what its history holds.
    let heads = try chain(9)
    let hashes = heads.map(\.reference.hash)
    #expect(ForkProof(heads[3], heads[8], history: hashes) == nil)
    var wire = try #require(ForkProof(try chain(4, differingFrom: 2)[3], heads[8], history: hashes)).wire
    wire.first = heads[3].signed.wire
    #expect(throws: Fault.self) { try ForkProof(wire) }
    wire = try #require(ForkProof(try chain(4, differingFrom: 2)[3], heads[8], history: hashes)).wire
    wire.inclusion = wire.inclusion.dropLast()
    #expect(throws: Fault.self) { try ForkProof(wire) }
  }

  @Test func theEarliestActs() throws {
    let (ours, theirs) = (try chain(9), try chain(9, differingFrom: 2))
    let early = try #require(ForkProof(ours[3], theirs[3]))
    let late = try #require(ForkProof(ours[6], theirs[6]))
    #expect(early.precedes(late) && !late.precedes(early) && early.precedes(nil) && !early.precedes(early))
  }

  /// RFC 9162, section 2.1.3: every leaf of every tree up to 40, and no other leaf by the same path.
  @Test func everyPathProvesItsLeafAndNoOther() throws {
    let hashes = (0..<40).map { ObjectHash(sha256: [UInt8($0)]) }
    var tree = HistoryTree()
    for size in 1...40 {
      tree.append(hashes[size - 1])
      #expect(HistoryPath.root(of: hashes[..<size]) == tree.root)
      for index in 0..<size {
        let path = try #require(HistoryPath.make(of: index, in: hashes[..<size]))
        #expect(
          HistoryPath.proves(hashes[index], at: UInt64(index), inTreeOf: UInt64(size), root: tree.root, by: path))
        let other = (index + 1) % size
        if other != index {
          #expect(
            !HistoryPath.proves(hashes[other], at: UInt64(index), inTreeOf: UInt64(size), root: tree.root, by: path))
          #expect(
            !HistoryPath.proves(hashes[index], at: UInt64(other), inTreeOf: UInt64(size), root: tree.root, by: path))
        }
      }
      #expect(!HistoryPath.proves(hashes[0], at: UInt64(size), inTreeOf: UInt64(size), root: tree.root, by: []))
    }
  }
}
