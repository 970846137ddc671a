public import Alliance
internal import FoundationEssentials
public import Ledger
public import Signing
internal import SwiftProtobuf
public import Wire

/// What a peer answered, read once at the border into values that cannot be wrong. Signatures are checked later.
public enum PeerAnswer: Sendable {
  public struct Hello: Sendable, Hashable {
    public let alliance: ObjectHash
    public let coalition: CoalitionID
    public let roster: UInt32
    public let rosterHash: ObjectHash
    public let protocols: ClosedRange<UInt32>
    public let instance: [UInt8]
  }

  public struct Heads: Sendable {
    public let cursor: String
    public let heads: [Announced]
    public let proofs: [ForkProof]
    public let receipts: [Receipt]
    /// The newest records that the peer holds.
    public let records: [CoalitionID: RecordName]
    /// Instances of our own node that the peer meets at the same time, if more than one.
    public let instances: [[UInt8]]
    /// Nil if nothing is new of them.
    public let rosters: Rosters?
  }

  /// How far the rosters are at a peer, and what it knows of the next one.
  public struct Rosters: Sendable, Hashable {
    /// Number of the one in force.
    public let number: UInt32
    /// Nil if nothing was said about the next.
    public let deliberation: ObjectHash?

    public init(number: UInt32, deliberation: ObjectHash?) {
      self.number = number
      self.deliberation = deliberation
    }
  }

  /// A newest head, with its delta if that is small.
  public struct Announced: Sendable {
    public let head: Head
    public let delta: [UInt8]?
  }

  case hello(Hello)
  case roster(RosterBundle)
  /// Bytes of a `Deliberation`, read against the rosters that are here.
  case deliberation([UInt8], more: Bool)
  case records([MemberRecord])
  case frontier([HeadReference])
  case heads(Heads)
  case deltas([StoredEntry], more: Bool)
  case history([ObjectHash])
  case snapshot(SnapshotPage)
  case buckets(PositionBuckets)
  case hashKey(SealedHashKey)

  /// Reads the body of a 200 answer.
  /// - Throws: `Problem` `answer-unreadable`: a fault of the link.
  public init(to resource: PeerResource, body: [UInt8]) throws(Problem) {
    guard body.count <= Limits.pageBytes else { throw Self.unreadable(resource, "the page is larger than 4 MiB") }
    do {
      self = try Self.read(resource, body)
    } catch {
      throw Self.unreadable(resource, (error as? Problem)?.what ?? (error as? Fault)?.problem.what ?? "\(error)")
    }
  }

  private static func read(_ resource: PeerResource, _ body: [UInt8]) throws -> PeerAnswer {
    switch resource {
    case .hello:
      let wire = try WireHello(serializedBytes: body)
      guard let alliance = ObjectHash(wire.alliance), let coalition = CoalitionID(wire.coalition),
        let rosterHash = ObjectHash(wire.rosterHash), wire.protocolLowest <= wire.protocolHighest,
        wire.instance.count == 16
      else { throw Problem("answer-unreadable", "the greeting lacks a part") }
      return .hello(
        Hello(
          alliance: alliance, coalition: coalition, roster: wire.roster, rosterHash: rosterHash,
          protocols: wire.protocolLowest...wire.protocolHighest, instance: Array(wire.instance)))
    case .roster:
      return .roster(try RosterBundle(bytes: body))
    case .deliberation:
      let wire = try WireDeliberationPage(serializedBytes: body)
      return .deliberation(try wire.part.serializedBytes(), more: wire.more)
    case .records:
      let wire = try WireRecordChain(serializedBytes: body)
      return .records(try wire.records.map { try MemberRecord(SignedObject(type: .record, wire: $0)) })
    case .frontier:
      return .frontier(try frontier(WireFrontier(serializedBytes: body)))
    case .heads:
      let wire = try WireHeadsPage(serializedBytes: body)
      guard wire.cursor.count <= 64, wire.heads.count <= Roster.mostMembers, wire.receipts.count <= Roster.mostMembers,
        wire.proofs.count <= Roster.mostMembers, wire.records.count <= Roster.mostMembers
      else { throw Problem("answer-unreadable", "more heads, proofs or receipts than members") }
      return .heads(
        Heads(
          cursor: Base64URL.encode(Array(wire.cursor)),
          heads: try wire.heads.map { entry in
            let head = try Head(SignedObject(type: .head, wire: entry.head))
            return Announced(head: head, delta: entry.delta.isEmpty ? nil : Array(entry.delta))
          },
          proofs: try wire.proofs.map { try ForkProof($0) },
          receipts: try wire.receipts.map { try Receipt(SignedObject(type: .receipt, wire: $0)) },
          records: Dictionary(
            wire.records.compactMap { name in CoalitionID(name.coalition).map { ($0, RecordName(name)) } },
            uniquingKeysWith: { $0.number < $1.number ? $1 : $0 }),
          instances: wire.instances.prefix(InstanceWatch.most).map { Array($0) }.filter { $0.count == 16 },
          rosters: wire.hasRosters
            ? Rosters(number: wire.rosters.roster, deliberation: ObjectHash(wire.rosters.deliberation)) : nil))
    case .deltas(let coalition, let epoch, let from):
      let wire = try WireDeltaPage(serializedBytes: body)
      var next = from
      let entries = try wire.entries.map { entry in
        let head = try Head(SignedObject(type: .head, wire: entry.head))
        guard head.reference.coalition == coalition, head.reference.epoch == epoch, head.reference.index == next else {
          throw Problem("answer-unreadable", "the page holds other heads than were asked for")
        }
        next &+= 1
        return StoredEntry(head: head, delta: Array(entry.delta))
      }
      return .deltas(entries, more: wire.more)
    case .history:
      guard body.count.isMultiple(of: ObjectHash.byteCount) else {
        throw Problem("answer-unreadable", "a history page is a multiple of 32 bytes")
      }
      return .history(
        stride(from: 0, to: body.count, by: ObjectHash.byteCount).compactMap {
          ObjectHash(body[$0..<($0 + ObjectHash.byteCount)])
        })
    case .snapshot: return .snapshot(try SnapshotPage(WireSnapshotPage(serializedBytes: body)))
    case .buckets: return .buckets(try PositionBuckets(WireBuckets(serializedBytes: body)))
    case .hashKey:
      guard let key = SealedHashKey(try WireSealedHashKey(serializedBytes: body)) else {
        throw Problem("answer-unreadable", "the sealed hash key has impossible sizes")
      }
      return .hashKey(key)
    }
  }

  private static func frontier(_ wire: WireFrontier) throws -> [HeadReference] {
    guard wire.heads.count <= Roster.mostMembers else {
      throw Problem("answer-unreadable", "more heads than members")
    }
    return try wire.heads.map { head in
      guard let coalition = CoalitionID(head.coalition), let hash = ObjectHash(head.headHash) else {
        throw Problem("answer-unreadable", "a frontier entry names no coalition or head")
      }
      return HeadReference(coalition: coalition, epoch: head.epoch, index: head.index, hash: hash)
    }
  }

  private static func unreadable(_ resource: PeerResource, _ what: String) -> Problem {
    Problem("answer-unreadable", what, object: resource.path)
  }
}
