public import Signing

/// A roster proposed in a round: what a member votes for.
public struct RosterChoice: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let round: RosterRound
  /// Hash of the roster.
  public let proposal: ObjectHash

  public init(round: RosterRound, proposal: ObjectHash) {
    self.round = round
    self.proposal = proposal
  }

  public var description: String { "\(proposal.hex.prefix(12)) in \(round)" }

  public static func < (left: RosterChoice, right: RosterChoice) -> Bool {
    (left.round, left.proposal) < (right.round, right.proposal)
  }
}
