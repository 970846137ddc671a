import Seeded
import Testing
import Verdicts
import Wire

/// Statements on one digest, as coalitions could make them.
struct Statements {
  static let today: UInt32 = 20_000
  static let coalitions = ["at", "de", "fi", "no", "se"]

  static func listing(
    _ coalition: String, from: UInt32 = today - 10, until: UInt32 = today + 10,
    provenance: WireProvenance = .openSource,
    action: WireAction = .unspecified, confidence: UInt32? = nil, type: WireIndicatorType = .iban
  ) throws -> Verdict.Source {
    var listing = WireListing()
    listing.type = type
    listing.reason = .sanctionsList
    listing.provenance = provenance
    listing.handling = .green
    listing.validFrom = from
    listing.validUntil = until
    listing.permittedAction = action
    if let confidence { listing.confidence = confidence }
    return Verdict.Source(coalition: try id(coalition), content: .listing(listing))
  }

  static func dispute(_ coalition: String, _ outcome: WireDisputeOutcome = .unspecified) throws -> Verdict.Source {
    var dispute = WireDispute()
    dispute.ground = .sharedIdentifier
    dispute.outcome = outcome
    return Verdict.Source(coalition: try id(coalition), content: .dispute(dispute))
  }

  static func sighting(_ coalition: String, month: UInt32) throws -> Verdict.Source {
    var sighting = WireSighting()
    var one = WireSightingMonth()
    one.month = month
    one.bucket = .sightingBucket1To9
    sighting.months = [one]
    return Verdict.Source(coalition: try id(coalition), content: .sighting(sighting))
  }

  private static func id(_ text: String) throws -> CoalitionID { try #require(CoalitionID(text)) }

  /// Anything that coalitions could say, each at most one statement of a kind.
  static func random(_ random: inout SeededRandom) throws -> [Verdict.Source] {
    var sources: [Verdict.Source] = []
    for coalition in coalitions {
      if !random.happens(oneIn: 3) {
        let from = today - 20 + UInt32(random.below(30))
        sources.append(
          try listing(
            coalition, from: from, until: from + UInt32(random.below(30)),
            provenance: WireProvenance(rawValue: Int(random.below(6)) + 1) ?? .police,
            action: WireAction(rawValue: Int(random.below(5))) ?? .unspecified,
            confidence: random.happens(oneIn: 3) ? nil : UInt32(random.below(101)),
            type: random.happens(oneIn: 4) ? .merchantDescriptor : .iban))
      }
      if random.happens(oneIn: 8) {
        sources.append(
          try dispute(coalition, WireDisputeOutcome(rawValue: Int(random.below(3))) ?? .unspecified))
      }
      if random.happens(oneIn: 4) { sources.append(try sighting(coalition, month: 600 + UInt32(random.below(60)))) }
    }
    return sources
  }
}
