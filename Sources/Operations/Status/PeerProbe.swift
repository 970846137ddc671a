public import Wire

/// `vaka peer probe`: one greeting to one peer, now, and what became of it.
public struct PeerProbe: Sendable, Codable {
  public let peer: CoalitionID
  public let endpoints: [String]
  public let reached: Bool
  public let milliseconds: Double?
  public let roster: UInt32?
  public let problem: Problem?

  public init(
    peer: CoalitionID, endpoints: [String], reached: Bool, milliseconds: Double?, roster: UInt32?, problem: Problem?
  ) {
    self.peer = peer
    self.endpoints = endpoints
    self.reached = reached
    self.milliseconds = milliseconds
    self.roster = roster
    self.problem = problem
  }
}
