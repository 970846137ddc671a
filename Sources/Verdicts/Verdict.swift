internal import Ledger
internal import SwiftProtobuf
public import Wire

/// The merged view of one indicator: a pure fold over all coalitions' live listings on its digest. The same inputs give
/// the same verdict on every node, in any order, however often they come.
public struct Verdict: Sendable, Hashable {
  public enum Status: Sendable, Hashable, CustomStringConvertible {
    case singleSource
    /// By so many distinct coalitions.
    case corroborated(Int)
    /// Every listing is past its last day.
    case expired

    public var description: String {
      switch self {
      case .singleSource: "single-source"
      case .corroborated(let count): "corroborated(\(count))"
      case .expired: "expired"
      }
    }
  }

  /// What a bank may at most do on this verdict by itself. A person decides; the node only advises.
  public enum Ceiling: String, Sendable, Hashable, Codable, CaseIterable { case monitor, review }

  public let status: Status
  public let ceiling: Ceiling
  /// Coalitions whose listing counts (for `expired`: whose listing would have), sorted.
  public let coalitions: [CoalitionID]
  public let reasons: [WireReason]
  /// The strictest handling of the listings that count.
  public let handling: WireHandling
  /// The last day on which any of them holds, UTC days since 1970.
  public let validUntil: UInt32

  /// One coalition's listing, as the fold sees it.
  public struct Source: Sendable, Hashable {
    public let coalition: CoalitionID
    public let listing: WireListing

    public init(coalition: CoalitionID, listing: WireListing) {
      self.coalition = coalition
      self.listing = listing
    }
  }

  /// Folds the listings of one digest; nil if there are none.
  ///
  /// A listing counts from its valid-from to its valid-until day, both inclusive. The built-in rule for the ceiling: one
  /// coalition alone leads to `monitor`, two or more to `review`, and no listing that permits less than review counts
  /// towards it.
  /// - Parameter today: UTC days since 1970.
  public static func fold(_ sources: some Sequence<Source>, today: UInt32) -> Verdict? {
    let all = Set(sources)
    guard !all.isEmpty else { return nil }
    let live = all.filter { $0.listing.validFrom <= today && today <= $0.listing.validUntil }
    let counted = live.isEmpty ? all : live
    let coalitions = Set(counted.map(\.coalition)).sorted()
    let status: Status =
      live.isEmpty ? .expired : coalitions.count == 1 ? .singleSource : .corroborated(coalitions.count)
    let forReview = Set(live.filter { $0.listing.permittedAction != .monitor }.map(\.coalition))
    return Verdict(
      status: status, ceiling: forReview.count >= 2 ? .review : .monitor, coalitions: coalitions,
      reasons: Set(counted.map(\.listing.reason)).sorted { $0.rawValue < $1.rawValue },
      handling: counted.map(\.listing.handling).max { $0.rawValue < $1.rawValue } ?? .green,
      validUntil: counted.map(\.listing.validUntil).max() ?? 0)
  }
}
