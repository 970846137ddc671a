public import Wire

/// What is new since a reader last asked: the order in which heads and receipts were committed in this process.
///
/// A cursor carries the process's random value, so that one from before a restart, or from another node, gets everything.
public struct HeadsFeed: Sendable {
  private let process: [UInt8]
  public private(set) var sequence: UInt64 = 0
  private var heads: [CoalitionID: UInt64] = [:]
  /// When the head before each newest one came.
  private var headsBefore: [CoalitionID: UInt64] = [:]
  private var receipts: [CoalitionID: UInt64] = [:]
  private var proofs: [CoalitionID: UInt64] = [:]
  private var records: [CoalitionID: UInt64] = [:]
  /// The newest of each kind, so that whoever has seen it is spared the search.
  private var newest: (head: UInt64, receipt: UInt64, proof: UInt64, record: UInt64) = (0, 0, 0, 0)
  /// When the rosters, or what is said of the next one, last changed.
  private var rosters: UInt64 = 0

  /// - Parameter process: 8 random bytes, drawn when the process starts.
  public init(process: [UInt8]) { self.process = process }

  public mutating func headCommitted(of coalition: CoalitionID) {
    sequence += 1
    headsBefore[coalition] = heads[coalition]
    heads[coalition] = sequence
    newest.head = sequence
  }

  public mutating func receiptCommitted(of coalition: CoalitionID) {
    sequence += 1
    receipts[coalition] = sequence
    newest.receipt = sequence
  }

  public mutating func proofCommitted(of coalition: CoalitionID) {
    sequence += 1
    proofs[coalition] = sequence
    newest.proof = sequence
  }

  public mutating func recordCommitted(of coalition: CoalitionID) {
    sequence += 1
    records[coalition] = sequence
    newest.record = sequence
  }

  public mutating func rostersCommitted() {
    sequence += 1
    rosters = sequence
  }

  func rostersAreNew(after: UInt64?) -> Bool { after.map { rosters > $0 } ?? true }
  func hasNewHeads(after: UInt64?) -> Bool { after.map { newest.head > $0 } ?? true }
  func hasNewReceipts(after: UInt64?) -> Bool { after.map { newest.receipt > $0 } ?? true }
  func hasNewProofs(after: UInt64?) -> Bool { after.map { newest.proof > $0 } ?? true }
  func hasNewRecords(after: UInt64?) -> Bool { after.map { newest.record > $0 } ?? true }

  /// Whether a coalition's newest head came after the sequence; what was here at start counts as oldest news.
  func headIsNew(of coalition: CoalitionID, after: UInt64?) -> Bool {
    after.map { heads[coalition, default: 0] > $0 } ?? true
  }

  /// Whether the newest head is the only new one, so that its changes lead on from what the reader has seen.
  func headIsNext(of coalition: CoalitionID, after: UInt64?) -> Bool {
    after.map { headsBefore[coalition, default: 0] <= $0 } ?? false
  }

  func receiptIsNew(of coalition: CoalitionID, after: UInt64?) -> Bool {
    after.map { receipts[coalition, default: 0] > $0 } ?? true
  }

  func proofIsNew(of coalition: CoalitionID, after: UInt64?) -> Bool {
    after.map { proofs[coalition, default: 0] > $0 } ?? true
  }

  func recordIsNew(of coalition: CoalitionID, after: UInt64?) -> Bool {
    after.map { records[coalition, default: 0] > $0 } ?? true
  }

  /// base64url (RFC 4648, section 5) of the process's 8 bytes and the 8-byte sequence.
  var cursor: [UInt8] { process + withUnsafeBytes(of: sequence.bigEndian) { Array($0) } }

  /// The sequence of a cursor of this process; nil for any other.
  func sequence(of cursor: [UInt8]) -> UInt64? {
    guard cursor.count == 16, Array(cursor.prefix(8)) == process else { return nil }
    let sequence = cursor.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return sequence <= self.sequence ? sequence : nil
  }
}
