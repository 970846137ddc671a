public import Signing
public import Wire

/// What the roster and record chains say of one coalition's heads: all that their validity may depend on.
public struct HeadAuthority: Sendable {
  /// One signing key's tenure.
  public struct Epoch: Sendable, Hashable {
    public let key: VerifyingKey
    /// The head that the epoch goes on from; nil: from the empty position.
    public let continues: Continuation?
    /// Whether a later epoch has taken its place.
    public let isClosed: Bool
    /// The last head of a closed epoch, by the epoch that goes on from it; nil if none goes on from here.
    public let cut: Continuation?

    public init(key: VerifyingKey, continues: Continuation?, isClosed: Bool = false, cut: Continuation? = nil) {
      self.key = key
      self.continues = continues
      self.isClosed = isClosed
      self.cut = cut
    }

    /// Whether a head of this epoch can be valid: in a closed epoch only up to the cut. A key is never retired by a time.
    func allows(_ head: HeadReference) -> Bool {
      guard isClosed, !planted(.cutIgnored) else { return true }
      guard let cut, head.index <= cut.index else { return false }
      return head.index < cut.index || head.hash == cut.hash
    }

    /// Whether it is the last head of a closed epoch.
    public func isCut(_ head: HeadReference) -> Bool {
      cut == Continuation(head)
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

    public init(_ head: HeadReference) { self.init(epoch: head.epoch, index: head.index, hash: head.hash) }
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
  /// The records of the chain that is known, by their hashes.
  public let records: Set<ObjectHash>
  /// The last epoch that ended with a removal; 0: none has.
  public let retired: UInt32

  public init(
    alliance: ObjectHash, coalition: CoalitionID, epochs: [UInt32: Epoch], grants: [UInt32: Grant],
    records: Set<ObjectHash>, retired: UInt32 = 0
  ) {
    self.alliance = alliance
    self.coalition = coalition
    self.epochs = epochs
    self.grants = grants
    self.records = records
    self.retired = retired
  }
}

extension HeadAuthority {
  /// What can be said of a head without knowing the one before it: whose it is, who signs it, and its caps.
  ///
  /// The record that it names says where its epoch is opened, for who does not know it yet. Where the key is known it is not needed:
  /// a roster may have ended that record since, and its coalition must neither lose its voice by that nor those who are behind wait
  /// for what never comes.
  /// - Returns: its epoch.
  /// - Throws: `Fault`.
  public func check(_ head: Head) throws -> Epoch {
    let claims = head.claims
    let name = head.reference.description
    guard head.alliance == alliance, head.reference.coalition == coalition else {
      throw Fault.link(Problem("head-misplaced", "the head belongs to another alliance or coalition", object: name))
    }
    // Whoever passes it on has not heard yet of the roster that removed the coalition.
    guard head.reference.epoch > retired || planted(.retiredEpochCounts) else {
      throw Fault.void(
        Problem("head-retired", "its epoch ended when its coalition was removed", object: name))
    }
    // Another record may open an epoch of this number with another key, there where the head comes from.
    func unexplained(_ code: String, _ what: String) -> Fault {
      records.contains(claims.recordHash)
        ? .link(Problem(code, what, object: name)) : .unknownRecord(claims.recordHash)
    }
    if planted(.endedRecordWaitedFor), !records.contains(claims.recordHash) {
      throw Fault.unknownRecord(claims.recordHash)
    }
    guard let epoch = epochs[head.reference.epoch] else {
      throw unexplained("head-epoch", "no member record opens this epoch")
    }
    guard head.signed.isSigned(by: epoch.key) || planted(.signatureNotChecked) else {
      throw unexplained("head-signature", "the head is not signed by the key of its epoch")
    }
    guard epoch.allows(head.reference) else {
      throw Fault.void(
        Problem("head-beyond-cut", "a later epoch goes on from an earlier head than this one", object: name))
    }
    func broken(_ code: String, _ what: String) -> Fault { .coalition(Problem(code, what, object: name)) }

    guard claims.suite == Head.suite, claims.lowestReader <= Head.readerVersion else {
      throw broken("reader-too-old", "the head needs a newer version of this software: upgrade")
    }
    guard let grant = grants[claims.roster] else { throw Fault.unknownRoster(claims.roster) }
    guard grant.roster == claims.rosterHash else {
      throw broken("head-roster", "the head names another roster \(claims.roster) than ours")
    }
    guard claims.floorEpoch >= 1, (claims.floorEpoch, claims.floorIndex) <= (head.reference.epoch, head.reference.index)
    else { throw broken("head-floor", "the head says that it serves deltas from a later head on") }
    guard claims.deltaChanges <= UInt32(Limits.deltaChanges), claims.deltaBytes <= UInt32(Limits.deltaBytes) else {
      throw broken("delta-too-large", "the head announces a larger delta than is allowed")
    }
    guard claims.statements <= grant.statements, claims.liveBytes <= grant.liveBytes else {
      throw broken("quota-exceeded", "the position would be larger than the roster allows this coalition")
    }
    return epoch
  }
}
