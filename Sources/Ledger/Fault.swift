public import Signing
public import Wire

/// Whose fault it is that a head or delta cannot be applied; what follows differs.
public enum Fault: Error, Sendable, Hashable {
  /// The bytes do not match the hash or signature that names them, or break a page's limits: drop the link and take them
  /// from another peer.
  case link(Problem)
  /// Correctly signed bytes break a rule: hold this coalition at its last good head, keep the link.
  case coalition(Problem)
  /// A head that its coalition has taken back, or that lies past a proven fork: not applied, and nobody is to blame for
  /// passing it on.
  case void(Problem)
  /// This node itself could not do its part, such as for a full disk: the same is tried again later.
  case local(Problem)
  /// The head names a member record that we do not have: fetch it from the sender, then try again.
  case unknownRecord(ObjectHash)
  /// The head names a roster that we do not have: as above.
  case unknownRoster(UInt32)

  /// What to show a person.
  public var problem: Problem {
    switch self {
    case .link(let problem), .coalition(let problem), .void(let problem), .local(let problem): problem
    case .unknownRecord(let hash):
      Problem("record-unknown", "the head names a member record that is not here yet", object: hash.hex)
    case .unknownRoster(let number):
      Problem("roster-unknown", "the head names a roster that is not here yet", object: "roster \(number)")
    }
  }
}
