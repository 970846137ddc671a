internal import Alliance
internal import Keys
internal import Ledger
internal import Replication
internal import Seeded
internal import Signing
internal import Wire

/// One member in a simulation of how rosters are decided: its node, and the person with its identity key.
///
/// - `CouncilNode+Rosters`: what a node does with rosters and records, as `Node+Rosters` does it
/// - `CouncilNode+Records`: records, held where too many come
/// - `CouncilNode+HashKeys`: hash keys sealed to it and by it; `CouncilNode+Listings`, `CouncilNode+Rehash`: what it lists under them
final class CouncilNode {
  /// All that an older copy of its disk puts back; the sign mark and the keys lie elsewhere.
  struct Image {
    let file: Membership
    let said: [UInt8]
    let ledger: SimulatedDisk.Image
  }

  static let retryPause: UInt64 = 5_000

  let machine: SimulatedNode
  /// Its first record: its card.
  let card: MemberRecord
  /// Nil while it is lost.
  var identity: SigningKey?
  /// New ones, on cards that it has given away: the next roster may give it one of them.
  var cards: [SigningKey] = []
  /// The one before, of which somebody may have got hold.
  var oldIdentity: SigningKey?
  /// What is known of the next roster, on disk.
  var said: [UInt8] = []
  /// Beside the identity key; nil if it is lost.
  var pledge: [UInt8]? = []
  /// What lay there before the last signature.
  var olderPledge: [UInt8]?
  /// The roster in force when its disk was last put back.
  var setBackAt: UInt32 = 0
  /// Positions of former members are to be deleted then.
  var forgetDue: UInt64 = .max
  /// Nobody walks to the safe.
  var isAway = false
  /// Signs whatever suits it.
  var isLiar = false
  /// Its node does not believe that it is removed, and goes on.
  var isDefiant = false
  /// The change that it wants, made anew for every roster number.
  var wish: RosterChange?
  /// When something was last signed or learned here.
  var movedAt: UInt64 = 0
  /// What it has told others: the newest roster, and the bytes of what was said about the next one.
  var told: (roster: UInt32, said: [UInt8]) = (1, [])
  /// The newest record that its own people have signed.
  var ownRecord: MemberRecord
  /// Somebody else has its identity key too, until a roster gives it another one.
  var isRobbed = false
  /// Records of others that it has taken or passed over, by their hash.
  var shownRecords: [ObjectHash: MemberRecord] = [:]
  /// When records came that lengthened a chain, since the disk was last put back.
  var recordsCame: [CoalitionID: [UInt64]] = [:]
  let sealing: SealingKey
  /// Hash keys in files of their own, by epoch, and those that it has proposed, by their commitment.
  var hashKeys: [UInt32: HashKeyMaterial] = [:]
  var proposedHashKeys: [ObjectHash: HashKeyMaterial] = [:]
  /// When it looks again for listings under an older key, and for those that name a closed one.
  var rehashDue: UInt64 = 0
  /// A roster that a planted mistake puts in force before it is on disk.
  var unkept: Membership?

  init(
    _ index: Int, card: MemberRecord, identity: SigningKey, key: SigningKey, sealing: SealingKey, file: Membership
  ) {
    self.card = card
    ownRecord = card
    self.sealing = sealing
    self.identity = identity
    machine = SimulatedNode(
      index, of: card.coalition, file: file, identity: identity, key: key, deltaChanges: 3, pageRows: 3)
  }

  var index: Int { machine.index }
  var coalition: CoalitionID { machine.coalition }
  var isUp: Bool { machine.isUp }
  /// Up to the roster in force here.
  var chain: RosterChain { isUp ? machine.membership.rosters : machine.file.rosters }
  var roster: Roster { chain.newest }
  var isMember: Bool { roster.member(coalition) != nil }
  var next: OpenRoster? { machine.process?.next }
  var known: Deliberation? { next?.deliberation }
  /// The identity key, if it is the one that the roster in force names.
  var elector: SigningKey? { identity.flatMap { roster.member(coalition)?.identityKey == $0.verifyingKey ? $0 : nil } }

  func head(of coalition: CoalitionID) -> HeadReference? { machine.disk.state.positions[coalition]?.head }

  var image: Image { Image(file: machine.file, said: said, ledger: machine.disk.image) }

  var nextDue: UInt64 { isUp ? min(machine.nextDue, forgetDue, rehashDue) : machine.nextDue }

  func crash() {
    unkept = nil
    machine.crash()
  }

  /// - Throws: `Problem` `tls-refused`: certificates of members of the roster in force are let in.
  func answer(to resource: PeerResource, from peer: CoalitionID, mayWait: Bool) throws -> Served? {
    guard roster.member(peer) != nil || planted(.removedStillServed) || planted(.newKeyToRemoved) else {
      return .unreadable(Problem("tls-refused", "no member of the roster in force"))
    }
    guard case .hashKey(let epoch) = resource else {
      return try machine.answer(to: resource, from: peer, mayWait: mayWait)
    }
    return try machine.raw(resource, from: peer, mayWait: mayWait, sealedKeys: sealed(epoch, to: peer))
      .map { try Served($0, to: resource) }
  }
}
