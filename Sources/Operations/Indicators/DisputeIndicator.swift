internal import FoundationEssentials
internal import Indicators
internal import Ledger
internal import Store
internal import SwiftProtobuf
public import Wire

/// `vaka indicator dispute`: this coalition says that a listing, its own or another's, may be wrong. While the dispute is open or
/// upheld, nothing more than monitoring follows anywhere.
public struct DisputeIndicator: Sendable, Codable {
  public let reference: String
  /// `disputed`, `rejected`, `upheld` or `withdrawn`, or `unchanged`.
  public let outcome: String
  public let nodeRunning: Bool

  /// What is said.
  public struct Content: Sendable {
    public let ground: WireDisputeGround
    /// Unspecified while it is open.
    public let outcome: WireDisputeOutcome
    /// The day by which the listing coalition should answer, UTC days since 1970.
    public let deadline: UInt32?
    public let caseReference: String

    public init(
      ground: WireDisputeGround, outcome: WireDisputeOutcome, deadline: UInt32?, caseReference: String
    ) {
      self.ground = ground
      self.outcome = outcome
      self.deadline = deadline
      self.caseReference = caseReference
    }
  }

  /// Days that a listing coalition has to answer, if nothing else is said.
  private static let standardDeadlineDays: UInt32 = 14

  /// - Parameters:
  ///   - content: nil withdraws our dispute.
  ///   - today: UTC days since 1970.
  /// - Throws: `Problem` as `Reference.resolve`; `nothing-to-dispute`, `not-disputed`, `bad-field`.
  public static func run(
    _ home: NodeHome, reference: String, content: Content?, today: UInt32
  ) throws -> DisputeIndicator {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    let (key, disputed) = try ledger.view { view in
      let digest = try Reference.resolve(reference, in: view)
      let ours = try view.ownKey(.dispute, on: digest, coalition: home.coalition)
      if content == nil {
        guard let ours, try view.lists(ours, coalition: home.coalition) else {
          throw Problem("not-disputed", "\(home.coalition) does not dispute this", object: reference)
        }
        return (ours, WireDispute())
      }
      let listings = try view.statements(on: digest).filter { $0.row.key.facet == .listing }
      guard let disputed = Self.disputed(listings) else {
        throw Problem("nothing-to-dispute", "no coalition lists this any more", object: reference)
      }
      guard let ours, let said = try view.row(of: home.coalition, key: ours),
        let before = try? WireDispute(serializedBytes: said.statement)
      else { return (StatementKey(.dispute, disputed.digest), disputed.content) }
      return (ours, before)
    }
    try ledger.close()
    var item = Submission.Item.withdraw(key)
    if let content {
      guard content.caseReference.isEmpty || ContentRule.isCaseReference(content.caseReference) else {
        throw Problem("bad-field", "a case reference is 1 to 32 letters, digits, and . _ / -", object: "case reference")
      }
      var dispute = disputed
      dispute.ground = content.ground
      dispute.outcome = content.outcome
      dispute.deadline = content.deadline ?? today + standardDeadlineDays
      dispute.caseReference = content.caseReference
      item = .state(key, statement: try dispute.serializedBytes())
    }
    let door = try NodeDoor(home)
    let answer = try door.submit(Submission(items: [item]))
    let said =
      switch content?.outcome {
      case nil: "withdrawn"
      case .upheld: "upheld"
      case .rejected: "rejected"
      default: "disputed"
      }
    let row = Row(key: key, salt: [], statement: item.statement ?? [])
    return DisputeIndicator(
      reference: Reference.of(row), outcome: answer.accepted == 1 ? said : "unchanged", nodeRunning: door.isRunning)
  }

  /// What is disputed of listings on one indicator: the digest under the newest hash key, which most give, with the one before.
  private static func disputed(_ listings: [HeldStatement]) -> (digest: IndicatorDigest, content: WireDispute)? {
    var places: [IndicatorDigest: (coalitions: Int, content: WireDispute)] = [:]
    for held in listings {
      guard let digest = held.row.key.digest, let listing = try? WireListing(serializedBytes: held.row.statement)
      else { continue }
      var content = WireDispute()
      (content.type, content.keyEpoch) = (listing.type, listing.keyEpoch)
      if let previous = held.previous {
        (content.previousDigest, content.previousKeyEpoch) = (Data(previous.digest.bytes), previous.keyEpoch)
      }
      places[digest, default: (0, content)].coalitions += 1
    }
    return places.max { left, right in
      (left.value.content.keyEpoch, left.value.coalitions, right.key)
        < (right.value.content.keyEpoch, right.value.coalitions, left.key)
    }.map { ($0.key, $0.value.content) }
  }
}
