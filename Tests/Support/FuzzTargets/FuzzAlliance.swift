internal import Alliance
internal import AllianceBench
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Simulation
internal import SwiftProtobuf
internal import Wire

/// Three coalitions that have signed a few heads each, made once: the honest answers that a fuzzer damages.
struct FuzzAlliance: Sendable {
  static let shared = Result { try FuzzAlliance() }

  let alliance: FoundedAlliance
  let disks: [CoalitionID: SimulatedDisk]

  private init() throws {
    var random = SeededRandom(seed: 23)
    alliance = try FoundedAlliance(["se", "no", "us"], random: &random)
    disks = Dictionary(uniqueKeysWithValues: alliance.coalitions.map { ($0, SimulatedDisk()) })
    for coalition in alliance.coalitions {
      guard let disk = disks[coalition], let key = alliance.signingKeys[coalition] else { continue }
      let author = Author(coalition: coalition, epoch: 1, key: key)
      for number in 1...5 {
        try disk.write { writer in
          for offset in 0..<3 {
            let digest = [UInt8](repeating: UInt8(number * 40 + offset * 7), count: 32)
            guard let key = StatementKey([Facet.listing.rawValue] + digest) else { continue }
            try writer.enqueue([.put(key, statement: random.bytes(20))])
          }
        }
        guard
          let made = try author.prepare(
            in: disk, membership: alliance.membership, now: 9,
            random: {
              random.bytes($0)
            })
        else { continue }
        _ = try author.publish(made, in: disk, membership: alliance.membership)
      }
    }
    // Everyone holds what everyone signed, so that any of them can be asked for anything.
    for (owner, from) in disks.sorted(by: { $0.key < $1.key }) {
      let entries = try from.read { try $0.entries(of: owner, epoch: 1, from: 0, maximumBytes: .max) }
      for (other, disk) in disks where other != owner {
        _ = try Replica.apply(entries, of: owner, membership: alliance.membership, in: disk, now: 0)
      }
    }
  }

  /// What a peer honestly answers; nil if that is no body.
  func body(of resource: PeerResource, from peer: CoalitionID) throws -> [UInt8]? {
    guard let disk = disks[peer] else { return nil }
    let responder = Responder(
      coalition: peer, membership: alliance.membership, instance: [UInt8](repeating: 7, count: 16), version: "1",
      feed: HeadsFeed(process: [1, 2, 3, 4, 5, 6, 7, 8]), sealedKeys: [])
    switch try disk.read({ try responder.reply(to: resource, from: peer, reading: $0, mayWait: false) }) {
    case .message(let message): return try message.serializedBytes()
    case .bytes(let bytes): return bytes
    default: return nil
    }
  }
}
