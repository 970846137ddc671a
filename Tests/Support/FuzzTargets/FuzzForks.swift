internal import Alliance
internal import AllianceBench
internal import Foundation
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import SwiftProtobuf
internal import Wire

/// Two histories that a key signed, and proofs of them that others put together: whatever they make of its heads, hashes and
/// paths, nobody can prove a fork that was not signed.
struct FuzzForks: Sendable {
  static let shared = Result { try FuzzForks() }
  /// From here on the two histories differ.
  private static let fork = 3
  private static let length = 9

  private let authority: HeadAuthority
  private let chains: [[Head]]

  private init() throws {
    var random = SeededRandom(seed: 29)
    let alliance = try FoundedAlliance(["se", "no"], random: &random)
    guard let se = CoalitionID("se"), let authority = alliance.membership.headAuthority(of: se),
      let key = alliance.signingKeys[se]
    else { throw BrokenPromise("se is a member") }
    self.authority = authority
    chains = try (UInt8(0)...1).map { number in
      var history = HistoryTree()
      return try (0..<Self.length).map { index in
        let claims = HeadClaims(
          historyRoot: history.root,
          deltaHash: ObjectHash(sha256: [UInt8(index), index >= Self.fork ? number : 0]), deltaChanges: 0,
          deltaBytes: 18, liveDigest: ObjectHash(sha256: []), statements: 0, liveBytes: 0, floorEpoch: 1, floorIndex: 0,
          roster: 1, rosterHash: alliance.membership.roster.hash, recordHash: ObjectHash(sha256: [9]), signedAt: 1)
        let body = try Head.body(
          alliance: authority.alliance, coalition: se, epoch: 1, index: UInt64(index), claims: claims)
        let head = try Head(SignedObject(type: .head, body: body, key: key))
        history.append(head.reference.hash)
        return head
      }
    }
  }

  func run(_ bytes: [UInt8]) throws {
    var choices = Choices(bytes)
    let wire: WireForkProof?
    switch choices.below(3) {
    case 0: wire = try? WireForkProof(serializedBytes: choices.all())
    case 1: wire = assembled(&choices)
    default:
      let (one, other) = (head(&choices, of: 0), head(&choices, of: 1))
      let later = one.reference.index > other.reference.index ? 0 : 1
      guard let proof = ForkProof(one, other, history: chains[later].map(\.reference.hash)) else { return }
      try BrokenPromise.check(proof.isValid(under: authority), "two signed histories are proven")
      wire = try? WireForkProof(serializedBytes: choices.damaged(proof.wire.serializedBytes()))
    }
    guard let wire, let proof = try? ForkProof(wire) else { return }
    try BrokenPromise.check((try? ForkProof(proof.wire)) == proof, "a proof is read as it was written")
    guard proof.isValid(under: authority) else { return }
    let heads = [proof.first.reference.hash, proof.second.reference.hash]
    let known = chains.map { Set($0.map(\.reference.hash)) }
    try BrokenPromise.check(heads.allSatisfy { hash in known.contains { $0.contains(hash) } }, "both heads were signed")
    try BrokenPromise.check(
      !known.contains { $0.isSuperset(of: heads) }, "no fork is proven between heads of one history")
  }

  /// Signed heads with hashes and paths of the fuzzer's choice.
  private func assembled(_ choices: inout Choices) -> WireForkProof {
    var wire = WireForkProof()
    wire.first = head(&choices, of: choices.below(2)).signed.wire
    wire.second = head(&choices, of: choices.below(2)).signed.wire
    if choices.below(8) > 0 { wire.included = Data(hash(&choices)) }
    let place = choices.below(Self.length)
    let honest = HistoryPath.make(of: place, in: chains[choices.below(2)].map(\.reference.hash)[...])
    let path = choices.below(2) == 0 ? honest?.map(\.bytes) ?? [] : []
    wire.inclusion = (path + (0..<choices.below(6)).map { _ in hash(&choices) }).map { Data($0) }
    return wire
  }

  private func head(_ choices: inout Choices, of chain: Int) -> Head { chains[chain][choices.below(Self.length)] }

  private func hash(_ choices: inout Choices) -> [UInt8] {
    switch choices.below(4) {
    case 0: choices.taken(32)
    case 1: ObjectHash(sha256: choices.taken(3)).bytes
    default: head(&choices, of: choices.below(2)).reference.hash.bytes
    }
  }
}
