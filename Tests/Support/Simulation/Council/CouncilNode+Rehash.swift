internal import Alliance
internal import FoundationEssentials
internal import Indicators
internal import Ledger
internal import Replication
internal import SwiftProtobuf
internal import Wire

/// Listings move to the newest hash key, and lose the earlier digest once its key is closed: as `Rehash` and `Expiry` do it over the
/// store and the vault, which here forgets nothing.
extension CouncilNode {
  /// Two changes each, in a delta of three: one at once.
  private static let mostAtOnce = 1
  private static let rehashPause: UInt64 = 600_000

  /// One head's worth, and the next when that is signed.
  /// - Returns: how many were queued.
  func rehash(at now: UInt64) throws -> Int {
    guard now >= rehashDue else { return 0 }
    rehashDue = now + Self.rehashPause
    guard machine.process?.gate.isOpen ?? false, machine.authorProblem == nil else { return 0 }
    guard machine.disk.state.queue.isEmpty, machine.disk.state.prepared == nil else {
      rehashDue = now + SimulatedNode.retryPause
      return 0
    }
    let moves = try moves(at: now).flatMap(\.self)
    // Each in a head of its own: a put and its remove in one.
    let changes = try moves.isEmpty ? restated(at: now) : moves
    guard !changes.isEmpty else { return 0 }
    do {
      try machine.disk.write { try $0.enqueue(changes) }
      rehashDue = now + SimulatedNode.retryPause
      return changes.count
    } catch let problem as Problem where problem.code == "disk-full" { return 0 }
  }

  private func moves(at now: UInt64) throws -> [[QueuedChange.Content]] {
    let open = openHashKeys(at: now)
    guard roster.hashKeys.count > 1, let newest = usedHashKeys(at: now).last, newest.epoch > 1 else { return [] }
    return try ownRows.filter { isToMove($0, to: newest.epoch, open) }.prefix(Self.mostAtOnce)
      .compactMap { try move($0, to: newest, open) }
  }

  /// What carries a digest under a key that is open yet waits until that closes.
  private func isToMove(_ row: Row, to newest: UInt32, _ open: Set<UInt32>) -> Bool {
    let reading = ContentRule.read(row)
    guard reading.keyEpoch > 0, reading.keyEpoch < newest else { return false }
    return reading.previous.map { !open.contains($0.keyEpoch) || !open.contains(reading.keyEpoch) } ?? true
  }

  private func move(_ row: Row, to newest: HashKeyMaterial, _ open: Set<UInt32>) throws -> [QueuedChange.Content]? {
    guard let digest = row.key.digest, var listing = try? WireListing(serializedBytes: row.statement),
      let seller = hashKeys[listing.keyEpoch]?.digests.firstIndex(of: digest)
    else { return nil }
    let key = StatementKey(.listing, newest.digests[seller])
    let isNamed = !open.contains(listing.previousKeyEpoch) || open.contains(listing.keyEpoch)
    if isNamed, !planted(.earlierDigestNotLinked) {
      (listing.previousDigest, listing.previousKeyEpoch) = (Data(digest.bytes), listing.keyEpoch)
    }
    listing.keyEpoch = newest.epoch
    let statement: [UInt8] = try listing.serializedBytes()
    let puts: [QueuedChange.Content] = lists(key) ? [] : [.put(key, statement: statement)]
    return puts + (planted(.movedListingStays) ? [] : [.remove(row.key)])
  }

  /// Once a key is closed, by this clock and by another member's receipt.
  private func restated(at now: UInt64) throws -> [QueuedChange.Content] {
    let others = machine.disk.state.receipts.map(\.receipt).filter { $0.coalition != coalition }
    let confirmed = min(day(at: now), UInt32(clamping: (others.map(\.signedAt).max() ?? 0) / 86_400_000))
    let closed = Set(roster.hashKeys.filter { !$0.isOpen(on: confirmed) }.map(\.keyEpoch))
    guard !closed.isEmpty, !planted(.closedDigestStays) else { return [] }
    return try ownRows.compactMap { row in
      guard let previous = row.previous, closed.contains(previous.keyEpoch),
        var listing = try? WireListing(serializedBytes: row.statement)
      else { return nil }
      (listing.previousDigest, listing.previousKeyEpoch) = (Data(), 0)
      return .put(row.key, statement: try listing.serializedBytes())
    }
  }
}
