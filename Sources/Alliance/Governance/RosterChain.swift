public import Signing
public import Wire

/// All rosters of an alliance from the first, each put in force by a quorum of the one before and of itself.
///
/// It is linear or it stops: two rosters of one number are never merged.
public struct RosterChain: Sendable, Hashable {
  public let first: Roster
  /// From roster 2 on.
  public private(set) var later: [RosterBundle]

  /// Starts with roster 1.
  /// - Throws: `Problem` `roster-order`, or `roster-not-in-force` while a founder's signature is missing.
  public init(first: Roster) throws(Problem) {
    guard first.number == 1 else {
      throw Problem("roster-order", "a chain starts with roster 1", object: "roster \(first.number)")
    }
    guard first.signers == first.coalitions else {
      throw Problem("roster-not-in-force", "roster 1 is in force when all founders have signed it", object: first.name)
    }
    self.first = first
    later = []
  }

  /// The hash of roster 1.
  public var alliance: ObjectHash { first.hash }
  /// In order of their numbers.
  public var rosters: [Roster] { [first] + later.map(\.roster) }
  public var newest: Roster { later.last?.roster ?? first }
  /// The question which roster comes next.
  public var election: Election { Election(after: newest, in: alliance) }

  public func roster(_ number: UInt32) -> Roster? {
    if number == 1 { return first }
    guard number >= 2, number - 2 < later.count else { return nil }
    return later[Int(number - 2)].roster
  }

  /// A roster with what put it in force; roster 1 with its founders' signatures.
  public func bundle(_ number: UInt32) -> RosterBundle? {
    if number == 1 { return RosterBundle(roster: first, votes: []) }
    guard number >= 2, number - 2 < later.count else { return nil }
    return later[Int(number - 2)]
  }

  /// What the newest roster in which a coalition stands pins of it; nil if it never was a member.
  public func pin(of coalition: CoalitionID) -> Roster.Member? {
    later.last { $0.roster.member(coalition) != nil }?.roster.member(coalition) ?? first.member(coalition)
  }

  /// Whether a roster may come next; the votes for it are another question.
  /// - Throws: `Problem` as `Roster.follows`, or `roster-reuse`.
  public func check(_ next: Roster) throws(Problem) {
    try next.follows(newest, in: alliance)
    for earlier in rosters {
      for member in earlier.members {
        let taken = next.members.contains {
          $0.coalition != member.coalition
            && ($0.trustDomain == member.trustDomain || $0.identityKey == member.identityKey)
        }
        guard !taken else {
          throw Problem(
            "roster-reuse", "a trust domain or identity key of \(member.coalition) is given to somebody else",
            object: "roster \(next.number)", next: "ask the newcomer for a card with new ones")
        }
        // Its records go on from the ones known, also after it was away.
        guard let again = next.member(member.coalition) else { continue }
        guard again.recordNumber >= member.recordNumber,
          again.recordNumber > member.recordNumber || again.recordHash == member.recordHash
        else {
          throw Problem(
            "roster-pin", "roster \(earlier.number) pins record \(member.recordNumber), and that is never taken back",
            object: "\(member.coalition) in roster \(next.number)")
        }
      }
    }
  }

  /// The chain with one more roster.
  /// - Throws: `Problem` as `check`, or `roster-not-in-force`.
  public func appending(_ bundle: RosterBundle) throws(Problem) -> RosterChain {
    try check(bundle.roster)
    guard bundle.isInForce(by: election) else {
      throw Problem(
        "roster-not-in-force", "it lacks the votes of a quorum of roster \(newest.number) and of its own members",
        object: "roster \(bundle.roster.number)", next: "wait for more votes, or ask another member for the roster")
    }
    var copy = self
    copy.later.append(bundle)
    return copy
  }

  /// As in `Membership`: two chains are one if their rosters are.
  public static func == (left: RosterChain, right: RosterChain) -> Bool { left.newest.hash == right.newest.hash }
  public func hash(into hasher: inout Hasher) { hasher.combine(newest.hash) }
}
