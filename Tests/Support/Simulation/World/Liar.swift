internal import Alliance
internal import AllianceBench
internal import FoundationEssentials
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import SwiftProtobuf
internal import Wire

/// A member that answers what is not so: other bytes, and what it signed itself in another's name.
enum Liar {
  /// - Returns: nil if there is nothing in this answer to lie about.
  static func lie(
    _ node: SimulatedNode, to resource: PeerResource, asker: CoalitionID, _ random: inout SeededRandom
  ) throws -> Served? {
    guard let reply = try node.raw(resource, from: asker, mayWait: false) else { return nil }
    switch reply {
    case .message(var page as WireHeadsPage):
      if random.happens(oneIn: 2) {
        guard try forgeHead(in: &page, node, asker, &random) else { return nil }
      } else if random.happens(oneIn: 2) {
        guard try forgeReceipt(in: &page, node, resource, &random) else { return nil }
      } else {
        guard flip(&page.heads, &random) else { return nil }
      }
      return try Served(.message(page), to: resource)
    case .message(var page as WireDeltaPage):
      guard flip(&page.entries, &random) else { return nil }
      return try Served(.message(page), to: resource)
    case .message(var page as WireSnapshotPage):
      guard !page.rows.isEmpty else { return nil }
      let row = Int(random.below(UInt64(page.rows.count)))
      if random.happens(oneIn: 2), page.rows.count > 1 {
        page.rows.remove(at: row)
      } else if !page.rows[row].statement.isEmpty {
        page.rows[row].statement[page.rows[row].statement.startIndex] ^= 1
      }
      return try Served(.message(page), to: resource)
    case .bytes(var bytes):
      guard !bytes.isEmpty else { return nil }
      bytes[Int(random.below(UInt64(bytes.count)))] ^= 1
      return try Served(.bytes(bytes), to: resource)
    default: return nil
    }
  }

  /// Somebody has the key of an epoch that is closed, and goes on signing with it. Only whoever knows that it is closed can
  /// tell: until then the coalition may have signed it itself.
  static func signPastCut(
    _ node: SimulatedNode, to resource: PeerResource, asker: SimulatedNode, _ stolen: [CoalitionID: SigningKey],
    _ random: inout SeededRandom
  ) throws -> Served? {
    guard !stolen.isEmpty, case .heads = resource,
      case .message(var page as WireHeadsPage)? = try node.raw(
        resource, from: asker.coalition, mayWait: false)
    else { return nil }
    for (coalition, key) in stolen.sorted(by: { $0.key < $1.key }) where coalition != asker.coalition {
      guard let epochs = asker.membership.record(of: coalition)?.epochs,
        let position = node.disk.state.positions[coalition], let newest = node.disk.state.newest[coalition],
        let name = position.head, name == newest.reference, name == asker.disk.state.positions[coalition]?.head,
        epochs.last?.number == name.epoch + 1
      else { continue }
      page.heads.removeAll { (try? Head(SignedObject(type: .head, wire: $0.head)))?.reference.coalition == coalition }
      page.heads.append(try follow(newest, position, key, &random))
      return try Served(.message(page), to: resource)
    }
    return nil
  }

  private static func flip(_ entries: inout [WireHeadEntry], _ random: inout SeededRandom) -> Bool {
    guard let place = entries.indices.last(where: { !entries[$0].delta.isEmpty }) else { return false }
    let index = entries[place].delta.startIndex + Int(random.below(UInt64(entries[place].delta.count)))
    entries[place].delta[index] ^= 8
    return true
  }

  /// A head that follows the newest one in every respect but the key: a change that changes nothing, in another's name.
  private static func forgeHead(
    in page: inout WireHeadsPage, _ node: SimulatedNode, _ asker: CoalitionID, _ random: inout SeededRandom
  ) throws -> Bool {
    let known = node.disk.state.frontier.filter { $0.coalition != node.coalition && $0.coalition != asker }
    guard !known.isEmpty, let key = node.signingKey else { return false }
    let victim = known[Int(random.below(UInt64(known.count)))].coalition
    guard let position = node.disk.state.positions[victim], let newest = node.disk.state.newest[victim] else {
      return false
    }
    page.heads.append(try follow(newest, position, key, &random))
    return true
  }

  /// A head that follows another one and changes nothing.
  private static func follow(
    _ newest: Head, _ position: Position, _ key: SigningKey, _ random: inout SeededRandom
  ) throws -> WireHeadEntry {
    var wire = WireDelta()
    wire.nonce = Data(random.bytes(16))
    let delta: [UInt8] = try wire.serializedBytes()
    var claims = newest.claims
    claims.historyRoot = position.history.root
    claims.deltaHash = SignedType.delta.hash(of: delta)
    (claims.deltaChanges, claims.deltaBytes) = (0, UInt32(delta.count))
    let body = try Head.body(
      alliance: newest.alliance, coalition: newest.reference.coalition, epoch: newest.reference.epoch,
      index: newest.reference.index + 1,
      claims: claims)
    var entry = WireHeadEntry()
    entry.head = try SignedObject(type: .head, body: body, key: key).wire
    entry.delta = Data(delta)
    return entry
  }

  private static func forgeReceipt(
    in page: inout WireHeadsPage, _ node: SimulatedNode, _ resource: PeerResource, _ random: inout SeededRandom
  ) throws -> Bool {
    let known = node.disk.state.receipts.map(\.receipt).filter { $0.coalition != node.coalition }
    guard !known.isEmpty, let key = node.signingKey else { return false }
    let victim = known[Int(random.below(UInt64(known.count)))]
    let forged = try Receipt.make(
      alliance: victim.alliance, coalition: victim.coalition, epoch: victim.epoch, number: victim.number &+ 1,
      signedAt: victim.signedAt, entries: victim.entries, key: key)
    page.receipts.append(forged.signed.wire)
    return true
  }
}
