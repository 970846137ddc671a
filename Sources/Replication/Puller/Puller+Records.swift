public import Wire

/// Member records travel by name: who knows less, or something else, asks.
extension Puller {
  /// When each coalition's own node last showed that there is nothing newer than what is here.
  public var recordsWholeAt: [CoalitionID: Time] { peers.compactMapValues(\.recordsWholeAt) }

  mutating func takeRecordNames(
    _ names: [CoalitionID: RecordName], from peer: CoalitionID, at now: Time, _ effects: inout [Effect]
  ) {
    for (coalition, name) in names.sorted(by: { $0.key < $1.key }) {
      guard let known = records[coalition] else {
        // The name may come before what it is about, and is not told twice.
        peers[peer]?.named[coalition] = name
        continue
      }
      // What is held is asked for once it may count; a contradiction always.
      if known.lacks(name), !heldRecords.contains(coalition) || name.other != nil {
        request(.records(coalition), of: peer, &effects)
      }
    }
    if let own = names[peer] { peers[peer]?.ownRecord = own }
    guard let own = peers[peer]?.ownRecord, let known = records[peer], !known.lacks(own) else { return }
    peers[peer]?.recordsWholeAt = now
  }

  /// What was held may count now: it is asked for at once, of its own coalition if that can be asked, and then of everyone who
  /// names it.
  mutating func recordsReleased(_ coalition: CoalitionID, at now: Time, _ effects: inout [Effect]) {
    guard heldRecords.remove(coalition) != nil else { return }
    let open = others.filter { peers[$0]?.phase == .open }
    if let peer = open.first(where: { $0 == coalition }) ?? open.first {
      request(.records(coalition), of: peer, &effects)
    }
    asksAnewAt = now
  }
}
