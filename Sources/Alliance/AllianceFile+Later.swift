internal import Signing
public import Wire

extension AllianceFile {
  /// More than a century of changes.
  static let mostLater = 4_096

  /// The rosters from the first to the one in force, each verified against the one before.
  /// - Throws: `Problem` `roster-not-in-force` while a founder's signature is missing, or as `RosterChain.appending`.
  public func chain() throws(Problem) -> RosterChain {
    if let chain = verified.chain { return chain }
    var chain = try RosterChain(first: roster)
    for bundle in later { chain = try chain.appending(bundle) }
    return chain
  }

  /// With the roster that comes next.
  /// - Throws: `Problem` as `RosterChain.appending`.
  public func appending(_ bundle: RosterBundle) throws(Problem) -> AllianceFile {
    let chain = try chain().appending(bundle)
    var copy = self
    copy.later.append(bundle)
    copy.verified = VerifiedChain(chain: chain)
    return copy
  }

  /// All records that are in it.
  public var allRecords: [MemberRecord] { records.sorted { $0.key < $1.key }.map(\.value) + laterRecords }

  /// With these records in the place of those that it has besides the founders' first ones; sorted, each once.
  public func with(records: [MemberRecord]) -> AllianceFile {
    let founding = Set(self.records.values.map(\.hash))
    var byHash: [ObjectHash: MemberRecord] = [:]
    for record in records where !founding.contains(record.hash) { byHash[record.hash] = record }
    var copy = self
    copy.laterRecords = byHash.values.sorted { one, other in
      (one.coalition, one.number, one.hash) < (other.coalition, other.number, other.hash)
    }
    return copy
  }

  /// As it is given to somebody else: without hash keys, which a member gets from any other, sealed to its newest key.
  public var invitation: AllianceFile {
    var copy = self
    copy.keys = keys.filter { key in
      roster.hashKeys.contains { $0.keyEpoch == key.keyEpoch } && records[key.recipient] != nil
    }
    return copy
  }

  mutating func readLater(_ wire: WireAllianceFile) throws(Problem) {
    guard wire.later.count <= Self.mostLater, wire.laterRecords.count <= Roster.mostMembers * 256 else {
      throw Problem("alliance-unreadable", "the alliance file holds more rosters or records than can be")
    }
    later = try wire.later.map { bundle throws(Problem) in try RosterBundle(bundle) }
    // Only what follows counts: a file that says more than it can show is refused, not shortened.
    if !later.isEmpty || isComplete { verified = VerifiedChain(chain: try chain()) }
    var records: [MemberRecord] = []
    for record in wire.laterRecords { records.append(try MemberRecord(SignedObject(type: .record, wire: record))) }
    self = with(records: records)
  }
}
