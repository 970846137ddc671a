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
    let (key, type, epoch) = try ledger.view { view in
      let digest = try Reference.resolve(reference, in: view)
      let key = StatementKey(.dispute, digest)
      if content == nil, try !view.lists(key, coalition: home.coalition) {
        throw Problem("not-disputed", "\(home.coalition) does not dispute this", object: reference)
      }
      let listing = try view.statements(on: digest).compactMap { held -> WireListing? in
        held.row.key.facet == .listing ? try? WireListing(serializedBytes: held.row.statement) : nil
      }.first
      guard let listing else {
        throw Problem("nothing-to-dispute", "no coalition lists this any more", object: reference)
      }
      return (key, listing.type, listing.keyEpoch)
    }
    try ledger.close()
    var item = Submission.Item.withdraw(key)
    if let content {
      guard content.caseReference.isEmpty || ContentRule.isCaseReference(content.caseReference) else {
        throw Problem("bad-field", "a case reference is 1 to 32 letters, digits, and . _ / -", object: "case reference")
      }
      var dispute = WireDispute()
      dispute.type = type
      dispute.keyEpoch = epoch
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
    return DisputeIndicator(
      reference: Reference.of(key), outcome: answer.accepted == 1 ? said : "unchanged", nodeRunning: door.isRunning)
  }
}
