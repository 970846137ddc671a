public import Alliance
public import Signing
public import Wire

/// What is known here of the roster that comes next: what was said about it, and the records of who is proposed.
public struct OpenRoster: Sendable {
  public let deliberation: Deliberation
  /// SHA-256 of its bytes, the same for everyone who knows the same; nil if nothing was said.
  public let digest: ObjectHash?
  /// Records of proposed newcomers, up to the ones that proposals pin, where all of them are here.
  public let candidates: [CoalitionID: [MemberRecord]]

  /// - Parameter records: all that are here, members' or not.
  public init(_ deliberation: Deliberation, records: [MemberRecord]) {
    self.deliberation = deliberation
    digest = deliberation.isEmpty ? nil : ObjectHash(sha256: deliberation.bytes)
    candidates = deliberation.candidates(among: records)
  }

  /// Which records a puller knows, or is to ask for: none of a newcomer is 0.
  public func recordNames(in membership: Membership) -> [CoalitionID: RecordName] {
    var names: [CoalitionID: RecordName] = [:]
    for coalition in deliberation.candidatePins.keys {
      names[coalition] = candidates[coalition]?.last.map { RecordName($0) } ?? 0
    }
    for coalition in membership.roster.coalitions { names[coalition] = membership.recordName(of: coalition) ?? 0 }
    return names
  }

  /// Records of proposed newcomers among those that somebody sent: what a proposal pins, and what leads to it.
  public func wanted(among records: [MemberRecord]) -> [MemberRecord] {
    let known = Set(candidates.values.joined().map(\.hash))
    return deliberation.candidates(among: records).sorted { $0.key < $1.key }.flatMap(\.value)
      .filter { !known.contains($0.hash) }
  }
}
