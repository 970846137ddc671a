internal import Alliance
internal import Control
internal import Keys
internal import Ledger
internal import Signing
internal import Store
public import Wire

/// `vaka key rotate`: a new signing key and its epoch, in a new member record that the identity key signs. The way out of a
/// fork, of a lost or stolen signing key, and of a store that was restored too old.
public struct OpenEpoch: Sendable {
  /// Which position the new epoch goes on from.
  public enum Origin: String, Sendable, CaseIterable {
    case here
    case peers
  }

  public struct Answer: Sendable, Codable {
    public let coalition: CoalitionID
    public let epoch: UInt32
    public let record: UInt32
    /// The head that it goes on from; nil if nothing was ever signed.
    public let continues: EpochPlan.Place?
    public let origin: String
  }

  private let home: NodeHome
  private let client: ControlClient
  private let anyway: Bool
  public let plan: EpochPlan

  /// Asks the running node how our position stands.
  /// - Parameter anyway: go on although peers would hold the next record, or have not told which one they have.
  /// - Throws: `Problem` `node-not-running`, `record-flood`, or what the node says.
  public init(_ home: NodeHome, anyway: Bool) throws(Problem) {
    self.home = home
    self.anyway = anyway
    client = ControlClient(path: home.folder.controlSocket)
    plan = try NodeCall.epochPlan.ask(client, for: EpochPlan.self)
    try plan.mayPublish(anyway: anyway)
  }

  /// What the choice leaves out, for a person to read before the passphrase is asked for.
  /// - Throws: `Problem` `own-head-unknown`, `nothing-at-peers`, `own-head-choice` or `peers-unheard`.
  public func origin(_ chosen: Origin?) throws(Problem) -> Origin {
    let origin = try place(chosen)
    try plan.requireHeard(anyway: anyway)
    return origin
  }

  private func place(_ chosen: Origin?) throws(Problem) -> Origin {
    // What this store holds needs nothing from peers.
    if chosen == .here { return .here }
    if plan.isFetching {
      throw Problem(
        "own-head-unknown", "peers hold a head of ours that this store lacks, and it is still being fetched",
        object: "\(home.coalition)", next: "wait until it is here (vaka status), then vaka key rotate again")
    }
    guard plan.atPeers != nil else {
      if chosen == .peers {
        throw Problem(
          "nothing-at-peers", "no peer has shown a head of ours that this store lacks", object: "\(home.coalition)",
          next: "vaka key rotate")
      }
      return .here
    }
    guard let chosen else {
      throw Problem(
        "own-head-choice",
        "this store is at \(plan.here?.text ?? "nothing"), and peers hold head \(plan.atPeers?.text ?? "") of ours",
        object: "\(home.coalition)",
        next: "if this node is an older copy: --from peers; if somebody else signed that head: --from here")
    }
    return chosen
  }

  /// - Parameter identityKey: where the identity key lies, if not in the node's folder.
  /// - Throws: `Problem` `identity-key-away`, `wrong-passphrase`, or what the node says; nothing is then changed.
  public func run(from origin: Origin, identityKey: String?, passphrase: String) throws -> Answer {
    let place = origin == .peers ? plan.atPeers : plan.here
    let identity = try JoinAlliance.identity(of: home, at: identityKey, passphrase: passphrase)
    let key = try FreshKeys.signingKey()
    let record = try plan.record()
    let next = try record.next(
      RecordChange(epoch: .init(key: key.verifyingKey, continues: try place.map { try $0.continuation() })),
      in: plan.alliance(), identity: identity)
    guard let epoch = next.epochs.last?.number else {
      throw Problem("record-epochs", "the record opens no epoch", object: "\(home.coalition)")
    }
    // Durable before anyone can learn of the epoch: a record whose key was lost would end the coalition's voice again.
    try SigningKeyFile.write(key, to: home.folder.signingKey(epoch: epoch))
    _ = try NodeCall.openEpoch.ask(
      client, EpochPlan.Opening(next, fromPeers: origin == .peers), for: NodeCall.Nothing.self)
    return Answer(
      coalition: home.coalition, epoch: epoch, record: next.number, continues: place, origin: origin.rawValue)
  }
}
