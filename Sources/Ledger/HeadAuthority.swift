public import Signing
public import Wire

/// What the roster and record chains say of one coalition's heads: all that their validity may depend on.
public struct HeadAuthority: Sendable {
  /// One signing key's tenure.
  public struct Epoch: Sendable, Hashable {
    public let key: VerifyingKey
    /// The head that the epoch goes on from; nil: from the empty position.
    public let continues: Continuation?

    public init(key: VerifyingKey, continues: Continuation?) {
      self.key = key
      self.continues = continues
    }
  }

  public struct Continuation: Sendable, Hashable {
    public let epoch: UInt32
    public let index: UInt64
    public let hash: ObjectHash

    public init(epoch: UInt32, index: UInt64, hash: ObjectHash) {
      self.epoch = epoch
      self.index = index
      self.hash = hash
    }
  }

  /// What one roster grants.
  public struct Grant: Sendable, Hashable {
    public let roster: ObjectHash
    public let statements: UInt64
    public let liveBytes: UInt64

    public init(roster: ObjectHash, statements: UInt64, liveBytes: UInt64) {
      self.roster = roster
      self.statements = statements
      self.liveBytes = liveBytes
    }
  }

  public let alliance: ObjectHash
  public let coalition: CoalitionID
  public let epochs: [UInt32: Epoch]
  /// By roster number. A head is judged by the roster it names.
  public let grants: [UInt32: Grant]
  /// Number of each known record, by its hash.
  public let records: [ObjectHash: UInt32]

  public init(
    alliance: ObjectHash, coalition: CoalitionID, epochs: [UInt32: Epoch], grants: [UInt32: Grant],
    records: [ObjectHash: UInt32]
  ) {
    self.alliance = alliance
    self.coalition = coalition
    self.epochs = epochs
    self.grants = grants
    self.records = records
  }
}
