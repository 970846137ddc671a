public import Alliance
internal import Ledger
public import Wire

/// One erasure on its way: what is removed goes at once, then every delta that could still tell of it.
///
/// A removal alone leaves key, salt and statement behind in the deltas of the window. So the erasing head raises the floor
/// to itself, and everyone drops what came before; its own delta still names the keys that it removes, so the next head
/// raises the floor past it, once every receipt has reached it. The note of all this never holds a key.
public struct Erasure: Sendable, Hashable {
  public enum Step: String, Sendable, Hashable, CaseIterable {
    /// The removals wait to be signed.
    case queued
    /// Signed; the erasing head's own delta still names what it removes.
    case erasing
    /// The floor is past the erasing head; some have yet to say that they have applied this.
    case clearing
    /// Every member's receipt is in.
    case erased
  }

  /// After so many milliseconds the floor is raised past the erasing head, whoever has not answered.
  public static let longestWait: UInt64 = 24 * 3_600_000
  /// So many milliseconds after its end the note itself goes.
  public static let keptAfterwards: UInt64 = 30 * 86_400_000

  public let id: Int64
  public var step: Step
  /// The last queued removal; 0 once it is signed.
  public var through: Int64
  /// The erasing head, then the head that raised the floor past it.
  public var epoch: UInt32
  public var index: UInt64
  /// When this step was reached, in milliseconds since 1970.
  public var at: UInt64

  public init(id: Int64, step: Step, through: Int64, epoch: UInt32 = 0, index: UInt64 = 0, at: UInt64) {
    self.id = id
    self.step = step
    self.through = through
    self.epoch = epoch
    self.index = index
    self.at = at
  }

  /// The members whose receipts have not reached this step's head.
  public func lacking(
    _ reader: some LedgerReading, coalition: CoalitionID, members: [CoalitionID]
  ) throws -> [CoalitionID] {
    let receipts = try reader.receipts().map(\.receipt)
    return try members.filter { $0 != coalition }.filter { member in
      guard step != .queued, let receipt = receipts.first(where: { $0.coalition == member }),
        let entry = receipt.entry(of: coalition), (entry.epoch, entry.index) >= (epoch, index)
      else { return true }
      return try reader.history(of: coalition, epoch: entry.epoch, from: entry.index, limit: 1).first != entry.headHash
    }
  }
}

extension Author {
  /// Whether the next head must raise the floor to itself: removals that it signs are to be erased, or the deltas of an
  /// erasing head may go.
  static func raisesFloor(
    _ erasures: [Erasure], through: Int64, reader: some LedgerReading, coalition: CoalitionID, members: [CoalitionID],
    now: UInt64
  ) throws -> Bool {
    try erasures.contains { erasure in
      switch erasure.step {
      case .queued: erasure.through <= through
      case .erasing where planted(.floorNotRaisedPast): false
      case .erasing:
        try erasure.at &+ Erasure.longestWait <= now
          || erasure.lacking(reader, coalition: coalition, members: members).isEmpty
      case .clearing, .erased: false
      }
    }
  }

  /// What published heads make of the erasures.
  static func advance(
    _ erasures: [Erasure], through: Int64, floor: (UInt32, UInt64), last: HeadReference, at now: UInt64
  ) -> [Erasure] {
    erasures.map { erasure in
      var erasure = erasure
      switch erasure.step {
      case .queued where erasure.through <= through: (erasure.step, erasure.through) = (.erasing, 0)
      case .erasing where (erasure.epoch, erasure.index) < floor: erasure.step = .clearing
      default: return erasure
      }
      (erasure.epoch, erasure.index, erasure.at) = (last.epoch, last.index, now)
      return erasure
    }
  }

  /// Notes which erasures have ended, and forgets old notes.
  /// - Returns: whether a head is needed now, and whether any erasure is still open.
  public func settleErasures(
    in database: some LedgerDatabase, membership: Membership, now: UInt64
  ) throws -> (needsHead: Bool, areOpen: Bool) {
    let members = membership.roster.coalitions
    let (before, after, needsHead) = try database.read { reader in
      let before = try reader.erasures()
      let after = try before.compactMap { erasure -> Erasure? in
        if erasure.step == .erased { return erasure.at &+ Erasure.keptAfterwards <= now ? nil : erasure }
        guard erasure.step == .clearing || planted(.floorNotRaisedPast),
          try planted(.erasedTooEarly) || erasure.lacking(reader, coalition: coalition, members: members).isEmpty
        else { return erasure }
        var erased = erasure
        (erased.step, erased.at) = (.erased, now)
        return erased
      }
      let needsHead = try Self.raisesFloor(
        after, through: .max, reader: reader, coalition: coalition, members: members, now: now)
      return (before, after, needsHead)
    }
    if before != after { try database.write { try $0.save(after) } }
    return (needsHead, after.contains { $0.step != .erased })
  }
}
