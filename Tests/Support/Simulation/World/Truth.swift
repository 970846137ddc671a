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

  private var heads: [CoalitionID: [Place: ObjectHash]] = [:]
  private var digests: [ObjectHash: ObjectHash] = [:]
  private var trees: [CoalitionID: [ObjectHash]] = [:]
  private var receipts: Set<ObjectHash> = []
  /// Each coalition's acknowledged changes in order, with the time of the acknowledgement.
  private(set) var acknowledged: [CoalitionID: [(at: UInt64, content: QueuedContent)]] = [:]
  /// What they come to.
  private(set) var expected: [CoalitionID: [StatementKey: [UInt8]]] = [:]

  enum QueuedContent {
    case put(StatementKey, [UInt8])
    case remove(StatementKey)
  }

  /// - Throws: if the coalition has signed another head of that index before, or on another history.
  mutating func signed(_ head: Head) throws(Report.Violation) {
    let name = head.reference
    let place = Place(epoch: name.epoch, index: name.index)
    if let other = heads[name.coalition]?[place] {
      guard other == name.hash else { throw .init(check: .noSelfFork, what: "\(name) was signed twice") }
      return
    }
    heads[name.coalition, default: [:]][place] = name.hash
    digests[name.hash] = head.claims.liveDigest
    if name.index == 0 { trees[name.coalition] = [] }
    let earlier = trees[name.coalition, default: []]
    guard UInt64(earlier.count) == name.index, Self.root(earlier[...]) == head.claims.historyRoot else {
      throw .init(check: .historyIsMerkle, what: "the history root of \(name) is another")
    }
    trees[name.coalition, default: []].append(name.hash)
  }

  /// Heads that nobody but a store that is no more has ever held: they may be signed anew.
  mutating func forget(after head: HeadReference?, of coalition: CoalitionID) {
    for place in (heads[coalition] ?? [:]).keys {
      guard let head, (place.epoch, place.index) <= (head.epoch, head.index) else {
        heads[coalition]?[place] = nil
        continue
      }
    }
    let count = head.map { Int($0.index) + 1 } ?? 0
    if let tree = trees[coalition], tree.count > count { trees[coalition] = Array(tree.prefix(count)) }
  }

  mutating func signed(_ receipt: Receipt) { receipts.insert(receipt.signed.hash) }

  func wasSigned(_ receipt: Receipt) -> Bool { receipts.contains(receipt.signed.hash) }

  func wasSigned(_ head: HeadReference) -> Bool {
    heads[head.coalition]?[Place(epoch: head.epoch, index: head.index)] == head.hash
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
