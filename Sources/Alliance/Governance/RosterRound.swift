public import Wire

/// One attempt to decide which roster comes next. People open the next one when an attempt has failed.
public struct RosterRound: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The last round number that exists. At the pace of people a handful is many; the limit bounds what a node stores.
  public static let last: UInt32 = 64

  /// From 1. Round 1 belongs to the member whose turn it is; any member may open a later one.
  public let number: UInt32
  public let proposer: CoalitionID

  public init(number: UInt32, proposer: CoalitionID) {
    self.number = number
    self.proposer = proposer
  }

  public var description: String { "round \(number) of \(proposer)" }

  public static func < (left: RosterRound, right: RosterRound) -> Bool {
    (left.number, left.proposer) < (right.number, right.proposer)
  }
}

extension RosterRound {
  /// Nil if the number or the coalition cannot be.
  init?(_ wire: WireRosterRound) {
    guard (1...Self.last).contains(wire.number), let proposer = CoalitionID(wire.proposer) else { return nil }
    self.init(number: wire.number, proposer: proposer)
  }

  var wire: WireRosterRound {
    var wire = WireRosterRound()
    wire.number = number
    wire.proposer = proposer.rawValue
    return wire
  }
}
