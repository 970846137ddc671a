internal import FoundationEssentials
internal import Signing
internal import SwiftProtobuf
public import Wire

extension Roster {
  /// The body of roster 1 for these founders' cards.
  /// - Throws: `Problem` `founders` if there are fewer than two, or two of one coalition.
  public static func founding(
    name: String, purpose: WirePurpose, records: [MemberRecord], hashKey: HashKeyCommitment, issuedAt: UInt64
  ) throws(Problem) -> [UInt8] {
    let founders = records.sorted { $0.coalition < $1.coalition }
    guard founders.count >= 2 else {
      throw Problem("founders", "an alliance has at least two founders", next: "name every founder's card")
    }
    guard zip(founders, founders.dropFirst()).allSatisfy({ $0.coalition != $1.coalition }) else {
      throw Problem("founders", "two cards are of the same coalition", next: "name each founder's card once")
    }
    var wire = WireRoster()
    wire.number = 1
    wire.name = name
    wire.purpose = purpose
    wire.issuedAt = issuedAt
    wire.members = founders.map { record in
      var member = WireRosterMember()
      member.coalition = record.coalition.rawValue
      member.name = record.name
      member.identityKey = Data(record.identityKey.bytes)
      member.trustDomain = record.trustDomain
      member.recordNumber = record.number
      member.recordHash = Data(record.hash.bytes)
      member.quota.statements = firstQuota.statements
      member.quota.liveBytes = firstQuota.liveBytes
      return member
    }
    var commitment = WireHashKeyCommitment()
    commitment.keyEpoch = hashKey.keyEpoch
    commitment.suite = 1
    commitment.commitment = Data(hashKey.commitment.bytes)
    wire.hashKeys = [commitment]
    guard let body: [UInt8] = try? wire.serializedBytes() else {
      throw Problem("roster-malformed", "the roster cannot be encoded")
    }
    return body
  }
}
