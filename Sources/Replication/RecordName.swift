public import Alliance
internal import FoundationEssentials
public import Signing
public import Wire

/// What is told of a coalition's records: the number of the newest, and its hash; of two hashes if two records of that number are
/// held, so that neither counts.
public struct RecordName: Sendable, Hashable, ExpressibleByIntegerLiteral {
  public let number: UInt32
  /// Nil from software that names the number alone.
  public let hash: ObjectHash?
  public let other: ObjectHash?

  public init(number: UInt32, hash: ObjectHash? = nil, other: ObjectHash? = nil) {
    self.number = number
    self.hash = hash
    self.other = hash == nil ? nil : other
  }

  public init(integerLiteral number: UInt32) { self.init(number: number) }

  init(_ record: MemberRecord) { self.init(number: record.number, hash: record.hash) }

  init(_ conflict: RecordConflict) {
    self.init(number: conflict.number, hash: conflict.first.hash, other: conflict.second.hash)
  }

  init(_ wire: WireRecordName) {
    self.init(number: wire.number, hash: ObjectHash(wire.hash), other: ObjectHash(wire.other))
  }

  func wire(of coalition: CoalitionID) -> WireRecordName {
    var wire = WireRecordName()
    wire.coalition = coalition.rawValue
    wire.number = number
    if let hash { wire.hash = Data(hash.bytes) }
    if let other { wire.other = Data(other.bytes) }
    return wire
  }

  /// Whether who shows this knows something that is not known here.
  ///
  /// Of two who know different records one at least asks, and then tells the other of the contradiction.
  func lacks(_ shown: RecordName) -> Bool {
    // Past two records that contradict each other nothing counts: only an earlier contradiction says more.
    if other != nil { return shown.other != nil && shown.number < number }
    if shown.number > number || shown.other != nil { return true }
    guard shown.number == number, let hash, let theirs = shown.hash else { return false }
    return hash != theirs
  }
}

extension Membership {
  /// By which name a coalition's records are told of here; nil if they are not here.
  public func recordName(of coalition: CoalitionID) -> RecordName? {
    conflicts[coalition].map { RecordName($0) } ?? record(of: coalition).map { RecordName($0) }
  }

  /// Of all whose records are here.
  public var recordNames: [CoalitionID: RecordName] {
    var names: [CoalitionID: RecordName] = [:]
    for coalition in chains.keys { names[coalition] = recordName(of: coalition) }
    return names
  }
}
