internal import Alliance
internal import Indicators
internal import Ledger
internal import Replication
internal import Store
public import Wire

/// `vaka indicator erase`: our own listings go, and with them every delta that could still tell of them, on every node.
public struct EraseIndicators: Sendable, Codable {
  public let references: [String]
  /// The number of this erasure, by which `ErasureProgress` is asked.
  public let erasure: Int64
  public let nodeRunning: Bool

  /// - Parameter references: of our listings; the whole digest also of what was withdrawn before, and may stand in
  /// deltas yet.
  /// - Throws: `Problem` `not-ours`, or as `Reference.resolve`; then nothing is erased.
  public static func run(_ home: NodeHome, references: [String]) throws -> EraseIndicators {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    let keys = try ledger.view { view in
      try references.map { reference in
        // What nobody lists any more can only be named whole.
        if let digest = IndicatorDigest(hex: reference.lowercased()), try view.statements(on: digest).isEmpty {
          return StatementKey(.listing, digest)
        }
        let digest = try Reference.resolve(reference, in: view)
        guard let key = try view.ownKey(.listing, on: digest, coalition: home.coalition) else {
          throw Problem(
            "not-ours", "\(home.coalition) does not list this; only its own coalition can erase a listing",
            object: reference, next: "ask the coalition that lists it: vaka indicator show \(reference)")
        }
        return key
      }
    }
    try ledger.close()
    let door = try NodeDoor(home)
    let answer = try door.submit(Submission(items: Set(keys).sorted().map { .withdraw($0) }, erases: true))
    guard let erasure = answer.erasure else {
      throw Problem(
        "unknown-operation", "the running node is of a version that cannot erase; the listings are withdrawn",
        next: "restart it with this version of vaka, then erase again by the whole digest")
    }
    return EraseIndicators(
      references: Set(keys).sorted().map { Reference.of($0) }, erasure: erasure, nodeRunning: door.isRunning)
  }
}

/// How far an erasure is, by the receipts that are in; without a key, because by then nobody has it.
public struct ErasureProgress: Sendable, Codable {
  public let erasure: Int64
  /// `queued`, `erasing`, `clearing` or `erased`.
  public let step: String
  /// The head that everyone must have applied for this step, such as 1/12; nil until it is signed.
  public let head: String?
  /// When this step was reached.
  public let at: String
  public let lacking: [CoalitionID]

  /// All that are under way, and those that ended in the last 30 days, oldest first.
  public static func all(_ home: NodeHome) throws -> [ErasureProgress] {
    let ledger = try LedgerStore.openReadOnly(home.folder.ledger)
    defer { try? ledger.close() }
    let members = try home.requireMembership().roster.coalitions
    return try ledger.view { try all($0, home.coalition, members) }
  }

  static func all(
    _ view: LedgerView, _ coalition: CoalitionID, _ members: [CoalitionID]
  ) throws -> [ErasureProgress] {
    try view.erasures().map { erasure in
      ErasureProgress(
        erasure: erasure.id, step: erasure.step.rawValue,
        head: erasure.step == .queued ? nil : "\(erasure.epoch)/\(erasure.index)", at: Moment.text(erasure.at),
        lacking: erasure.step == .erased ? [] : try erasure.lacking(view, coalition: coalition, members: members))
    }
  }
}
