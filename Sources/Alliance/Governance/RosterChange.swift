internal import FoundationEssentials
public import Signing
internal import SwiftProtobuf
public import Wire

/// What somebody wants the next roster to change; everything else, fields of later versions included, stays as it was.
public struct RosterChange: Sendable {
  /// By the record of each newcomer that is pinned: the one on its card, or a later one if it comes back.
  public var admits: [MemberRecord] = []
  /// The last epoch of each that goes.
  public var removes: [CoalitionID: UInt32] = [:]
  public var identityKeys: [CoalitionID: VerifyingKey] = [:]
  public var trustDomains: [CoalitionID: String] = [:]
  /// Records that are pinned in the place of earlier ones.
  public var pins: [MemberRecord] = []
  public var quotas: [CoalitionID: Roster.Quota] = [:]
  public var names: [CoalitionID: String] = [:]
  /// Commitment to the next hash key.
  public var hashKey: ObjectHash?
  /// The day on which a hash key closes, by its epoch.
  public var closes: [UInt32: UInt32] = [:]
  public var allianceName: String?
  public var expires: UInt32?

  public init() {}
}

extension RosterChain {
  /// The roster that a change makes of the newest one. Nobody has signed it.
  /// - Throws: `Problem` `not-in-roster`, or as `check`.
  public func next(_ change: RosterChange, issuedAt: UInt64) throws(Problem) -> Roster {
    guard var wire = try? WireRoster(serializedBytes: newest.signed.body) else {
      throw Problem("roster-unreadable", "the newest roster cannot be read again")
    }
    wire.alliance = Data(alliance.bytes)
    wire.number = newest.number + 1
    wire.previous = Data(newest.hash.bytes)
    wire.issuedAt = max(newest.issuedAt, issuedAt)
    if let name = change.allianceName { wire.name = name }
    if let expires = change.expires { wire.expires = expires }
    try change.apply(toMembersOf: &wire)
    for (coalition, lastEpoch) in change.removes {
      var entry = WireRetiredCoalition()
      entry.coalition = coalition.rawValue
      entry.lastEpoch = max(lastEpoch, newest.retiredEpoch(of: coalition))
      wire.retired.removeAll { $0.coalition == coalition.rawValue }
      wire.retired.append(entry)
    }
    wire.retired.sort { $0.coalition < $1.coalition }
    for index in wire.hashKeys.indices {
      if let day = change.closes[wire.hashKeys[index].keyEpoch] { wire.hashKeys[index].closes = day }
    }
    if let commitment = change.hashKey {
      var key = WireHashKeyCommitment()
      key.keyEpoch = UInt32(truncatingIfNeeded: wire.hashKeys.count + 1)
      key.suite = 1
      key.commitment = Data(commitment.bytes)
      wire.hashKeys.append(key)
    }
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("roster-malformed", "the roster cannot be encoded")
    }
    let roster = try Roster(SignedObject(type: .roster, body: body, signatures: []))
    try check(roster)
    return roster
  }
}

extension RosterChange {
  fileprivate func apply(toMembersOf wire: inout WireRoster) throws(Problem) {
    var members = Dictionary(wire.members.map { ($0.coalition, $0) }) { first, _ in first }
    for coalition in Set(removes.keys).union(pins.map(\.coalition)).sorted() where members[coalition.rawValue] == nil {
      throw Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
    }
    for coalition in removes.keys { members[coalition.rawValue] = nil }
    for record in admits {
      var member = WireRosterMember()
      member.coalition = record.coalition.rawValue
      member.name = record.name
      member.identityKey = Data(record.identityKey.bytes)
      member.trustDomain = record.trustDomain
      member.quota.statements = Roster.firstQuota.statements
      member.quota.liveBytes = Roster.firstQuota.liveBytes
      members[record.coalition.rawValue] = member
    }
    // Who comes back may come with another key or quota in the same roster.
    let named = Set(identityKeys.keys).union(trustDomains.keys).union(quotas.keys).union(names.keys)
    for coalition in named.sorted() where members[coalition.rawValue] == nil {
      throw Problem("not-in-roster", "no member of this alliance", object: coalition.rawValue)
    }
    for record in admits + pins {
      members[record.coalition.rawValue]?.recordNumber = record.number
      members[record.coalition.rawValue]?.recordHash = Data(record.hash.bytes)
    }
    for (coalition, key) in identityKeys { members[coalition.rawValue]?.identityKey = Data(key.bytes) }
    for (coalition, domain) in trustDomains { members[coalition.rawValue]?.trustDomain = domain }
    for (coalition, name) in names { members[coalition.rawValue]?.name = name }
    for (coalition, quota) in quotas {
      members[coalition.rawValue]?.quota.statements = quota.statements
      members[coalition.rawValue]?.quota.liveBytes = quota.liveBytes
    }
    wire.members = members.values.sorted { $0.coalition < $1.coalition }
  }
}
