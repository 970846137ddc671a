internal import Wire

/// How many members' signatures decide something: so many that any two quorums share more members than may lie.
public struct Quorum: Sendable, Hashable {
  public let members: Int
  /// How many members may lie or be lost without harm: less than a third.
  public var faults: Int { members > 0 ? (members - 1) / 3 : 0 }
  /// ⌈(members + faults + 1) / 2⌉: 2 of 2, 2 of 3, 3 of 4, 32 of 47.
  public var size: Int { planted(.quorumTooSmall) ? max(1, members / 2) : (members + faults + 2) / 2 }

  public init(of members: Int) { self.members = members }

  public func isReached(by count: Int) -> Bool { count >= size }
}
