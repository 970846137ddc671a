public import Wire

/// The merged view of one indicator: a pure fold over all coalitions' live statements on its digest. The same inputs give the
/// same verdict on every node, in any order, however often they come.
public struct Verdict: Sendable, Hashable {
  public enum Status: Sendable, Hashable, CustomStringConvertible {
    case singleSource
    /// By so many distinct coalitions.
    case corroborated(Int)
    /// By so many, one of which names a source that has seen the matter.
    case confirmed(Int)
    /// A coalition disputes it, and the dispute is open or upheld.
    case disputed
    /// No listing holds today.
    case expired

    public var description: String {
      switch self {
      case .singleSource: "single-source"
      case .corroborated(let count): "corroborated(\(count))"
      case .confirmed(let count): "confirmed(\(count))"
      case .disputed: "disputed"
      case .expired: "expired"
      }
    }
  }

  /// Whether a listing counts on the day of the verdict.
  public enum Standing: Sendable, Hashable { case counts, notYet, past, forked }

  public let status: Status
  /// The most that a bank may do by itself.
  public let ceiling: Action
  /// The rule of the policy that gives the ceiling; nil for `monitor`, which needs none.
  public let rule: Policy.Rule?
  /// What lowered the ceiling below that of the rule, if anything did.
  public let limit: Limit?
  /// What this node's guards found, whether or not it lowered the ceiling.
  public let finding: GuardFinding?
  /// Coalitions whose listing counts (for `expired`: whose listing would have), sorted.
  public let coalitions: [CoalitionID]
  public let reasons: [WireReason]
  /// The strictest handling of the listings that count.
  public let handling: WireHandling
  /// The highest confidence that one of them states.
  public let confidence: UInt32?
  /// The last day on which any of them holds, UTC days since 1970.
  public let validUntil: UInt32
  /// First and last day on which the indicator was seen in use, as far as anyone says.
  public let observedFrom: UInt32?
  public let observedUntil: UInt32?
  /// Coalitions that counted members' hits, and the newest month in which they did, in months since 1970.
  public let sightedBy: [CoalitionID]
  public let lastSighted: UInt32?
  /// Disputes that are open or upheld, sorted by coalition.
  public let disputedBy: [CoalitionID]
  /// Every listing and how it stands, sorted by coalition.
  public let listings: [Listing]

  public struct Listing: Sendable, Hashable {
    public let coalition: CoalitionID
    public let listing: WireListing
    public let standing: Standing
  }

  public enum Limit: Sendable, Hashable {
    case dispute, type
    case guarded(GuardFinding)
  }

  /// One coalition's statement, as the fold sees it.
  public struct Source: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
      case listing(WireListing)
      case sighting(WireSighting)
      case dispute(WireDispute)
    }

    public let coalition: CoalitionID
    public let content: Content
    /// Whether the coalition signed two histories: what it says is shown, and counts for nothing.
    public let isForked: Bool

    public init(coalition: CoalitionID, content: Content, isForked: Bool = false) {
      self.coalition = coalition
      self.content = content
      self.isForked = isForked
    }
  }

  /// Folds the statements on one digest; nil if no listing is among them.
  ///
  /// A listing counts from its valid-from to its valid-until day, both inclusive. An open or upheld dispute leaves `monitor`,
  /// whatever the policy says, and so does what this node's guards found; the status stays what the statements say.
  /// - Parameters:
  ///   - today: UTC days since 1970.
  ///   - guardedBy: what the guards found on this digest.
  public static func fold(
    _ sources: some Sequence<Source>, today: UInt32, policy: Policy, guardedBy finding: GuardFinding? = nil
  ) -> Verdict? {
    let gathered = Gathered(sources, today: today)
    guard !gathered.listings.isEmpty else { return nil }
    let live = gathered.listings.filter { $0.standing == .counts }
    let counted = live.isEmpty ? gathered.listings : live
    let disputed = !gathered.disputedBy.isEmpty
    let rule = policy.highestRule(met: live)
    let typeCeiling = counted.compactMap { policy.typeCeilings[CodeName.of($0.listing.type)] }.min()
    var (ceiling, limit): (Action, Limit?) = (rule?.action ?? .monitor, nil)
    if let typeCeiling, typeCeiling < ceiling { (ceiling, limit) = (typeCeiling, .type) }
    if disputed, ceiling > .monitor { (ceiling, limit) = (.monitor, .dispute) }
    if let finding, ceiling > .monitor { (ceiling, limit) = (.monitor, .guarded(finding)) }
    return Verdict(
      status: live.isEmpty ? .expired : disputed ? .disputed : policy.status(of: live), ceiling: ceiling, rule: rule,
      limit: limit, finding: finding, coalitions: distinct(counted),
      reasons: Set(counted.map(\.listing.reason)).sorted { $0.rawValue < $1.rawValue },
      handling: counted.map(\.listing.handling).max { $0.rawValue < $1.rawValue } ?? .green,
      confidence: counted.filter(\.listing.hasConfidence).map(\.listing.confidence).max(),
      validUntil: counted.map(\.listing.validUntil).max() ?? 0,
      observedFrom: counted.map(\.listing.observedFrom).filter { $0 > 0 }.min(),
      observedUntil: counted.map(\.listing.observedUntil).filter { $0 > 0 }.max(),
      sightedBy: gathered.sightedBy.sorted(), lastSighted: gathered.lastSighted,
      disputedBy: gathered.disputedBy.sorted(), listings: gathered.listings)
  }

  static func distinct(_ listings: [Listing]) -> [CoalitionID] { Set(listings.map(\.coalition)).sorted() }
}
