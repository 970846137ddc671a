public import Alliance
public import Wire

/// The answer to "are we in agreement with everyone, and if not, why not?"; `--json` prints exactly this.
public struct NodeStatus: Sendable, Codable {
  public struct Alliance: Sendable, Codable {
    public let name: String
    public let fingerprint: String
    public let coalitions: Int
    public let roster: UInt32
  }

  /// A roster or member record whose time is half over, or more. Nothing ends by it.
  public struct Aging: Sendable, Codable {
    /// Whose record; nil for the roster.
    public let coalition: CoalitionID?
    public let lastDay: String
    /// `half`, `three-quarters`, `nine-tenths` or `past`.
    public let age: SoftExpiry
  }

  public struct Deciding: Sendable, Codable {
    public let roster: UInt32
    /// Whether there is something that our identity key can sign now.
    public let awaitsUs: Bool
  }

  public struct Node: Sendable, Codable {
    public let coalition: CoalitionID
    public let name: String
    public let running: Bool
    public let upSeconds: UInt64
    public let version: String
    /// What keeps the identity key on this machine from being forgotten there.
    public let identityKeyHere: Bool
    public let certificateDays: Int?
    /// What has to be done about our certificate or its authority; nil if nothing.
    public let certificateWarning: String?
    /// Peers that say that a second node runs with our keys.
    public let doubledBy: [CoalitionID]
  }

  public struct Holding: Sendable, Codable {
    public let statements: Int
    public let indicators: Int
    public let quarantined: Int
    /// Seconds since any peer last answered.
    public let asOfSeconds: UInt64?
    /// Listings of ours past their last day by this clock, and by nobody else's: hidden, and not removed. Nil with no node running.
    public let unconfirmedPast: Int?
    /// Listings of ours under an older hash key that the vault does not have, so that they must be listed again. Nil with no node running.
    public let withoutPlaintext: Int?
  }

  /// A hash key of the roster in force.
  public struct HashKey: Sendable, Codable {
    public let keyEpoch: UInt32
    public let open: Bool
    /// The day on which it closes or closed; nil while none is set.
    public let closes: String?
    /// Whether this node has it; nil once it is closed.
    public let here: Bool?
  }

  /// How many listings a coalition has under one hash key.
  public struct KeyCount: Sendable, Codable {
    public let keyEpoch: UInt32
    public let listings: Int
  }

  public struct Signing: Sendable, Codable {
    /// `ready`, `waiting`, `stopped`, or `no-node`.
    public let state: String
    /// Our newest head; nil before the first.
    public let epoch: UInt32?
    public let index: UInt64?
    public let heldBy: Int
    public let of: Int
    public let queued: Int
    /// Peers that must still answer before anything is signed, and how many must in all.
    public let waitingFor: Int
    public let needed: Int
    public let mayWaive: Bool
    public let problem: Problem?
  }

  /// Where the audit log ends: who keeps it elsewhere can tell later whether anything before was changed.
  public struct AuditStatus: Sendable, Codable {
    public let entries: UInt64
    public let head: String
  }

  public struct PositionStatus: Sendable, Codable {
    public let coalition: CoalitionID
    public let epoch: UInt32
    public let index: UInt64
    public let headHash: String
    public let liveDigest: String
    public let statements: UInt64
    public let liveBytes: UInt64
    /// Why it is kept at this head.
    public let hold: Problem?
    /// Whether its coalition is proven to have signed two histories: it counts for nothing until its new epoch is here.
    public let forked: Bool
    /// By hash key, ascending: so that people see when the older one may close.
    public let listingsByKey: [KeyCount]
  }

  public struct Peer: Sendable, Codable {
    public let coalition: CoalitionID
    public let name: String
    public let link: String
    public let agrees: Agreement
    public let lastHeardSeconds: UInt64?
    public let weLack: Int?
    public let theyLack: Int?
    public let roundTripMilliseconds: Double?
    public let certificateDays: Int?
    public let note: String?
  }

  public struct Refusal: Sendable, Codable {
    public let at: String
    public let remote: String
    public let code: String
    public let reason: String

    public init(at: String, remote: String, code: String, reason: String) {
      self.at = at
      self.remote = remote
      self.code = code
      self.reason = reason
    }
  }

  public let alliance: Alliance
  public let node: Node
  public let holding: Holding
  public let signing: Signing
  /// Of the roster in force, ascending.
  public let hashKeys: [HashKey]
  /// Of every coalition that has a head here, sorted.
  public let positions: [PositionStatus]
  /// Copies of whole positions that are under way.
  public let copies: [CopyStatus]
  /// Coalitions whose newest member records are not in force here, sorted.
  public let heldRecords: [HeldRecords]
  /// Worst first.
  public let peers: [Peer]
  /// The newest handshakes that this node refused.
  public let refusals: [Refusal]
  /// Hits on what was screened before its listing came, at which nobody has looked.
  public let unseenLateMatches: Int
  /// Nil while nothing was written down here.
  public let audit: AuditStatus?
  /// The roster first, then members' records.
  public let aging: [Aging]
  /// The roster that comes next; nil while nothing was said about one, or with no node running.
  public let deciding: Deciding?
  public let next: String?
}
