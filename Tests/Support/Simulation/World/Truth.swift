internal import Alliance
internal import Ledger
internal import Signing
internal import Wire

/// What really happened, known to nobody in the simulation: which heads and receipts were signed, and what was acknowledged.
struct Truth {
  private struct Place: Hashable {
    let epoch: UInt32
    let index: UInt64
  }

  private var heads: [CoalitionID: [Place: Set<ObjectHash>]] = [:]
  private var digests: [ObjectHash: ObjectHash] = [:]
  /// The histories of a coalition's newest epoch, several where it signed several.
  private var branches: [CoalitionID: (epoch: UInt32, all: [[ObjectHash]])] = [:]
  /// Heads that break a rule.
  private var broken: Set<ObjectHash> = []
  /// Coalitions with two machines, or one that was set back with its mark: they may sign two histories.
  var mayFork: Set<CoalitionID> = []
  /// How often a second head was signed in the place of a first.
  private(set) var forks = 0
  private var receipts: Set<ObjectHash> = []
  private var newestReceipts: [CoalitionID: Receipt] = [:]
  /// Each coalition's acknowledged changes in order, with the time of the acknowledgement.
  private(set) var acknowledged: [CoalitionID: [(at: UInt64, content: QueuedContent)]] = [:]
  /// What they come to.
  private(set) var expected: [CoalitionID: [StatementKey: [UInt8]]] = [:]

  /// What the second machine of a coalition has acknowledged, on top of what both knew.
  private(set) var expectedOfClone: [StatementKey: [UInt8]] = [:]
  /// What is to be erased, by coalition and the note's number.
  var erasures: [CoalitionID: [Int64: ErasedListing]] = [:]

  /// All that could tell of a listing that was erased.
  struct ErasedListing {
    let key: StatementKey
    let salt: [UInt8]?
    let statement: [UInt8]?
    let at: UInt64
  }

  enum QueuedContent {
    case put(StatementKey, [UInt8])
    case remove(StatementKey)
  }

  /// - Throws: if the coalition has signed another head of that index before, or on another history.
  mutating func signed(_ head: Head) throws(Report.Violation) {
    let name = head.reference
    let place = Place(epoch: name.epoch, index: name.index)
    let known = heads[name.coalition]?[place] ?? []
    if known.contains(name.hash) { return }
    guard known.isEmpty || mayFork.contains(name.coalition) else {
      throw .init(check: .noSelfFork, what: "\(name) was signed twice")
    }
    if !known.isEmpty { forks += 1 }
    heads[name.coalition, default: [:]][place, default: []].insert(name.hash)
    digests[name.hash] = head.claims.liveDigest
    if !broken.contains(name.hash) { try follow(head) }
  }

  private mutating func follow(_ head: Head) throws(Report.Violation) {
    let name = head.reference
    var (epoch, all) = branches[name.coalition] ?? (name.epoch, [[]])
    if name.epoch > epoch { (epoch, all) = (name.epoch, [[]]) }
    // Somebody who has not heard of the new epoch yet, or who has forgotten it.
    guard name.epoch == epoch else { return }
    let index = Int(clamping: name.index)
    let place = all.firstIndex { $0.count >= index && Self.root($0[..<index]) == head.claims.historyRoot }
    guard let place, all.count > 1 || mayFork.contains(name.coalition) || all[place].count == index else {
      throw .init(check: .historyIsMerkle, what: "the history root of \(name) is another")
    }
    if all[place].count == index {
      all[place].append(name.hash)
    } else {
      all.append(all[place].prefix(index) + [name.hash])
    }
    branches[name.coalition] = (epoch, all)
  }

  mutating func breaksRule(_ head: HeadReference) { broken.insert(head.hash) }

  func breaksRule(_ hash: ObjectHash) -> Bool { broken.contains(hash) }

  /// Heads that nobody but a store that is no more has ever held: they may be signed anew.
  mutating func forget(after head: HeadReference?, of coalition: CoalitionID) {
    for place in (heads[coalition] ?? [:]).keys {
      guard let head, (place.epoch, place.index) <= (head.epoch, head.index) else {
        heads[coalition]?[place] = nil
        continue
      }
    }
    guard let (epoch, all) = branches[coalition] else { return }
    let count = head.map { $0.epoch == epoch ? Int($0.index) + 1 : 0 } ?? 0
    // What nobody holds may still be on its way, and be gone on from.
    branches[coalition] = (epoch, all.map { Array($0.prefix(count)) }.filter { !all.contains($0) } + all)
  }

  /// - Throws: if a clock that is ahead of all receipts before makes one that counts less than those.
  mutating func signed(_ receipt: Receipt) throws(Report.Violation) {
    receipts.insert(receipt.signed.hash)
    let newest = newestReceipts[receipt.coalition]
    if let newest, newest.epoch == receipt.epoch, receipt.signedAt > newest.number, !receipt.isNewer(than: newest) {
      throw .init(
        check: .receiptsCount,
        what:
          "\(receipt.coalition) made receipt \(receipt.epoch)/\(receipt.number) after \(newest.epoch)/\(newest.number)")
    }
    if receipt.isNewer(than: newest) { newestReceipts[receipt.coalition] = receipt }
  }

  func wasSigned(_ receipt: Receipt) -> Bool { receipts.contains(receipt.signed.hash) }

  /// Whoever has forgotten a head has signed it all the same, and it may still be on its way.
  func wasSigned(_ head: HeadReference) -> Bool {
    digests[head.hash] != nil
  }

  /// The live digest that a head names.
  func digest(at head: HeadReference) -> ObjectHash? { digests[head.hash] }

  mutating func acknowledge(_ content: QueuedContent, of coalition: CoalitionID, at time: UInt64) {
    acknowledged[coalition, default: []].append((time, content))
    switch content {
    case .put(let key, let statement): expected[coalition, default: [:]][key] = statement
    case .remove(let key): expected[coalition, default: [:]][key] = nil
    }
  }

  mutating func cloned(_ coalition: CoalitionID) {
    mayFork.insert(coalition)
    expectedOfClone = expected[coalition, default: [:]]
  }

  mutating func acknowledgeByClone(_ content: QueuedContent) {
    switch content {
    case .put(let key, let statement): expectedOfClone[key] = statement
    case .remove(let key): expectedOfClone[key] = nil
    }
  }

  /// The second machine is the one that stays.
  mutating func cloneStays(of coalition: CoalitionID) { expected[coalition] = expectedOfClone }

  /// RFC 9162, section 2.1.1, as it stands there: split at the largest power of two below the size.
  static func root(_ leaves: ArraySlice<ObjectHash>) -> ObjectHash {
    guard leaves.count > 1 else {
      return leaves.first.map { ObjectHash(sha256: [0], $0.bytes) } ?? ObjectHash(sha256: [])
    }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return ObjectHash(sha256: [1], root(leaves[..<middle]).bytes, root(leaves[middle...]).bytes)
  }
}
