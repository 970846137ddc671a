public import Signing
internal import Wire

/// Follows a log from its beginning, or its checkpoint, to its end, and stops at the first entry that does not fit.
public struct AuditVerification: Sendable {
  /// Where the chain breaks.
  public struct Fault: Sendable, Hashable, Codable {
    /// The entry that should stand there.
    public let number: UInt64
    public let what: String
  }

  public private(set) var head: AuditHead
  public private(set) var entries: UInt64 = 0
  public private(set) var first: (head: AuditHead, at: UInt64)?
  public private(set) var lastAt: UInt64?
  public private(set) var fault: Fault?
  /// Names that were forgotten, as erasures demand.
  public private(set) var forgotten = 0
  private let expected: ObjectHash?
  private var foundExpected: UInt64?

  /// - Parameters:
  ///   - checkpoint: what stands in place of pruned entries.
  ///   - expected: a head that was noted earlier: the chain must pass through it.
  public init(after checkpoint: AuditCheckpoint? = nil, expecting expected: ObjectHash? = nil) {
    head = checkpoint?.head ?? .empty
    self.expected = expected
    if let expected, head.hash == expected { foundExpected = head.number }
  }

  /// Looks at the next line. After a fault nothing more is looked at.
  /// - Parameter kept: the number and hash that a store keeps beside the line.
  public mutating func take(_ line: String, names: [AuditName], kept: AuditHead? = nil) {
    guard fault == nil else { return }
    guard head.number < .max else { return blame("the numbers have come to their end") }
    let entry: AuditEntry
    do throws(Problem) {
      entry = try AuditEntry(line: line)
    } catch {
      return blame(error.what)
    }
    guard entry.number == head.number + 1 else { return blame("entry \(entry.number) stands in its place") }
    guard entry.previous == head.hash else {
      return blame("it does not follow the entry before: one of the two was altered, or one between them taken away")
    }
    let found = AuditHead(number: entry.number, hash: entry.hash)
    guard kept ?? found == found else { return blame("its bytes are not those that were hashed") }
    guard AuditName.commitment(names) == entry.names else {
      return blame("the references beside it are not those that it was written with")
    }
    if first == nil { first = (found, entry.at) }
    head = found
    lastAt = entry.at
    entries += 1
    forgotten += names.count { $0.plain == nil }
    if found.hash == expected { foundExpected = found.number }
  }

  /// The end: whether it is the end that the log says it has, and whether the head that was noted earlier was passed.
  public mutating func end(at kept: AuditHead? = nil) {
    guard fault == nil else { return }
    if let kept, kept != head {
      return blame("the log ends at entry \(head.number), and was written up to entry \(kept.number)")
    }
    if expected != nil, foundExpected == nil {
      blame("no entry has the hash that was noted earlier: this log does not go on from it")
    }
  }

  /// The entry whose hash was noted earlier.
  public var expectedAt: UInt64? { foundExpected }

  /// A line that is no entry stands where the next should.
  public mutating func blame(_ what: String) {
    if fault == nil { fault = Fault(number: head.number &+ 1, what: what) }
  }
}
