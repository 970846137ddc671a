internal import Alliance
internal import Ledger
internal import Replication
internal import Signing
internal import Wire

/// All that a node's store holds. A copy of it is an image of the disk: its parts are shared until one side writes.
struct LedgerState {
  var positions: [CoalitionID: Position] = [:]
  /// The last applied heads, sorted.
  var frontier: [HeadReference] = []
  var rows: [CoalitionID: SortedRows] = [:]
  var heads: [CoalitionID: [StoredEntry]] = [:]
  /// Sorted by coalition.
  var receipts: [StoredReceipt] = []
  var records: [MemberRecord] = []
  var queue: [QueuedChange] = []
  var nextSequence: Int64 = 1
  var prepared: PreparedHeads?
  var holds: [CoalitionID: Problem] = [:]
  var newest: [CoalitionID: Head] = [:]
  var names: [CoalitionID: [HeadReference]] = [:]
  var copies: [CoalitionID: StagedPosition] = [:]
  var copiedRows: [CoalitionID: SortedRows] = [:]
  var copiedNames: [CoalitionID: [HeadReference]] = [:]
  /// By coalition and epoch.
  var proofs: [CoalitionID: [UInt32: ForkProof]] = [:]
  var windows: [CoalitionID: ChangeWindow] = [:]
  var heldRemovals: [CoalitionID: [StatementKey]] = [:]
  var erasures: [Erasure] = []
  /// How fast each coalition's records come.
  var watches: [CoalitionID: RecordWatch] = [:]
}

/// Rows by key, in the order of keys.
struct SortedRows {
  private(set) var all: [Row] = []

  /// Where the key is, or would be.
  func place(of key: StatementKey) -> (index: Int, isThere: Bool) {
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return (low, low < all.count && all[low].key == key)
  }

  subscript(key: StatementKey) -> Row? {
    get {
      let (index, isThere) = place(of: key)
      return isThere ? all[index] : nil
    }
    set {
      let (index, isThere) = place(of: key)
      switch (newValue, isThere) {
      case (let row?, true): all[index] = row
      case (let row?, false): all.insert(row, at: index)
      case (nil, true): all.remove(at: index)
      case (nil, false): break
      }
    }
  }
}
