internal import Alliance
internal import FoundationEssentials
internal import Indicators
internal import Ledger
internal import Replication
internal import SwiftProtobuf
internal import Wire

/// What a node lists, under whichever hash key: as `Submission` takes it, on the rows and the queue of a simulated disk.
extension CouncilNode {
  var ownRows: [Row] { machine.disk.state.rows[coalition]?.all ?? [] }

  /// Whether the last that waits for a key is a remove; nil if nothing waits.
  func queuedRemove(_ key: StatementKey) -> Bool? {
    for change in machine.disk.state.queue.reversed() {
      switch change.content {
      case .put(key, _): return false
      case .remove(key): return true
      default: continue
      }
    }
    return nil
  }

  /// Whether it lists a key once everything queued is signed.
  func lists(_ key: StatementKey) -> Bool {
    queuedRemove(key).map { !$0 } ?? (machine.disk.state.rows[coalition]?[key] != nil)
  }

  /// Its listing that names a digest as the earlier one.
  private func successor(of key: StatementKey) -> StatementKey? {
    ownRows.first { $0.previousKey == key }.map(\.key).flatMap { queuedRemove($0) == true ? nil : $0 }
  }

  private func queuedSuccessor(of key: StatementKey) -> StatementKey? {
    guard queuedRemove(key) == true else { return nil }
    for case .put(let queued, let statement) in machine.disk.state.queue.map(\.content)
    where Row(key: queued, salt: [], statement: statement).previousKey == key { return queued }
    return nil
  }

  /// - Parameter mark: told again wherever the listing stands.
  /// - Returns: false if nothing was to be done.
  func list(_ seller: Int, marked mark: [UInt8], at now: UInt64) throws -> Bool {
    let keys = usedHashKeys(at: now)
    guard let newest = keys.last, let oldest = keys.first else { return false }
    let key = StatementKey(.listing, newest.digests[seller])
    guard !lists(key), successor(of: key) == nil else { return false }
    var listing = Self.listing(under: newest.epoch, day: day(at: now), mark)
    if oldest.epoch < newest.epoch {
      let before = StatementKey(.listing, oldest.digests[seller])
      // It may stand under a key between them, and name the same earlier digest.
      guard !lists(before), successor(of: before) == nil else { return false }
      (listing.previousDigest, listing.previousKeyEpoch) = (Data(oldest.digests[seller].bytes), oldest.epoch)
    }
    let statement: [UInt8] = try listing.serializedBytes()
    try machine.disk.write { try $0.enqueue([.put(key, statement: statement)]) }
    return true
  }

  /// - Returns: false if it is not listed.
  func withdraw(_ seller: Int, at now: UInt64) throws -> Bool {
    for epoch in usedHashKeys(at: now) {
      let named = StatementKey(.listing, epoch.digests[seller])
      let isHere = machine.disk.state.rows[coalition]?[named] != nil || lists(named)
      guard var key = isHere ? queuedSuccessor(of: named) ?? named : successor(of: named) else { continue }
      if !lists(key) {
        guard let moved = successor(of: key) ?? queuedSuccessor(of: key) else { continue }
        key = moved
      }
      try machine.disk.write { try $0.enqueue([.remove(key)]) }
      return true
    }
    return false
  }

  private static func listing(under epoch: UInt32, day: UInt32, _ mark: [UInt8]) -> WireListing {
    var listing = WireListing()
    listing.type = .merchantID
    (listing.keyEpoch, listing.normaliser) = (epoch, 1)
    (listing.reason, listing.role) = (.sanctionsList, .merchant)
    (listing.provenance, listing.handling) = (.openSource, .green)
    (listing.validFrom, listing.validUntil) = (day, day + 90)
    listing.group = Data(mark)
    return listing
  }
}
