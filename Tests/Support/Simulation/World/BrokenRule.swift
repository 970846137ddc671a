internal import FoundationEssentials
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import SwiftProtobuf
internal import Wire

/// What a coalition's own head may get wrong, signed with its own key.
enum BrokenRule: CaseIterable {
  case wrongCounts, wrongDigest, largerThanAllowed, keyTwice, undecodable, gap, earlierTime, laterFloor

  /// The head and delta that follow a node's newest head and break the rule; nil if there is none yet.
  func make(by node: SimulatedNode, _ random: inout SeededRandom) throws -> StoredEntry? {
    guard let position = node.disk.state.positions[node.coalition], let head = position.head,
      let newest = node.disk.state.newest[node.coalition], let key = node.keys[head.epoch],
      let changed = StatementKey([Facet.listing.rawValue] + random.bytes(32))
    else { return nil }
    let row = Row(key: changed, salt: random.bytes(Row.saltBytes), statement: random.bytes(40))
    let delta = try Delta(nonce: random.bytes(Delta.nonceBytes), changes: [.put(row)])
    let (after, _) = try position.effect(of: delta) { _ in nil }
    var (bytes, index, claims) = (delta.bytes, head.index + 1, newest.claims)
    claims.historyRoot = position.history.root
    (claims.deltaChanges, claims.signedAt) = (1, position.signedAt)
    (claims.liveDigest, claims.statements, claims.liveBytes) = (
      after.digest.hash, after.statements, after.liveBytes
    )
    switch self {
    case .wrongCounts: claims.statements += 1
    case .wrongDigest: claims.liveDigest = ObjectHash(sha256: bytes)
    case .largerThanAllowed: claims.deltaChanges = UInt32(Limits.deltaChanges) + 1
    case .keyTwice:
      var wire = try WireDelta(serializedBytes: bytes)
      wire.changes += wire.changes
      (bytes, claims.deltaChanges) = (try wire.serializedBytes(), 2)
    case .undecodable: bytes = [0xFF] + random.bytes(60)
    case .gap: index += 1
    case .earlierTime: claims.signedAt -= min(claims.signedAt, 86_400_000)
    case .laterFloor: (claims.floorEpoch, claims.floorIndex) = (head.epoch, index + 5)
    }
    (claims.deltaHash, claims.deltaBytes) = (SignedType.delta.hash(of: bytes), UInt32(bytes.count))
    let body = try Head.body(
      alliance: newest.alliance, coalition: node.coalition, epoch: head.epoch, index: index, claims: claims)
    return StoredEntry(head: try Head(SignedObject(type: .head, body: body, key: key)), delta: bytes)
  }
}

extension LedgerState {
  /// What a store holds of one coalition's position.
  struct Part {
    let position: Position?
    let rows: SortedRows?
    let heads: [StoredEntry]?
    let names: [HeadReference]?
    let newest: Head?
  }

  func part(_ coalition: CoalitionID) -> Part {
    Part(
      position: positions[coalition], rows: rows[coalition], heads: heads[coalition], names: names[coalition],
      newest: newest[coalition])
  }

  mutating func put(_ part: Part, of coalition: CoalitionID) {
    positions[coalition] = part.position
    (rows[coalition], heads[coalition], names[coalition]) = (part.rows, part.heads, part.names)
    newest[coalition] = part.newest
    frontier.removeAll { $0.coalition == coalition }
    if let head = part.position?.head { frontier = (frontier + [head]).sorted { $0.coalition < $1.coalition } }
  }
}
