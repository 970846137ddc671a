public import Signing
internal import SwiftProtobuf
public import Wire

/// What one roster changes of another, in plain words: what people read before they vote.
public enum RosterDifference: Sendable, Hashable, CustomStringConvertible {
  case admits(Roster.Member, again: Bool)
  case removes(Roster.Member, lastEpoch: UInt32)
  case identity(CoalitionID, from: Fingerprint, to: Fingerprint)
  case trustDomain(CoalitionID, from: String, to: String)
  case name(CoalitionID, from: String, to: String)
  case pin(CoalitionID, record: UInt32, hash: ObjectHash)
  case quota(CoalitionID, from: Roster.Quota, to: Roster.Quota)
  case hashKey(UInt32)
  case closes(UInt32, day: UInt32)
  case allianceName(from: String, to: String)
  case expires(day: UInt32)
  /// The bytes differ, and this version cannot say in what.
  case unknown

  public var description: String {
    switch self {
    case .admits(let member, let again):
      "admits \(member.coalition) (\(member.name))\(again ? " again" : ""), identity fingerprint \(member.fingerprint), "
        + "trust domain \(member.trustDomain), quota \(Self.words(member.quota))"
    case .removes(let member, let lastEpoch):
      "removes \(member.coalition) (\(member.name)), after its epoch \(lastEpoch)"
    case .identity(let coalition, let from, let to):
      "gives \(coalition) another identity key: fingerprint \(to) in the place of \(from)"
    case .trustDomain(let coalition, let from, let to): "changes the trust domain of \(coalition) from \(from) to \(to)"
    case .name(let coalition, let from, let to): "names \(coalition) \(to), no longer \(from)"
    case .pin(let coalition, let record, let hash): "pins record \(record) of \(coalition), \(hash.hex.prefix(12))"
    case .quota(let coalition, let from, let to):
      "changes the quota of \(coalition) from \(Self.words(from)) to \(Self.words(to))"
    case .hashKey(let epoch): "brings hash key \(epoch)"
    case .closes(let epoch, let day): "closes hash key \(epoch) on day \(day)"
    case .allianceName(let from, let to): "names the alliance \(to), no longer \(from)"
    case .expires(let day): day == 0 ? "expires never" : "expires on day \(day)"
    case .unknown: "changes something that this version does not know: upgrade before you vote"
    }
  }

  private static func words(_ quota: Roster.Quota) -> String {
    "\(quota.statements) statements and \(quota.liveBytes) bytes"
  }
}

extension Roster {
  /// What this roster changes of the one before, members first, in the order of their ids.
  public func differences(from before: Roster) -> [RosterDifference] {
    var found: [RosterDifference] = []
    for coalition in Set(coalitions + before.coalitions).sorted() {
      switch (before.member(coalition), member(coalition)) {
      case (nil, let member?):
        found.append(.admits(member, again: before.retiredEpoch(of: coalition) > 0))
      case (let member?, nil):
        found.append(.removes(member, lastEpoch: retiredEpoch(of: coalition)))
      case (let old?, let new?):
        if old.identityKey != new.identityKey {
          found.append(.identity(coalition, from: old.fingerprint, to: new.fingerprint))
        }
        if old.trustDomain != new.trustDomain {
          found.append(.trustDomain(coalition, from: old.trustDomain, to: new.trustDomain))
        }
        if old.name != new.name { found.append(.name(coalition, from: old.name, to: new.name)) }
        if old.recordHash != new.recordHash {
          found.append(.pin(coalition, record: new.recordNumber, hash: new.recordHash))
        }
        if old.quota != new.quota { found.append(.quota(coalition, from: old.quota, to: new.quota)) }
      case (nil, nil): break
      }
    }
    for key in hashKeys {
      let old = before.hashKeys.first { $0.keyEpoch == key.keyEpoch }
      if old == nil { found.append(.hashKey(key.keyEpoch)) }
      if key.closes != old?.closes ?? 0 { found.append(.closes(key.keyEpoch, day: key.closes)) }
    }
    if name != before.name { found.append(.allianceName(from: before.name, to: name)) }
    if expires != before.expires { found.append(.expires(day: expires)) }
    if laterFields != before.laterFields { found.append(.unknown) }
    return found
  }

  /// What a later version has put in, by place; empty as a rule.
  private var laterFields: [String: [UInt8]] {
    guard let wire = try? WireRoster(serializedBytes: signed.body) else { return [:] }
    var fields = ["": Array(wire.unknownFields.data)]
    for member in wire.members {
      fields[member.coalition] = Array(member.unknownFields.data) + Array(member.quota.unknownFields.data)
    }
    for entry in wire.retired { fields["retired \(entry.coalition)"] = Array(entry.unknownFields.data) }
    for key in wire.hashKeys { fields["hash key \(key.keyEpoch)"] = Array(key.unknownFields.data) }
    return fields.filter { !$0.value.isEmpty }
  }
}
