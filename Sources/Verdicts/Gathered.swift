internal import Foundation
internal import SwiftProtobuf
internal import Wire

/// The statements on one digest, each once and in one order, whatever order they came in.
struct Gathered {
  private(set) var listings: [Verdict.Listing] = []
  private(set) var disputedBy: Set<CoalitionID> = []
  private(set) var sightedBy: Set<CoalitionID> = []
  private(set) var lastSighted: UInt32?

  init(_ sources: some Sequence<Verdict.Source>, today: UInt32) {
    for source in Set(sources) {
      switch source.content {
      case .listing(let listing):
        let standing: Verdict.Standing =
          source.isForked ? .forked : today < listing.validFrom ? .notYet : today > listing.validUntil ? .past : .counts
        listings.append(Verdict.Listing(coalition: source.coalition, listing: listing, standing: standing))
      case .sighting(let sighting):
        guard !source.isForked, let newest = sighting.months.map(\.month).max() else { continue }
        sightedBy.insert(source.coalition)
        lastSighted = max(newest, lastSighted ?? 0)
      case .dispute(let dispute):
        if dispute.outcome != .rejected, !source.isForked { disputedBy.insert(source.coalition) }
      }
    }
    // Coalitions say one thing each; should one ever say two, their bytes decide the order.
    listings.sort { left, right in
      if left.coalition != right.coalition { return left.coalition < right.coalition }
      return Self.bytes(left.listing).lexicographicallyPrecedes(Self.bytes(right.listing))
    }
  }

  private static func bytes(_ listing: WireListing) -> Data { (try? listing.serializedData()) ?? Data() }
}
